"""Real servers on this machine, filled by the tests through their own ways in."""

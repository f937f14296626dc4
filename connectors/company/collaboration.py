"""What the made-up company adds for who turns to whom, asks, answers and learns together."""

from __future__ import annotations

from connectors.company.adding import Adds

ADDS: Adds = {}

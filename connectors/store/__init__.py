"""Where facts and memories are kept."""

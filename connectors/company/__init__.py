"""A made-up company: what its systems would hand out, the same for the same seed, size and day."""

"""One file per indicator; each registers its indicator when it is imported."""

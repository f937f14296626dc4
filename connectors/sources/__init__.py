"""One file per vendor; each registers the source it defines when it is imported."""

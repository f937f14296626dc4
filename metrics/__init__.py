"""The thinking: pure functions over polars; no network, no disk, no screen, no clock."""

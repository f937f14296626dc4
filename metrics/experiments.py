"""What the indicators of experiments mean by an outcome."""

from __future__ import annotations

import polars as pl

OUTCOMES = ("supported", "not supported", "inconclusive")


def finished(tickets: pl.LazyFrame) -> pl.LazyFrame:
    """Experiments that ended with an outcome, with `ended`."""
    ended = pl.coalesce("resolved", "closed")
    tried = tickets.filter(pl.col("kind") == "experiment", ended.is_not_null(), pl.col("outcome").is_in(OUTCOMES))
    return tried.with_columns(ended=ended)

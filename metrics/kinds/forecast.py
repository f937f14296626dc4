"""Forecasts: how many of so many things are expected to happen, and how many will when they come one by one."""

from __future__ import annotations

import polars as pl

from metrics.kinds.kind import KEYS, PLACE, Z95, Kind, whole


def gather(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows carry a `chance` each, and `asked` 1; those that only say who is there ask nothing."""
    chance = pl.col("chance").cast(pl.Float64)
    return rows.group_by(PLACE).agg(expected=chance.sum(), doubt=(chance * (1 - chance)).sum(), asked=whole("asked"))


def read(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """The share expected, with the range in which the share that comes will likely lie (chances taken one by one)."""
    expected, asked = pl.col("expected"), pl.col("asked")
    half = Z95 * pl.col("doubt").clip(0).sqrt() / asked
    known = pl.when(asked > 0)
    value = expected / asked
    return evidence.select(
        *KEYS, value=known.then(value), low=known.then((value - half).clip(0, 1)),
        high=known.then((value + half).clip(0, 1)), n=asked, sd=pl.lit(None, pl.Float64),
    )  # fmt: skip


TAKES = {"chance": pl.Float64(), "asked": pl.Int64()}
KIND = Kind("forecast", TAKES, ("expected", "doubt", "asked"), gather, read, factor=100.0, spans=True, stated=True)

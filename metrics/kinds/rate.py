"""Rates: how many events came of how much exposure, such as questions per person and week, read as Poisson counts."""

from __future__ import annotations

import polars as pl
from scipy.special import chdtri

from metrics.kinds.kind import KEYS, PLACE, Kind, whole


def gather(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows carry `events` and `exposure`; those that only were there carry no event."""
    return rows.group_by(PLACE).agg(whole("events"), pl.col("exposure").cast(pl.Float64).sum())


def read(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """Events per unit of exposure with the exact interval of a Poisson count (Garwood 1936); `n` is the events."""
    events, exposure = pl.col("events"), pl.col("exposure")
    known = pl.when(exposure > 0)
    low = pl.when(events > 0).then(events.map_batches(lambda n: _bound(n, 0.975, 0), return_dtype=pl.Float64))
    high = events.map_batches(lambda n: _bound(n, 0.025, 2), return_dtype=pl.Float64)
    return evidence.select(
        *KEYS, value=known.then(events / exposure), low=known.then(low.fill_null(0.0) / exposure),
        high=known.then(high / exposure), n=events, sd=pl.lit(None, pl.Float64),
    )  # fmt: skip


def _bound(events: pl.Series, upper: float, more: int) -> pl.Series:
    """Half a chi-square quantile with twice the events (and `more`) degrees of freedom."""
    return pl.Series(chdtri(2.0 * events.to_numpy() + more, upper) / 2)


TAKES = {"events": pl.Int64(), "exposure": pl.Float64()}
KIND = Kind("rate", TAKES, ("events", "exposure"), gather, read, factor=100.0)

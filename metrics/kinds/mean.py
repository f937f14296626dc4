"""Means of amounts: how much in all over how many, read with Student's interval."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.special import stdtrit

from metrics.kinds.kind import KEYS, PLACE, Kind


def gather(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows carry one amount each, in `total`; one that is null is no event."""
    amount = pl.col("total").cast(pl.Float64)
    known = rows.filter(amount.is_not_null())
    return known.group_by(PLACE).agg(amount.sum(), squares=(amount**2).sum(), count=pl.len().cast(pl.Int64))


def spread(total: pl.Expr, squares: pl.Expr, count: pl.Expr) -> pl.Expr:
    """The standard deviation of one event, from sums; null where fewer than two are known."""
    return pl.when(count > 1).then(((squares - total**2 / count).clip(0) / (count - 1)).sqrt())


def student(count: pl.Expr, level: float = 0.95) -> pl.Expr:
    """By how many standard errors Student's interval reaches from a mean of so many events; null below two."""

    def points(counts: pl.Series) -> pl.Series:
        return pl.Series(stdtrit(np.maximum(counts.to_numpy() - 1, 1), 0.5 + level / 2))

    return pl.when(count > 1).then(count.fill_null(0).map_batches(points, return_dtype=pl.Float64))


def read(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    total, squares, count = pl.col("total"), pl.col("squares"), pl.col("count")
    value = pl.when(count > 0).then(total / count)
    sd = spread(total, squares, count)
    half = student(count) * sd / count.sqrt()
    return evidence.select(*KEYS, value=value, low=value - half, high=value + half, n=count, sd=sd)


KIND = Kind("mean", {"total": pl.Float64()}, ("total", "squares", "count"), gather, read)

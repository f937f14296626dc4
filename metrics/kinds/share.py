"""Shares: so many of so many, read as a rate with Wilson's interval."""

from __future__ import annotations

import polars as pl

from metrics.kinds.kind import KEYS, PLACE, Kind, whole, wilson


def gather(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.group_by(PLACE).agg(whole("part"), whole("whole"))


def read(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    part, all_ = pl.col("part"), pl.col("whole")
    low, high = wilson(part, all_)
    rate = pl.when(all_ > 0).then(part / all_)
    return evidence.select(*KEYS, value=rate, low=low, high=high, n=all_, sd=pl.lit(None, pl.Float64))


KIND = Kind("share", {"part": pl.Int64(), "whole": pl.Int64()}, ("part", "whole"), gather, read, factor=100.0)

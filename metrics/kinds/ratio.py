"""Ratios: so much of what was there to use, such as hours; amounts and not events, so without an interval."""

from __future__ import annotations

import polars as pl

from metrics.kinds.kind import KEYS, PLACE, Kind, whole


def gather(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows carry an amount used in `part` and one allotted in `whole`; `periods` says how many entries they are."""
    return rows.group_by(PLACE).agg(
        used=pl.col("part").cast(pl.Float64).sum(), allotted=pl.col("whole").cast(pl.Float64).sum(),
        periods=whole("periods"),
    )  # fmt: skip


def read(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """Used of allotted; `n` is what was allotted, in whole units."""
    used, allotted = pl.col("used"), pl.col("allotted")
    none = pl.lit(None, pl.Float64)
    value = pl.when(allotted > 0).then(used / allotted)
    return evidence.select(*KEYS, value=value, low=none, high=none, n=allotted.round().cast(pl.Int64), sd=none)


TAKES = {"part": pl.Float64(), "whole": pl.Float64(), "periods": pl.Int64()}
KIND = Kind("ratio", TAKES, ("used", "allotted", "periods"), gather, read, factor=100.0)

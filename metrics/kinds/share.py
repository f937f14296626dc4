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


def gather_covered(rows: pl.LazyFrame) -> pl.LazyFrame:
    """`of` are all there are, `whole` those of whom anything is known, `part` those that are so."""
    return rows.group_by(PLACE).agg(whole("part"), whole("whole"), whole("of"))


def read_covered(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """A share that is unknown where less than `target` (0 to 1) of all there are can be told."""
    told = pl.when(pl.col("whole") >= target * pl.col("of"))
    found = read(evidence, target).join(evidence.select(*KEYS, "whole", "of"), on=KEYS, how="left")
    shown = (told.then(name).alias(name) for name in ("value", "low", "high"))
    return found.with_columns(shown).drop("whole", "of")


COVERED = Kind(
    "covered", {"part": pl.Int64(), "whole": pl.Int64(), "of": pl.Int64()}, ("part", "whole", "of"), gather_covered,
    read_covered, factor=100.0,
)  # fmt: skip

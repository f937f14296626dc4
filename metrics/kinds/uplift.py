"""Uplift: how much more often something happens where it was suggested than where it was drawn by lot."""

from __future__ import annotations

import polars as pl

from metrics.kinds.kind import KEYS, PLACE, Kind, whole, wilson


def gather(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows are suggestions: `explored` (drawn by lot) or not, and whether it `worked`."""
    by_lot, worked = pl.col("explored").cast(pl.Int64), pl.col("worked").cast(pl.Int64)
    rows = rows.with_columns(
        lot=by_lot, lot_worked=by_lot * worked, chosen=1 - by_lot, chosen_worked=(1 - by_lot) * worked
    )
    return rows.group_by(PLACE).agg(whole("lot"), whole("lot_worked"), whole("chosen"), whole("chosen_worked"))


def read(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """The difference of the two shares with Newcombe's hybrid score interval (1998, method 10); `n` is all of them."""
    one, two = pl.col("chosen_worked") / pl.col("chosen"), pl.col("lot_worked") / pl.col("lot")
    low1, high1 = wilson(pl.col("chosen_worked"), pl.col("chosen"))
    low2, high2 = wilson(pl.col("lot_worked"), pl.col("lot"))
    known = pl.when((pl.col("chosen") > 0) & (pl.col("lot") > 0))
    difference = one - two
    low = difference - ((one - low1) ** 2 + (high2 - two) ** 2).sqrt()
    high = difference + ((high1 - one) ** 2 + (two - low2) ** 2).sqrt()
    return evidence.select(
        *KEYS, value=known.then(difference), low=known.then(low), high=known.then(high),
        n=pl.col("chosen") + pl.col("lot"), sd=pl.lit(None, pl.Float64),
    )  # fmt: skip


TAKES = {"explored": pl.Boolean(), "worked": pl.Boolean()}
KIND = Kind("uplift", TAKES, ("lot", "lot_worked", "chosen", "chosen_worked"), gather, read, factor=100.0)

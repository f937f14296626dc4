"""Waiting that may end two ways: how many got there, where others left before they could (Aalen & Johansen 1978)."""

from __future__ import annotations

import polars as pl

from metrics.kinds.kind import KEYS, PLACE, Z95, Kind, whole

BEFORE = pl.col("surviving").shift(1, fill_value=1.0)


def ages(age: pl.Expr, done: pl.Expr, left: pl.Expr, target: float) -> dict[str, pl.Expr]:
    """The columns of a row: its age in whole units, and whether it was done, left or still waiting by then."""
    done_in_time, left_in_time = done & (age <= target), left & ~done & (age <= target)
    ended = done_in_time | left_in_time
    bucket = pl.when(ended).then(age.ceil()).otherwise(pl.min_horizontal(age.floor(), pl.lit(target)))
    counts = {"done": done_in_time, "left": left_in_time, "waiting": ~ended}
    return {"bucket": bucket.cast(pl.Int64)} | {name: flag.cast(pl.Int64) for name, flag in counts.items()}


def gather(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.group_by(*PLACE, "bucket").agg(whole("done"), whole("left"), whole("waiting"))


def read(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """The share done by the target among all who began, those who left counted as never done.

    The interval is that of the log-log transform with the variance of Aalen's estimator; null where nobody was
    followed that long, and without ends where none or all were done.
    """
    ended = pl.col("done") + pl.col("left")
    everyone = ended + pl.col("waiting")
    steps = evidence.filter(pl.col("bucket") <= target).sort(*KEYS, "bucket").with_columns(
        risk=everyone.cum_sum(reverse=True).over(KEYS).cast(pl.Float64), all=ended.cast(pl.Float64)
    )  # fmt: skip
    steps = steps.with_columns(surviving=(1 - pl.col("all") / pl.col("risk")).cum_prod().over(KEYS))
    before = pl.col("surviving").shift(1).over(KEYS).fill_null(1.0)
    steps = steps.with_columns(before=before, rise=before * pl.col("done") / pl.col("risk"))
    steps = steps.with_columns(upto=pl.col("rise").cum_sum().over(KEYS)).with_columns(
        end=pl.col("upto").last().over(KEYS)
    )
    ahead, many, risk = pl.col("end") - pl.col("upto"), pl.col("all"), pl.col("risk")
    hazard = pl.when(risk > many).then(many / (risk * (risk - many))).otherwise(0.0)
    own = pl.col("before") ** 2 * pl.col("done") * (risk - pl.col("done")) / risk**3
    crossed = pl.col("before") * pl.col("done") / risk**2
    variance = (ahead**2 * hazard + own - 2 * ahead * crossed).sum().clip(0)
    follow = (everyone.filter(pl.col("bucket") >= target)).sum()
    whole_ = evidence.group_by(KEYS).agg(n=everyone.sum(), followed=follow)
    found = steps.group_by(KEYS).agg(value=pl.col("end").last(), variance=variance, left=pl.col("surviving").last())
    value = pl.col("value")
    inside = value.is_between(0, 1, closed="none")
    power = (Z95 * pl.col("variance").sqrt() / (value * -value.log())).exp()
    known = pl.when((pl.col("followed") > 0) | (pl.col("left") <= 0))
    return whole_.join(found, on=KEYS, how="left").select(
        *KEYS, "n", value=known.then(value.fill_null(0.0)), low=known.then(pl.when(inside).then(value**power)),
        high=known.then(pl.when(inside).then(value ** (1 / power))), sd=pl.lit(None, pl.Float64),
    )  # fmt: skip


TAKES = {"bucket": pl.Int64(), "done": pl.Int64(), "left": pl.Int64(), "waiting": pl.Int64()}
KIND = Kind("competing", TAKES, ("done", "left", "waiting"), gather, read, apart=("bucket",), factor=100.0)

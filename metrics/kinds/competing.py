"""Waiting that may end two ways: how many got there, where others left before they could (Aalen & Johansen 1978)."""

from __future__ import annotations

import polars as pl

from metrics.kinds.kind import KEYS, PLACE, Z95, Kind, whole


def ages(age: pl.Expr, done: pl.Expr, left: pl.Expr, target: float) -> dict[str, pl.Expr]:
    """The columns of a row: its age in whole units, and whether it was done, left or still waiting by then."""
    done_in_time, left_in_time = done & (age <= target), left & ~done & (age <= target)
    ended = done_in_time | left_in_time
    bucket = pl.when(ended).then(age.ceil()).otherwise(pl.min_horizontal(age.floor(), pl.lit(target)))
    counts = {"done": done_in_time, "left": left_in_time, "waiting": ~ended}
    return {"bucket": bucket.cast(pl.Int64)} | {name: flag.cast(pl.Int64) for name, flag in counts.items()}


def gather(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.group_by(*PLACE, "bucket").agg(whole("done"), whole("left"), whole("waiting"))


ENDED = pl.col("done") + pl.col("left")
EVERYONE = ENDED + pl.col("waiting")


def incidence(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """The evidence up to the target by age, with the share of all who began that was done by then, `upto`."""
    steps = evidence.sort(*KEYS, "bucket").with_columns(
        risk=EVERYONE.cum_sum(reverse=True).over(KEYS).cast(pl.Float64), all=ENDED.cast(pl.Float64)
    )
    steps = steps.filter(pl.col("bucket") <= target).with_columns(
        surviving=(1 - pl.col("all") / pl.col("risk")).cum_prod().over(KEYS)
    )
    before = pl.col("surviving").shift(1).over(KEYS).fill_null(1.0)
    steps = steps.with_columns(before=before, rise=before * pl.col("done") / pl.col("risk"))
    return steps.with_columns(upto=pl.col("rise").cum_sum().over(KEYS))


def median(evidence: pl.LazyFrame) -> pl.LazyFrame:
    """The age by which half were done: `indicator, unit, week, median`; null where fewer than half ever were."""
    half = pl.col("bucket").filter(pl.col("upto") >= 0.5 - 1e-12).min()
    return incidence(evidence, float("inf")).group_by(KEYS).agg(median=half)


def read(evidence: pl.LazyFrame, target: float, z: float = Z95) -> pl.LazyFrame:
    """The share done by the target among all who began, those who left counted as never done.

    The interval is that of the log-log transform with the variance of Aalen's estimator; null where nobody was
    followed that long, and without ends where none or all were done.
    """
    steps = incidence(evidence, target).with_columns(end=pl.col("upto").last().over(KEYS))
    ahead, many, risk = pl.col("end") - pl.col("upto"), pl.col("all"), pl.col("risk")
    hazard = pl.when(risk > many).then(many / (risk * (risk - many))).otherwise(0.0)
    own = pl.col("before") ** 2 * pl.col("done") * (risk - pl.col("done")) / risk**3
    crossed = pl.col("before") * pl.col("done") / risk**2
    variance = (ahead**2 * hazard + own - 2 * ahead * crossed).sum().clip(0)
    follow = (EVERYONE.filter(pl.col("bucket") >= target)).sum()
    whole_ = evidence.group_by(KEYS).agg(n=EVERYONE.sum(), followed=follow)
    found = steps.group_by(KEYS).agg(value=pl.col("end").last(), variance=variance, left=pl.col("surviving").last())
    value = pl.col("value")
    inside = value.is_between(0, 1, closed="none")
    power = (z * pl.col("variance").sqrt() / (value * -value.log())).exp()
    known = pl.when((pl.col("followed") > 0) | (pl.col("left") <= 0))
    return whole_.join(found, on=KEYS, how="left").select(
        *KEYS, "n", value=known.then(value.fill_null(0.0)), low=known.then(pl.when(inside).then(value**power)),
        high=known.then(pl.when(inside).then(value ** (1 / power))), sd=pl.lit(None, pl.Float64),
    )  # fmt: skip


TAKES = {"bucket": pl.Int64(), "done": pl.Int64(), "left": pl.Int64(), "waiting": pl.Int64()}
KIND = Kind("competing", TAKES, ("done", "left", "waiting"), gather, read, apart=("bucket",), factor=100.0)

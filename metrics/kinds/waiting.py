"""Waiting: how old things were when done, or are while still open, read as Kaplan and Meier (1958) do."""

from __future__ import annotations

import polars as pl

from metrics.kinds.kind import KEYS, PLACE, Z95, Kind, whole, wilson


def ages(age: pl.Expr, done: pl.Expr, target: float) -> dict[str, pl.Expr]:
    """The columns of a row: its age in whole units, whether done by then or still waiting, followed to the target.

    Done at 23.5 is done by 24, waiting at 23.5 has waited 23. Nothing is followed beyond the target, so that a row
    is final once it is that old.
    """
    in_time = done & (age <= target)
    waited = pl.min_horizontal(age.floor(), pl.lit(target))
    bucket = pl.when(in_time).then(age.ceil()).otherwise(waited).cast(pl.Int64)
    return {"bucket": bucket, "done": in_time.cast(pl.Int64), "waiting": (~in_time).cast(pl.Int64)}


def gather(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.group_by(*PLACE, "bucket").agg(whole("done"), whole("waiting"))


def curve(evidence: pl.LazyFrame) -> pl.LazyFrame:
    """The Kaplan-Meier curve of each indicator, unit and week: `bucket, at_risk, done, surviving, greenwood`.

    `surviving` is the share not done after `bucket`; who is waiting at an age was at risk at that age. `greenwood` is
    the sum of Greenwood's formula, infinite once all are done.
    """
    kept = pl.col("bucket"), _at_risk().alias("at_risk"), pl.col("done")
    steps = evidence.sort("bucket").group_by(KEYS).agg(*kept, surviving=_surviving(), greenwood=_greenwood())
    return steps.explode("bucket", "at_risk", "done", "surviving", "greenwood")


def _at_risk() -> pl.Expr:
    """Within one curve, in order of age: how many were still waiting just before."""
    return (pl.col("done") + pl.col("waiting")).cum_sum(reverse=True)


def _surviving() -> pl.Expr:
    return (1 - pl.col("done") / _at_risk()).cum_prod()


def _greenwood() -> pl.Expr:
    step = pl.col("done") / (_at_risk() * (_at_risk() - pl.col("done")))
    return pl.when(pl.col("done") > 0).then(step).otherwise(0.0).cum_sum()


def median(evidence: pl.LazyFrame) -> pl.LazyFrame:
    """The age by which half were done: `indicator, unit, week, median`; null where fewer than half ever were."""
    half = pl.col("bucket").filter(pl.col("surviving") <= 0.5 + 1e-12).min()
    return curve(evidence).group_by(KEYS).agg(median=half)


def log_log(surviving: pl.Expr, greenwood: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The 95 % interval of a survival by the log-log transform; null where none or all survive."""
    between = pl.when(surviving.is_between(0, 1, closed="none"))
    power = (Z95 * greenwood.sqrt() / -surviving.log()).exp()
    return between.then(surviving**power), between.then(surviving ** (1 / power))


def read(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """The share done by the target; null where nobody was followed that long. Where none or all were done, Wilson."""
    early = pl.col("bucket") <= target
    by_target = evidence.sort("bucket").group_by(KEYS).agg(
        n=pl.sum("done") + pl.sum("waiting"),
        followed=(pl.col("done") + pl.col("waiting")).filter(pl.col("bucket") >= target).sum(),
        surviving=_surviving().filter(early).last().fill_null(1.0),
        greenwood=_greenwood().filter(early).last().fill_null(0.0),
    )  # fmt: skip
    left = pl.col("surviving")
    known = pl.when((pl.col("followed") > 0) | (left == 0))
    low, high = log_log(left, pl.col("greenwood"))
    seen = pl.when(left == 0).then("n").otherwise("followed")
    least, most = wilson(seen * (1 - left), seen)
    return by_target.select(
        *KEYS, "n", value=known.then(1 - left), low=known.then(pl.coalesce(1 - high, least)),
        high=known.then(pl.coalesce(1 - low, most)), sd=pl.lit(None, pl.Float64),
    )  # fmt: skip


TAKES = {"bucket": pl.Int64(), "done": pl.Int64(), "waiting": pl.Int64()}
KIND = Kind("waiting", TAKES, ("done", "waiting"), gather, read, apart=("bucket",), factor=100.0)

"""Waiting: how old things were when done, or are while still open, read as Kaplan and Meier (1958) do."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.kinds.kind import KEYS, PLACE, Z95, Kind, whole, wilson

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


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
    the sum of Greenwood's formula, infinite once all are done. Sorted by age within each.
    """
    steps = evidence.select(*KEYS, "bucket", "done", "waiting").sort(*KEYS, "bucket").collect()
    done = steps["done"].to_numpy().astype(np.float64)
    there = done + steps["waiting"].to_numpy()
    new = np.ones(steps.height, bool)
    new[1:] = steps.select(pl.any_horizontal(pl.col(key).ne_missing(pl.col(key).shift()) for key in KEYS)).to_series()[
        1:
    ]
    first = np.flatnonzero(new)
    group = np.cumsum(new) - 1
    risk = np.add.reduceat(there, first)[group] - _running(there, first, group) + there if len(first) else there
    last = (risk > 0) & (done >= risk)  # the rest of a curve is done at once: nothing survives, and nothing follows
    share = np.where(last, 0.0, done / np.maximum(risk, 1))
    left = np.where(last, 0.0, np.exp(_running(np.log1p(-share), first, group)))
    step = np.where(last, 0.0, share / np.where(last | (risk == 0), 1.0, risk - done))
    spread = np.where(last & (done > 0), np.inf, _running(step, first, group))
    return steps.lazy().select(
        *KEYS, "bucket", pl.lit(pl.Series(risk.astype(np.int64))).alias("at_risk"), "done",
        pl.lit(pl.Series(left)).alias("surviving"), pl.lit(pl.Series(spread)).alias("greenwood"),
    )  # fmt: skip


def _running(values: Floats, first: Places, group: Places) -> Floats:
    """Sums up to each row within its group; groups lie one after another and begin at `first`."""
    total = np.cumsum(values)
    before = np.concatenate([[0.0], total])[first]
    return np.asarray(total - before[group]) if len(first) else total


def median(evidence: pl.LazyFrame) -> pl.LazyFrame:
    """The age by which half were done: `indicator, unit, week, median`; null where fewer than half ever were."""
    half = pl.col("bucket").filter(pl.col("surviving") <= 0.5 + 1e-12).min()
    return curve(evidence).group_by(KEYS).agg(median=half)


def log_log(surviving: pl.Expr, greenwood: pl.Expr, z: float = Z95) -> tuple[pl.Expr, pl.Expr]:
    """The interval of a survival by the log-log transform, 95 % unless said; null where none or all survive."""
    between = pl.when(surviving.is_between(0, 1, closed="none"))
    power = (z * greenwood.sqrt() / -surviving.log()).exp()
    return between.then(surviving**power), between.then(surviving ** (1 / power))


def read(evidence: pl.LazyFrame, target: float, z: float = Z95) -> pl.LazyFrame:
    """The share done by the target; null where nobody was followed that long. Where none or all were done, Wilson."""
    early = pl.col("bucket") <= target
    counts = evidence.group_by(KEYS).agg(
        n=pl.sum("done") + pl.sum("waiting"),
        followed=(pl.col("done") + pl.col("waiting")).filter(pl.col("bucket") >= target).sum(),
    )
    ends = curve(evidence).filter(early).group_by(KEYS, maintain_order=True).agg(pl.last("surviving", "greenwood"))
    by_target = counts.join(ends, on=KEYS, how="left").with_columns(
        pl.col("surviving").fill_null(1.0), pl.col("greenwood").fill_null(0.0)
    )
    left = pl.col("surviving")
    known = pl.when((pl.col("followed") > 0) | (left == 0))
    low, high = log_log(left, pl.col("greenwood"), z)
    seen = pl.when(left == 0).then("n").otherwise("followed")
    least, most = wilson(seen * (1 - left), seen, z)
    return by_target.select(
        *KEYS, "n", value=known.then(1 - left), low=known.then(pl.coalesce(1 - high, least)),
        high=known.then(pl.coalesce(1 - low, most)), sd=pl.lit(None, pl.Float64),
    )  # fmt: skip


def read_quantile(evidence: pl.LazyFrame, share: float) -> pl.LazyFrame:
    """The age by which a share was done, with the interval of Brookmeyer and Crowley (1982) by the log-log transform.

    Null where fewer ever were; an end that was not reached within the target is null too.
    """
    steps = curve(evidence).with_columns(known=pl.col("surviving").is_between(0, 1, closed="none"))
    low, high = log_log(pl.col("surviving"), pl.col("greenwood"))
    steps = steps.with_columns(low=pl.when("known").then(low).otherwise("surviving"))
    steps = steps.with_columns(high=pl.when("known").then(high).otherwise("surviving"))

    def reached(side: str) -> pl.Expr:
        return pl.col("bucket").filter(pl.col(side) <= 1 - share + 1e-12).min().cast(pl.Float64)

    counted = evidence.group_by(KEYS).agg(n=pl.sum("done") + pl.sum("waiting"))
    found = steps.group_by(KEYS).agg(value=reached("surviving"), low=reached("low"), high=reached("high"))
    known = pl.when(pl.col("value").is_not_null())
    return found.join(counted, on=KEYS).select(
        *KEYS, "value", "n", low=known.then("low"), high=known.then("high"), sd=pl.lit(None, pl.Float64)
    )


def read_median(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """The age by which half were done (see `read_quantile`)."""
    return read_quantile(evidence, 0.5)


def read_p85(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """The age by which 85 % were done (see `read_quantile`): how long the slow ones take."""
    return read_quantile(evidence, 0.85)


TAKES = {"bucket": pl.Int64(), "done": pl.Int64(), "waiting": pl.Int64()}
KIND = Kind("waiting", TAKES, ("done", "waiting"), gather, read, apart=("bucket",), factor=100.0)
MEDIAN = Kind("median", TAKES, ("done", "waiting"), gather, read_median, apart=("bucket",))
P85 = Kind("p85", TAKES, ("done", "waiting"), gather, read_p85, apart=("bucket",))

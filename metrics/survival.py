"""Waits one by one: the Kaplan-Meier curve of some that ended and some that did not, and whether two curves differ.

What indicators count is added up first, see `metrics.kinds.waiting`; this takes times and ends as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import chdtrc, ndtri

from metrics.kinds.waiting import curve, log_log

PLACE = {"indicator": "wait", "unit": "one", "week": date(1970, 1, 5)}


@dataclass(frozen=True)
class Survival:
    """A curve by age: `age, at_risk, done, surviving, low, high` (the log-log interval; null where none or all are)."""

    steps: pl.DataFrame

    def at(self, age: float) -> float:
        """The share that still waits after an age."""
        known = self.steps.filter(pl.col("age") <= age)["surviving"].to_list()
        return float(known[-1]) if known else 1.0

    def quantile(self, share: float) -> float | None:
        """The age by which a share was done; None where fewer ever were."""
        reached = self.steps.filter(pl.col("surviving") <= 1 - share + 1e-12)["age"].to_list()
        return float(min(reached)) if reached else None

    @property
    def median(self) -> float | None:
        return self.quantile(0.5)


def kaplan_meier(times: npt.ArrayLike, ended: npt.ArrayLike, level: float = 0.95) -> Survival:
    """The curve (Kaplan & Meier 1958) of waits of so long, of which some `ended` (1) and some still run (0)."""
    time, end = _waits(times, ended)
    rows = pl.DataFrame({"bucket": time, "done": end, "waiting": 1 - end}).group_by("bucket").agg(pl.all().sum())
    steps = curve(rows.lazy().with_columns(pl.lit(value).alias(name) for name, value in PLACE.items()))
    low, high = log_log(pl.col("surviving"), pl.col("greenwood"), float(ndtri(0.5 + level / 2)))
    kept = steps.with_columns(low=low, high=high).select("bucket", "at_risk", "done", "surviving", "low", "high")
    return Survival(kept.collect().rename({"bucket": "age"}))


@dataclass(frozen=True)
class Difference:
    """Whether two curves differ: chi-square with one degree of freedom, and its p."""

    chi2: float
    p: float


def log_rank(
    times_a: npt.ArrayLike, ended_a: npt.ArrayLike, times_b: npt.ArrayLike, ended_b: npt.ArrayLike
) -> Difference:
    """The log-rank test of two groups of waits (Mantel 1966), ties by the hypergeometric variance."""
    (one, end_one), (two, end_two) = _waits(times_a, ended_a), _waits(times_b, ended_b)
    seen = expected = variance = 0.0
    for age in np.unique(np.concatenate([one[end_one == 1], two[end_two == 1]])):
        n1, n2 = float((one >= age).sum()), float((two >= age).sum())
        d1, d2 = float(((one == age) & (end_one == 1)).sum()), float(((two == age) & (end_two == 1)).sum())
        n, d = n1 + n2, d1 + d2
        seen, expected = seen + d1, expected + d * n1 / n
        variance += d * n1 * n2 * (n - d) / (n**2 * (n - 1)) if n > 1 else 0.0
    if not variance:
        raise ValueError("the two groups cannot be told apart: nothing ended while both were waiting")
    chi2 = (seen - expected) ** 2 / variance
    return Difference(chi2, float(chdtrc(1, chi2)))


def _waits(times: npt.ArrayLike, ended: npt.ArrayLike) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    time, end = np.asarray(times, float), np.asarray(ended).astype(np.int64)
    if time.shape != end.shape or time.ndim != 1 or not len(time) or not np.isin(end, (0, 1)).all():
        raise ValueError(f"each wait has a time and says whether it ended (1 or 0); got {time.shape} and {end.shape}")
    return time, end

"""How did it move: at once, bit by bit, or in one week alone? Told from the weeks up to now, never from later ones."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import polars as pl

from metrics.spc import Flags, Floats

NONE, SHIFT, DRIFT, SPIKE = range(4)
NATURES = ["", "shift", "drift", "spike"]
YOUNG = 32  # weeks after it began in which the word may still change
BACK = 52  # weeks looked at
SLOW = (8, 12, 18, 26)  # weeks that a drift takes
STEADY, NEARLY = 26, 0.8
CLEAR = 1.0  # what a drift must gain over a step, in log likelihood: it has a length besides


def drifting(recent: Floats) -> Flags:
    """Whether series moved bit by bit until now rather than at once: which of the two lies closer to their weeks.

    `recent`: one row a series, its last weeks, the newest last, nan where there is nothing. A step has a place and a
    size; a drift a length besides, and has come at least half of its way.
    """
    steps, slopes = courses(recent.shape[1])
    if not len(slopes) or not len(recent):
        return np.zeros(len(recent), bool)
    step, slope = (1 - explained(recent, one) for one in (steps, slopes))
    many = np.isfinite(recent).sum(axis=1)
    return np.asarray(0.5 * many * np.log(np.maximum(step, 1e-9) / np.maximum(slope, 1e-9)) > CLEAR)


@lru_cache(maxsize=BACK)
def courses(weeks: int) -> tuple[Floats, Floats]:
    """Every step and every slope that so many weeks have room for, one a row."""
    at = np.arange(weeks)
    steps = [at >= begins for begins in range(1, weeks - 1)]
    slopes = [np.clip((at - begins + 1) / length, 0, 1) for length in SLOW for begins in range(1, weeks - length // 2)]
    return np.array(steps, float), np.array(slopes, float)


def stopped(cells: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """The series, `indicator, unit`, that had a number in nearly every week of the half year before their last one."""
    place = ["indicator", "unit"]
    known = cells.lazy().filter(pl.col("state") == "shown", pl.col("value").is_not_null()).select(*place, "week")
    ends = known.group_by(place).agg(last=pl.col("week").max())
    recent = known.join(ends, on=place).filter(pl.col("week") > pl.col("last") - pl.duration(weeks=STEADY))
    return recent.group_by(place).len().filter(pl.col("len") >= NEARLY * STEADY).select(place).collect()


def explained(recent: Floats, courses: Floats) -> Floats:
    """The share of each series' scatter that the best of these courses takes away."""
    there = np.isfinite(recent).astype(float)
    many = np.maximum(there.sum(axis=1), 1.0)
    x = np.where(there > 0, recent, 0.0)
    mean = there @ courses.T / many[:, None]
    along = x @ courses.T - mean * x.sum(axis=1)[:, None]
    spread = there @ (courses**2).T - many[:, None] * mean**2
    gain = np.where(spread > 1e-9, along**2 / np.maximum(spread, 1e-9), 0.0)
    whole = (x**2).sum(axis=1) - x.sum(axis=1) ** 2 / many
    return np.asarray(gain.max(axis=1) / np.maximum(whole, 1e-12))

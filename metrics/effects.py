"""What an intervention changed: a series against its own trend, and against units in which nothing was begun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from metrics.regression import Fit, Floats, whitened

LEAST = (12, 8)  # weeks before and after
LEAST_WINDOWS = (10, 6)  # the same where each value is of four weeks
ALIKE = 0.90


@dataclass(frozen=True)
class Effect:
    """A difference made, in the series' own unit, with its 90 % interval, and the weeks before and after behind it.

    `p`: how often chance alone would make as much. `alike`: whether the time before was as the method takes it to be:
    a straight line, or moving like the units compared (None where that could not be asked).
    """

    method: str
    value: float
    low: float
    high: float
    p: float
    before: int
    after: int
    alike: bool | None = None

    @property
    def clear(self) -> bool:
        """Whether the interval leaves nought out."""
        return self.low > 0 or self.high < 0


def interrupted(
    values: npt.ArrayLike,
    began: int,
    weights: npt.ArrayLike | None = None,
    until: int | None = None,
    least: tuple[int, int] = LEAST,
) -> Effect | None:
    """Interrupted time series: how far the weeks from `began` lie, on average, from where the trend before was going.

    `values` (weeks,), NaN where unknown; `began` is the place of the first week after. A line before, another level
    and slope after (Wagner et al. 2002), Newey-West errors. `alike` says whether nothing is found where nothing was
    begun, halfway through the weeks before (None where these are too few to ask): if something is, the trend was no
    straight line. None with under `least` weeks before or after, 12 and 8: no evidence.
    """
    y, weight = _masked(values, weights, until)
    found = _broken(y, weight, began, least)
    if found is None:
        return None
    before = np.flatnonzero(~np.isnan(y[:began]))
    halfway = int(before[len(before) // 2])
    placebo = _broken(y[:began], weight[:began], halfway, least)
    return found if placebo is None else replace(found, alike=not placebo.clear)


def _broken(y: Floats, weight: Floats, began: int, least: tuple[int, int]) -> Effect | None:
    """A line before, another level and slope after; how far the weeks after lie from the line, on average."""
    known = np.flatnonzero(~np.isnan(y))
    after = known >= began
    if (~after).sum() < least[0] or after.sum() < least[1]:
        return None
    since = (known - began).astype(float)
    x = np.column_stack([np.ones(len(known)), since, after, np.where(after, since, 0)])
    fit = whitened(x, y[known], weight[known])
    share = weight[known] * after
    mean = float((share * since).sum() / share.sum())
    return _told("interrupted time series", fit, [0, 0, 1, mean], after)


def compared(
    values: npt.ArrayLike,
    others: npt.ArrayLike,
    began: int,
    until: int | None = None,
    least: tuple[int, int] = LEAST,
) -> Effect | None:
    """Difference in differences: how much more the unit changed than the units alike in which nothing was begun.

    `others` (units, weeks). The unit less the mean of the others, week by week, so that what all share drops out;
    then the weeks after less those before, Newey-West errors. `alike` says whether that difference had no slope
    before. None with under two units to compare, or under `least` weeks before or after, 12 and 8.
    """
    y, _ = _masked(values, None, until)
    rest = np.atleast_2d(np.asarray(others, float))[:, : len(y)]
    there = (~np.isnan(rest)).sum(axis=0)
    if rest.shape[0] < 2:
        return None
    common = np.where(there >= 2, np.nansum(rest, axis=0) / np.maximum(there, 1), np.nan)
    gap = y - common
    known = np.flatnonzero(~np.isnan(gap))
    after = known >= began
    if (~after).sum() < least[0] or after.sum() < least[1]:
        return None
    fit = whitened(np.column_stack([np.ones(len(known)), after]), gap[known])
    earlier = known[~after]
    slope = whitened(np.column_stack([np.ones(len(earlier)), earlier - earlier.mean()]), gap[earlier])
    _, low, high = slope.read([0, 1], ALIKE)
    return _told("difference in differences", fit, [0, 1], after, alike=bool(low <= 0 <= high))


def _told(
    method: str, fit: Fit, contrast: Sequence[float], after: npt.NDArray[np.bool_], alike: bool | None = None
) -> Effect:
    value, low, high = fit.read(contrast)
    return Effect(method, value, low, high, fit.p(contrast), int((~after).sum()), int(after.sum()), alike)


def _masked(values: npt.ArrayLike, weights: npt.ArrayLike | None, until: int | None) -> tuple[Floats, Floats]:
    y = np.asarray(values, float)[: until if until is not None else None]
    weight = np.ones(len(y)) if weights is None else np.nan_to_num(np.asarray(weights, float)[: len(y)])
    return np.where(weight > 0, y, np.nan), weight

"""When did it change? A finished series cut into stretches, each level or on a slope, with noise of its own.

For the drawing and for explaining, never for alarms: it looks at the whole series.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from metrics.spc import Floats

PENALTY = 5.0  # what a cut must gain, in log(n): a stretch has a level, a scatter and a place
SLOPE = 3.0  # and a slope, which must gain this besides
SHORTEST = 5
QUIETEST = 0.005  # the least variance believed of a stretch, as a part of the whole's
SURE = 0.9


@dataclass(frozen=True)
class Change:
    """A new stretch begins at position `at`; nine times in ten between `early` and `late`, both included."""

    at: int
    early: int
    late: int


class Lines:
    """Twice the negative log likelihood of stretches of a series, level or on a slope, up to a constant."""

    def __init__(self, values: Floats) -> None:
        x, t = values - values.mean(), np.arange(len(values)) / max(len(values), 1)
        self.sums = np.stack([np.r_[0.0, np.cumsum(one)] for one in (x, x * x, t, t * t, t * x)])
        self.least = max(QUIETEST * float(x.var()), 1e-300)
        self.slope = SLOPE * np.log(max(len(x), 2))

    def cost(self, starts: ArrayLike, ends: ArrayLike) -> Floats:
        """Of the stretches from `starts` up to `ends`, those not included."""
        first, last = np.asarray(starts, np.int64), np.asarray(ends, np.int64)
        x, xx, t, tt, tx = self.sums[:, last] - self.sums[:, first]
        length = np.maximum(last - first, 1)
        along, both = tt - t * t / length, tx - t * x / length
        level = xx - x * x / length
        sloping = level - np.where(along > 1e-12, both * both / np.maximum(along, 1e-12), 0.0)
        either = [length * np.log(np.maximum(left / length, self.least)) for left in (level, sloping)]
        return np.asarray(np.minimum(either[0], either[1] + self.slope))


def changes(values: ArrayLike, *, penalty: float = PENALTY, shortest: int = SHORTEST) -> list[int]:
    """The positions at which new stretches begin, best of all ways to cut (optimal partitioning, Jackson 2005).

    `values` in time order; nan is filled in on a straight line. None of a constant or very short series.
    """
    x = filled(values)
    n = len(x)
    if n < 2 * shortest or not np.ptp(x) > 0:
        return []
    lines, price = Lines(x), penalty * np.log(n)
    best, cut = np.full(n + 1, np.inf), np.zeros(n + 1, np.int64)
    best[0] = -price
    for end in range(shortest, n + 1):
        starts = np.arange(end - shortest + 1)
        total = best[starts] + lines.cost(starts, np.full(len(starts), end)) + price
        cut[end] = np.argmin(total)
        best[end] = total[cut[end]]
    found, end = [], int(cut[n])
    while end > 0:
        found.append(end)
        end = int(cut[end])
    return found[::-1]


def dated(values: ArrayLike, *, penalty: float = PENALTY, shortest: int = SHORTEST) -> list[Change]:
    """The changes with how sure their place is, the other changes taken as they are."""
    found = changes(values, penalty=penalty, shortest=shortest)
    edges = [0, *found, len(np.asarray(values))]
    lines = Lines(filled(values)) if found else None
    return [
        place(lines, before, at, after) for before, at, after in zip(edges, found, edges[2:], strict=False) if lines
    ]


def place(lines: Lines, before: int, at: int, after: int) -> Change:
    """The shortest run of positions round the best that holds nine tenths of the likelihood."""
    where = np.arange(before + 2, after - 1)
    cost = lines.cost(np.full(len(where), before), where) + lines.cost(where, np.full(len(where), after))
    odds = np.exp(-0.5 * (cost - cost.min()))
    odds /= odds.sum()
    early = late = int(np.searchsorted(where, at))
    while odds[early : late + 1].sum() < SURE:
        left = odds[early - 1] if early else -1.0
        right = odds[late + 1] if late + 1 < len(odds) else -1.0
        early, late = (early - 1, late) if left >= right else (early, late + 1)
    return Change(at, int(where[early]), int(where[late]))


def filled(values: ArrayLike) -> Floats:
    """With straight lines over what is missing."""
    x = np.asarray(values, float)
    known = np.isfinite(x)
    if not known.any():
        return np.zeros(len(x))
    at = np.arange(len(x))
    return np.asarray(np.interp(at, at[known], x[known]))

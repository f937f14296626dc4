"""How much a series scatters from week to week: learnt from itself, and from those like it while it is new."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.panel import Places
from metrics.spc import Flags, Floats

FIRST = 26  # weeks of a series from which its scatter is first guessed; nothing is said of it before they are over
GUESS = 8.0  # how many values of its own a guess is worth, where there are too few series to learn it
MANY = 60  # series that are enough to learn how scatter hangs on size and level
OFTEN = 4
LASTING = 0.2  # the part of the noise's variance that lasts
TOO_FAR = 9.0  # squares of surprises count no more than this


@dataclass(frozen=True)
class Cohorts:
    """Series of one family that began together and are about as large: `group` of each, `began` of each group."""

    group: Places
    began: Places
    family: Places

    @classmethod
    def of(cls, there: Flags, n: Floats, value: Floats, family: Places) -> Cohorts:
        began = np.where(there.any(axis=1), there.argmax(axis=1), there.shape[1])
        large = np.round(np.log2(middle_of_first(n, began)))
        scatter = np.maximum(first_scatter(value, began), 1e-12)
        scatter = np.round(np.log2(scatter / middle_of_family(scatter, family, began)))
        keys = np.stack([began, family, np.where(np.isfinite(large), large, scatter)], axis=1)
        different, group = np.unique(keys, axis=0, return_inverse=True)
        return cls(group.ravel(), different[:, 0].astype(np.int64), different[:, 1].astype(np.int64))

    def mean(self, values: Floats, known: Flags, blank: float) -> Floats:
        """The mean of each group's known values; `blank` where there are none."""
        many = len(self.began)
        count = np.bincount(self.group, known, many)
        total = np.bincount(self.group, np.where(known, values, 0.0), many)
        return np.where(count > 0, total / np.maximum(count, 1), blank)


def by_family(family: Places) -> list[Places]:
    """The members of each family that is large enough to learn from."""
    order = np.argsort(family, kind="stable")
    starts = np.flatnonzero(np.diff(family[order])) + 1
    return [mine for mine in np.split(order, starts) if len(mine) >= MANY]


def first_weeks(matrix: Floats, began: Places) -> Floats:
    """The first weeks of each row since it began, side by side."""
    columns = began[:, None] + np.arange(FIRST)
    inside = columns < matrix.shape[1]
    return np.where(inside, np.take_along_axis(matrix, np.minimum(columns, matrix.shape[1] - 1), axis=1), np.nan)


def middle_of_first(matrix: Floats, began: Places) -> Floats:
    ordered = np.sort(first_weeks(matrix, began), axis=1)
    size = np.isfinite(ordered).sum(axis=1)
    return np.asarray(ordered[np.arange(len(ordered)), np.maximum(size - 1, 0) // 2])


def first_scatter(value: Floats, began: Places) -> Floats:
    """The SD of week-to-week noise, from the middle change between neighbouring weeks."""
    steps = np.abs(np.diff(first_weeks(value, began), axis=1))
    ordered, size = np.sort(steps, axis=1), np.isfinite(steps).sum(axis=1)
    middle = ordered[np.arange(len(ordered)), np.maximum(size - 1, 0) // 2]
    return np.where(size > 0, 1.4826 * np.nan_to_num(middle) / np.sqrt(2), 0.0)


def middle_of_family(own: Floats, family: Places, began: Places) -> Floats:
    """What is in the middle of each family, of those that had begun when a series did."""
    out = np.empty_like(own)
    order = np.lexsort((began, family))
    starts = np.flatnonzero(np.r_[True, family[order][1:] != family[order][:-1]])
    for mine in np.split(order, starts[1:]):
        for last in np.flatnonzero(np.r_[began[mine][1:] != began[mine][:-1], True]):
            out[mine[began[mine] == began[mine[last]]]] = np.median(own[mine[: last + 1]])
    return out


class Noise:
    """The SD of each series' noise now, and what part of it lasts; time passes by `see`, then `learn`."""

    def __init__(self, value: Floats, n: Floats, least: Floats, family: Places, cohorts: Cohorts) -> None:
        self.cohorts = cohorts
        self.members = by_family(family)
        self.each = np.asfortranarray(1 / np.maximum(np.where(np.isfinite(n), n, 1.0), 1e-9))
        series = len(value)
        began = cohorts.began[cohorts.group]
        usual = 1 / np.maximum(np.nan_to_num(middle_of_first(n, began), nan=1.0), 1e-9)
        near_nothing = (1e-9 + 1e-6 * np.abs(np.nan_to_num(middle_of_first(value, began)))) ** 2 / usual
        self.least = np.maximum(least, near_nothing)
        own = np.maximum(first_scatter(value, began) ** 2 / usual, self.least)
        self.guess = middle_of_family(own, family, began)
        self.worth = np.full(series, GUESS)
        self.typical = np.sqrt(cohorts.mean(self.guess * usual, np.ones(series, bool), 1.0))
        self.squares, self.counted, self.total, self.seen = np.zeros((4, series))
        self.ratio, self.sd = self.guess.copy(), np.sqrt(self.guess * usual)
        self.lasts = np.full(len(cohorts.began), LASTING)
        self.now = np.ones(series)

    def see(self, t: int, there: Flags, level: Floats) -> None:
        """Take in how many events are behind this week's values, and guess the scatter anew from time to time."""
        if t % OFTEN == 0:
            self.learn_from_others(level)
        self.total += np.where(there, self.each[:, t], 0.0)
        self.seen += there
        usual = np.where(self.seen > 0, self.total / np.maximum(self.seen, 1), 1.0)
        own = (self.worth * self.guess + self.squares) / (self.worth + self.counted)
        self.ratio = np.maximum(own, self.least)
        self.sd = np.where(self.seen > 0, np.sqrt(self.ratio * usual), self.sd)
        relative = np.clip(self.each[:, t] / usual, 0.3, 4.0)
        self.now = self.cohorts.mean(relative, there, 1.0)

    def learn(self, there: Flags, surprise: Floats) -> None:
        """Take in this week's surprises."""
        known = there & (self.seen > FIRST / 2)
        self.squares += np.where(known, 1.03 * np.minimum(surprise**2, TOO_FAR) * self.ratio, 0.0)
        self.counted += known

    def learn_from_others(self, level: Floats) -> None:
        """In families of many: how scatter hangs on size and level, and how much that leaves open."""
        long = self.counted > FIRST / 2
        for mine in self.members:
            if np.count_nonzero(long[mine]) >= MANY:
                self.learn_family(mine, long, level)

    def learn_family(self, mine: Places, long: Flags, level: Floats) -> None:
        known, level = long[mine], level[mine]
        size = np.log(np.maximum(self.total[mine], 1e-12) / np.maximum(self.seen[mine], 1))
        facts = np.stack([size, level, level**2, level * size], axis=1)
        centre, spread = facts[known].mean(axis=0), facts[known].std(axis=0) + 1e-9
        facts = np.column_stack([np.ones(len(mine)), np.clip((facts - centre) / spread, -3, 3)])
        learnt, counted = facts[known], self.counted[mine][known]
        found = np.log(self.squares[mine][known] / counted + 1e-12)
        weighted = learnt * counted[:, None]
        slopes = np.linalg.solve(learnt.T @ weighted + np.eye(5), weighted.T @ found)
        fit = facts @ slopes
        open_ = max(float(np.mean((found - fit[known]) ** 2) - np.mean(2.6 / counted)), 0.01)
        self.guess[mine] = np.exp(fit + 0.5 * np.mean(1 / counted))
        self.worth[mine] = 2 / open_

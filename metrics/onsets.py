"""Has this series just begun to change? For every series and week the odds that it has, against that it has not.

A series is its own level, its share of what all of its family do, a little season of its own, and noise of which a part
lasts (a Kalman filter, one for all series that began together and are about as large). What a change begun some weeks
ago would have left in the filter's surprises is known; how well the surprises match, averaged over when it may have
begun, whether at once or bit by bit, and how large, are the odds. Nothing looks ahead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.noise import Cohorts, Noise
from metrics.panel import Places
from metrics.spc import Flags, Floats

Singles = NDArray[np.float32]
PIECE = 512  # series compared at a time: as many as a processor holds close by
YEAR = 52.1775
BINOMIAL = 0.25  # the least variance of one event of a share, on the scale of its arcsine


@dataclass(frozen=True)
class Belief:
    """What is held likely before a series is seen; one setting for all.

    `follows`: how much of the lasting part of the noise is left a week later. `share`: how much of what the family does
    a series may do more or less (SD). `season`: the SD of each wave of a season of its own, in SDs of its noise.
    `size`: the SD of changes, in SDs of noise. `weeks`: how long ago a change may have begun, and `recent` how much
    less likely each week ago makes it. `ramp`: weeks a gradual change takes, `gradual` how likely it is. `clip`: where
    a surprise counts no more. `learning`: values without which nothing is said.
    """

    follows: float = 0.5
    share: float = 0.3
    season: float = 0.08
    size: float = 0.9
    weeks: int = 14
    recent: float = 0.03
    ramp: int = 8
    gradual: float = 0.4
    clip: float = 2.5
    learning: int = 26


@dataclass(frozen=True)
class Course:
    """Series side by side on a scale on which noise is even: one row a series, one column a week, nan where nothing is.

    `n`: the events behind each value (nan or 1 where nobody counts). `family`: whose noise is alike.
    `shared`: what its family does, 0 where nobody is compared. `least`: the least variance believed of one event.
    `first`: the number of the first column's week.
    """

    value: Floats
    n: Floats
    family: Places
    shared: Floats
    least: Floats
    first: int


def onsets(course: Course, belief: Belief | None = None) -> tuple[Floats, Floats]:
    """The log odds that each series has changed within the last weeks, and the change's likely size.

    Both are matrices of series by week; nan where a series has no value or too short a past.
    """
    watch = Watch(course, belief or Belief())
    odds, size = (np.full(course.value.shape, np.nan, order="F") for _ in range(2))
    for t in range(course.value.shape[1]):
        odds[:, t], size[:, t] = watch.see(t)
    return odds, size


class Watch:
    """The filters of all series and the weeks in which a change may have begun; time passes by `see`."""

    def __init__(self, course: Course, belief: Belief) -> None:
        self.course, self.belief = course, belief
        series = len(course.value)
        self.value, self.shared = np.asfortranarray(course.value), np.asfortranarray(course.shared)
        self.there = np.isfinite(self.value)
        self.cohorts = Cohorts.of(self.there, course.n, course.value, course.family)
        self.noise = Noise(course.value, course.n, course.least, course.family, self.cohorts)
        self.group, groups = self.cohorts.group, len(self.cohorts.began)
        self.state = np.zeros((series, 7))
        self.state[:, 1] = 1
        self.spread = np.zeros((groups, 7, 7))
        shape = 2, belief.weeks
        self.trace = np.zeros((*shape, groups, 7))
        self.match, self.weight = np.zeros((2, *shape, series), np.float32)
        self.since = np.full(belief.weeks, -1)

    def see(self, t: int) -> tuple[Floats, Floats]:
        """Take in one week; what it says of each series."""
        there, noise = self.there[:, t], self.noise
        seen = self.seen(t)
        noise.see(t, there, self.state[:, 0])
        self.open(t)
        gain, error = self.expect(seen, t)
        scale = noise.sd * error[self.group]
        surprise = np.where(there, self.value[:, t] - self.expected(seen), 0.0) / scale
        clip = np.where(noise.seen > 3, self.belief.clip, np.inf)
        surprise = np.clip(surprise, -clip, clip)
        self.state += (surprise * scale)[:, None] * gain[self.group]
        noise.learn(there, surprise)
        mark, prior = self.marks(t, seen, gain, error)
        odds, size = self.compare(mark, prior, there, np.where(noise.seen > 3, surprise, 0.0).astype(np.float32))
        known = there & (noise.seen >= self.belief.learning)
        return np.where(known, odds, np.nan), np.where(known, size * noise.sd, np.nan)

    def seen(self, t: int) -> Floats:
        """What each cohort's states add up to this week: level, the family's, two waves a year, what lasts."""
        turn = 2 * np.pi * (self.course.first + t) / YEAR
        row = np.array([1, 0, np.cos(turn), np.sin(turn), np.cos(2 * turn), np.sin(2 * turn), 1])
        out = np.tile(row, (len(self.cohorts.began), 1))
        out[:, 1] = self.cohorts.mean(self.shared[:, t], self.there[:, t], 0.0)
        return out

    def expected(self, seen: Floats) -> Floats:
        """What each series' states add up to: all but the share of what the family does weighs the same for all."""
        alike = seen[0].copy()
        alike[1] = 0
        return np.asarray(self.state @ alike + self.state[:, 1] * seen[self.group, 1])

    def open(self, t: int) -> None:
        """Begin the filters of cohorts whose first week this is, in units of their noise."""
        new = np.flatnonzero(self.cohorts.began == t)
        if not len(new):
            return
        lasts, one = self.noise.lasts[new], np.ones(len(new))
        share = (self.belief.share / self.noise.typical[new]) ** 2
        season = self.belief.season**2 * one
        fresh = self.there[:, t] & (self.cohorts.began[self.group] == t)
        self.state[fresh, 0] = (self.value[:, t] - self.shared[:, t])[fresh]
        for place, known in enumerate((1e4 * one, share, season, season, season, season, lasts)):
            self.spread[new, place, place] = known

    def expect(self, seen: Floats, t: int) -> tuple[Floats, Floats]:
        """The gain of each cohort's filter and the error of what it expects, in units of noise."""
        begun, follows = self.cohorts.began <= t, self.belief.follows
        lasts = self.noise.lasts
        self.spread[:, :, -1] *= follows
        self.spread[:, -1, :] *= follows
        self.spread[begun, -1, -1] += lasts[begun] * (1 - follows**2)
        self.state[:, -1] *= follows
        self.trace[..., -1] *= follows
        drawn = np.einsum("gij,gj->gi", self.spread, seen)
        whole = np.einsum("gi,gi->g", drawn, seen) + (1 - lasts) * self.noise.now
        gain = np.where(begun[:, None], drawn / whole[:, None], 0.0)
        self.spread -= gain[:, :, None] * drawn[:, None, :]
        return gain, np.sqrt(whole)

    def marks(self, t: int, seen: Floats, gain: Floats, error: Floats) -> tuple[Singles, Singles]:
        """What a change of size 1 leaves in this week's surprise of each cohort, and how likely it was beforehand.

        A row for each way it may have come and week in which it may have begun.
        """
        belief, slot = self.belief, t % self.belief.weeks
        for kept in (self.trace, self.match, self.weight):
            kept[:, slot] = 0
        self.since[slot] = t
        age = np.where(self.since >= 0, t - self.since, -1)
        change = np.stack([np.ones(len(age)), np.minimum((age + 1) / belief.ramp, 1.0)]) * (age >= 0)
        left = change[:, :, None] - np.einsum("swgk,gk->swg", self.trace, seen)
        self.trace += left[..., None] * gain
        prior = np.array([1 - belief.gradual, belief.gradual])[:, None] * np.exp(-belief.recent * age) / belief.weeks
        mark = (left / error).astype(np.float32)
        return mark.reshape(-1, mark.shape[2]), (prior * (age >= 0)).astype(np.float32).reshape(-1, 1)

    def compare(self, mark: Singles, prior: Singles, there: Flags, surprise: Singles) -> tuple[Floats, Floats]:
        """How well the surprises so far match those of a change, over when it may have begun; a piece at a time."""
        total, size = np.empty((2, len(surprise)))
        match, weight = (one.reshape(len(prior), -1) for one in (self.match, self.weight))
        for at in range(0, len(surprise), PIECE):
            some = slice(at, at + PIECE)
            mine = mark[:, self.group[some]] * there[some]
            match[:, some] += mine * surprise[some]
            weight[:, some] += np.square(mine, out=mine)
            precise = weight[:, some] + np.float32(self.belief.size**-2)
            mean = match[:, some] / precise
            odds = np.exp(0.5 * match[:, some] * mean)
            odds *= prior / np.float32(self.belief.size)
            odds /= np.sqrt(precise)
            total[some] = odds.sum(axis=0)
            size[some] = np.einsum("ks,ks->s", odds, mean)
        total = np.maximum(total, 1e-30)
        return np.log(total), size / total

"""What has lasted: the mean deviation of a quarter and of half a year, for shifts too small to show in an average that
forgets."""

from __future__ import annotations

import numpy as np

from metrics import spc
from metrics.panel import Places
from metrics.spc import Floats

SPANS = (13, 26)  # weeks
FILLED = 0.75  # of a span, without which it says nothing
CLIP = 2.5
FAR = 2.5  # standard errors from nought; what is nearer decides nothing


class Lasting:
    """The last standardised deviations of every series since its baseline was learnt."""

    def __init__(self, series: int) -> None:
        self.kept, self.whole = np.zeros((2, SPANS[-1], series))
        self.there = np.zeros((SPANS[-1], series), np.int8)
        self.newest = -1

    def note(self, rows: Places, deviation: Floats, t: int) -> None:
        """Take in one point in time of some series; nan where there is nothing. Means are of clipped deviations."""
        slot, known = t % len(self.kept), np.isfinite(deviation)
        whole = np.where(known, deviation, 0.0)
        self.whole[slot, rows], self.there[slot, rows] = whole, known
        self.kept[slot, rows] = np.clip(whole, -CLIP, CLIP)
        self.newest = max(self.newest, t)

    def forget(self, rows: Places) -> None:
        self.there[:, rows] = self.kept[:, rows] = self.whole[:, rows] = 0

    def means(self, points: Floats, phi: Floats) -> list[tuple[Places, Floats, Floats]]:
        """For each span the series that lie far from nought, and would without their wildest week: their mean deviation
        and its standard error.

        The error is that of a mean of so many values with lag-1 autocorrelation `phi`, less a baseline of `points`.
        """
        return [found for weeks in SPANS if len((found := self.mean(weeks, points, phi))[0])]

    def began(self, rows: Places, side: Floats) -> Places:
        """How many points ago each series most likely began to lie on that side: the stretch up to now whose sum is
        the largest for its length (Page 1954; Hinkley 1970)."""
        slots = np.arange(self.newest, self.newest - len(self.kept), -1) % len(self.kept)
        some = np.ix_(slots, rows)
        n, total = self.there[some].cumsum(axis=0, dtype=np.int64), (self.whole[some] * side).cumsum(axis=0)
        return np.asarray(np.argmax(total / np.sqrt(np.maximum(n, 1)), axis=0))

    def mean(self, weeks: int, points: Floats, phi: Floats) -> tuple[Places, Floats, Floats]:
        slots = np.arange(self.newest - weeks + 1, self.newest + 1) % len(self.kept)
        n, total = self.there[slots].sum(axis=0, dtype=np.int64), self.kept[slots].sum(axis=0)
        some = np.flatnonzero((n >= FILLED * weeks) & (np.abs(total) > FAR * np.sqrt(n)))
        many, follows = n[some], phi[some]
        alike = (1 + follows) / (1 - follows)
        own = many * alike - 2 * follows * (1 - follows**many) / (1 - follows) ** 2
        error = np.sqrt(own / many**2 + alike / points[some])
        mean = total[some] / many
        wildest = (self.kept[np.ix_(slots, some)] * np.sign(mean)).max(axis=0)
        far = np.abs(total[some]) - wildest > FAR * error * (many - 1)
        return some[far], mean[far], error[far]


def chance(mean: Floats, error: Floats, points: Floats, phi: Floats) -> Floats:
    """The two-sided p of such a mean, for as many spans as are asked."""
    return np.asarray(np.minimum(len(SPANS) * spc.two_sided(mean / error, spc.freedom(points, phi)), 1.0))

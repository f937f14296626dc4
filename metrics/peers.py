"""What all units share in a week, so that a holiday or a busy season is nobody's alarm."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from metrics.panel import Panel, Places
from metrics.ranks import Ranks
from metrics.spc import Flags, Floats


@dataclass
class Circle:
    """Groups of series, and the median deviation of their members from their own baselines, by time.

    `members` and `asking` give each series its group, -1 for none: whom it is counted with, and whom compared.
    """

    members: Places
    asking: Places
    least: int
    level: Floats
    active: Flags
    ranks: Ranks = field(init=False)

    def __post_init__(self) -> None:
        self.ranks = Ranks(self.members, len(self.active), self.least)

    @classmethod
    def of(cls, members: Places, asking: Places, least: int, columns: int) -> Circle:
        size = int(asking.max(initial=0)) + 1
        return cls(members, asking, least, np.full((size, columns), np.nan, order="F"), np.zeros(size, bool))

    def note(self, deviation: Floats, t: int) -> None:
        median, size = self.ranks.medians(deviation)
        self.level[:, t] = np.where(self.active & (size >= self.least), median, np.nan)

    def enrol(self, x: Floats, centre: Floats, t: int) -> bool:
        known = np.isfinite(centre) & (self.members >= 0)
        new = ~self.active & (np.bincount(self.members[known], minlength=len(self.active)) >= self.least)
        self.active |= new
        for s in range(t + 1) if new.any() else ():
            median, size = self.ranks.medians(x[:, s] - centre)
            self.level[new, s] = np.where(size >= self.least, median, np.nan)[new]
        return bool(new.any())

    def shared(self, rows: Places, columns: slice) -> Floats:
        level = self.level[np.maximum(self.asking[rows], 0), columns]
        return np.where((self.asking[rows] >= 0)[:, None], level, np.nan)


@dataclass
class Peers:
    """Units of the same depth where there are enough of them, else all of depth two or more; none for the root."""

    near: Circle
    far: Circle

    @classmethod
    def of(cls, panel: Panel, columns: int, least: int) -> Peers:
        depth, indicator = panel.depth, panel.indicator
        level = np.where(depth > 0, indicator * (int(depth.max(initial=0)) + 1) + depth, -1)
        below, under = np.where(depth >= 2, indicator, -1), np.where(depth >= 1, indicator, -1)
        return cls(Circle.of(level, level, least, columns), Circle.of(below, under, least, columns))

    def note(self, deviation: Floats, t: int) -> None:
        """Take in one point in time: everyone's deviation from their own baseline, nan where there is none."""
        self.near.note(deviation, t)
        self.far.note(deviation, t)

    def enrol(self, x: Floats, centre: Floats, t: int) -> bool:
        """Fill in the past of groups of which enough members have a baseline by now; says whether there are any."""
        return self.near.enrol(x, centre, t) | self.far.enrol(x, centre, t)

    def shared(self, rows: Places, columns: slice) -> Floats:
        """What to subtract from those series at those times; 0 where nobody compares."""
        near, far = self.near.shared(rows, columns), self.far.shared(rows, columns)
        either = np.where(np.isnan(near), far, near)
        return np.where(np.isnan(either), 0.0, either)

"""The members of many groups in order of their values: what is in the middle of each group, or between two ranks."""

from __future__ import annotations

import numpy as np

from metrics.panel import Places
from metrics.spc import Flags, Floats


class Ranks:
    """Groups laid side by side, so that a week's values are sorted group by group.

    `at`: the members, by group; `group`: that of each; groups of fewer than `least` members are left out for good.
    """

    def __init__(self, members: Places, groups: int, least: int) -> None:
        many = np.bincount(members[members >= 0], minlength=groups)
        kept = np.flatnonzero((members >= 0) & (np.append(many, 0)[members] >= max(least, 1)))
        self.groups = groups
        self.at = kept[np.argsort(members[kept], kind="stable")]
        self.group = members[self.at]
        starts = np.flatnonzero(np.r_[True, self.group[1:] != self.group[:-1]]) if len(self.at) else np.empty(0, int)
        self.named, self.starts = self.group[starts], starts.astype(np.int64)
        self.ordered = np.empty(len(self.at))
        self.rows = np.split(self.ordered, starts[1:]) if len(self.at) else []

    def order(self, values: Floats) -> Places:
        """Sort the members' values, nan last, within each group; how many there are of each group that is kept."""
        self.ordered[:] = values
        for row in self.rows:
            row.sort()
        return self.sums(np.isfinite(values)).astype(np.int64)

    def sums(self, values: Floats | Flags) -> Floats:
        """The sum over each group that is kept."""
        return np.add.reduceat(values, self.starts, dtype=float) if len(self.at) else np.empty(0)

    def medians(self, values: Floats) -> tuple[Floats, Places]:
        """The median of each group and how many values it is of, nan left out; `values` of all, members or not."""
        some = self.order(values[self.at])
        low, high = (self.starts + np.maximum(some - 1 + more, 0) // 2 for more in (0, 1))
        median, size = np.full(self.groups, np.nan), np.zeros(self.groups, np.int64)
        median[self.named], size[self.named] = (self.ordered[low] + self.ordered[high]) / 2, some
        return median, size

    def trimmed(self, values: Floats, weights: Floats, trim: float, least: int) -> Floats:
        """The weighted mean of each group's middle values, so large a share left out at either end.

        `values` and `weights` of `at`, nan left out; nan for groups of fewer than `least`.
        """
        some = self.order(values)
        last = np.maximum(some - 1, 0)
        low, high = np.ceil(trim * last - 1e-9), np.floor((1 - trim) * last + 1e-9)
        many = np.diff(np.r_[self.starts, len(self.at)])
        ends = [np.repeat(self.ordered[self.starts + rank.astype(np.int64)], many) for rank in (low, high)]
        weight = np.where((values >= ends[0]) & (values <= ends[1]), weights, 0.0)
        total = self.sums(weight * np.where(weight > 0, values, 0.0))
        mean, found = np.full(self.groups, np.nan), some >= least
        mean[self.named[found]] = total[found] / np.maximum(self.sums(weight)[found], 1e-12)
        return mean

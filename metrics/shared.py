"""What all of a family do in a week: the trimmed mean of how far each is from its own level so far."""

from __future__ import annotations

import numpy as np

from metrics.panel import Places
from metrics.spc import Floats

KNOWN = 8  # values that make a level
LEAST = 8  # members that make a family
TRIM = 0.1  # left out at either end


def levels(value: Floats, n: Floats, near: Places, far: Places, asking: Places) -> Floats:
    """What the family of each series does in each week: near relatives where enough are known, else far ones, else 0.

    `near`, `far`: the family to which each series lends its values, -1 for none; `asking`: the far family it asks where
    its near one is too small. One row a series, one column a week; a week's values hang on no later week.
    """
    families = Families(value, n, near), Families(value, n, far)
    out = np.zeros_like(value)
    for t in range(value.shape[1]):
        close, wide = (one.see(t, place) for one, place in zip(families, (near, asking), strict=True))
        out[:, t] = np.nan_to_num(np.where(np.isnan(close), wide, close))
    return out


class Families:
    """The level of each series so far, and what each family does; time passes by `see`."""

    def __init__(self, value: Floats, n: Floats, member: Places) -> None:
        self.value, self.member, self.families = value, member, int(member.max(initial=-1)) + 1
        self.weight = np.sqrt(np.where(np.isfinite(n), np.maximum(n, 1.0), 1.0))
        self.total, self.seen = np.zeros((2, len(value)))

    def see(self, t: int, asking: Places) -> Floats:
        """What the family that each series asks does this week; nan where too few members are known."""
        there = np.isfinite(self.value[:, t])
        off = self.value[:, t] - self.total / np.maximum(self.seen, 1)
        level = self.middle(off, there & (self.seen >= KNOWN) & (self.member >= 0), self.weight[:, t])
        level = np.r_[level, np.nan]
        own = np.nan_to_num(level[self.member])
        self.total[there] += (self.value[:, t] - own)[there]
        self.seen[there] += 1
        return np.asarray(level[np.where(asking < self.families, asking, -1)])

    def middle(self, off: Floats, known: np.ndarray, weight: Floats) -> Floats:
        """The mean of each family's middle members."""
        at = np.flatnonzero(known)
        at = at[np.lexsort((off[at], self.member[at]))]
        family = self.member[at]
        size = np.bincount(family, minlength=self.families)
        starts = np.cumsum(size) - size
        place = (np.arange(len(at)) - starts[family]) / np.maximum(size[family] - 1, 1)
        kept = (place >= TRIM) & (place <= 1 - TRIM)
        weight = np.where(kept, weight[at], 0.0)
        total = np.bincount(family, weight * off[at], self.families)
        return np.where(size >= LEAST, total / np.maximum(np.bincount(family, weight, self.families), 1e-12), np.nan)

"""What all of a family do in a week: the trimmed mean of how far each is from its own level so far."""

from __future__ import annotations

import numpy as np

from metrics.panel import Places
from metrics.ranks import Ranks
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
    asking = np.where(asking <= far.max(initial=-1), asking, -1)
    out = np.zeros_like(value, order="F")
    for t in range(value.shape[1]):
        close, wide = (one.see(t)[place] for one, place in zip(families, (near, asking), strict=True))
        either = np.where(np.isnan(close), wide, close)
        out[:, t] = np.where(np.isnan(either), 0.0, either)
    return out


class Families:
    """The level of each series so far, and what each family does; time passes by `see`."""

    def __init__(self, value: Floats, n: Floats, member: Places) -> None:
        self.ranks = Ranks(member, int(member.max(initial=-1)) + 1, LEAST)
        mine = self.ranks.at
        self.value = np.asfortranarray(value[mine])
        self.weight = np.asfortranarray(np.sqrt(np.where(np.isfinite(n[mine]), np.maximum(n[mine], 1.0), 1.0)))
        self.total, self.seen = np.zeros((2, len(mine)))

    def see(self, t: int) -> Floats:
        """What each family does this week, and last of all nan, for none; nan where too few members are known."""
        value = self.value[:, t]
        there = np.isfinite(value)
        off = np.where(self.seen >= KNOWN, value - self.total / np.maximum(self.seen, 1), np.nan)
        level: Floats = np.append(self.ranks.trimmed(off, self.weight[:, t], TRIM, LEAST), np.nan)
        own = level[self.ranks.group]
        self.total += np.where(there, value - np.where(np.isnan(own), 0.0, own), 0.0)
        self.seen += there
        return level

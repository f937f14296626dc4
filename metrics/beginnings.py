"""Changes that have just begun, in a panel whose series may break and begin anew: the odds, and how large they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metrics.onsets import BINOMIAL, Course, onsets
from metrics.panel import SCALE, SHARE, Panel
from metrics.peers import Peers
from metrics.shared import levels
from metrics.spc import Floats

# How often series that only make noise reach such log odds in a week, as measured on the simulated organisation.
ODDS = (-0.5, 0.0, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 25.0)
CHANCE = (0.38, 0.082, 0.025, 0.0094, 0.0017, 0.00043, 0.00018, 0.000075, 2e-12)
FOLLOWED = 0.1  # the lag-1 autocorrelation of noise that the filters expect


@dataclass(frozen=True)
class Beginnings:
    """By series and week: log odds of a change begun lately, and its size on the even scale; nan where unknown."""

    odds: Floats
    size: Floats

    @classmethod
    def of(cls, panel: Panel, x: Floats, peers: Peers, start: int) -> Beginnings:
        """From values on the even scale, nan where they may not be judged; `start`: the number of the first week.

        A break begins a life of its own. Surveys, and what spans four weeks, have none.
        """
        found, size = (np.full(x.shape, np.nan, order="F") for _ in range(2))
        rows = np.flatnonzero(~panel.spans & (panel.kind != SCALE))
        if not len(rows):
            return cls(found, size)
        life = np.cumsum(panel.weeks.broken[rows], axis=1)
        lives = life[:, -1] - life[:, 0] + 1
        place, weeks = life - life[:, :1] + (np.cumsum(lives) - lives)[:, None], np.arange(life.shape[1])
        whose = np.repeat(rows, lives)
        value, n = (np.full((len(whose), life.shape[1]), np.nan, order="F") for _ in range(2))
        value[place, weeks], n[place, weeks] = x[rows], panel.weeks.n[rows]
        near, far, asking = peers.near.members[whose], peers.far.members[whose], peers.far.asking[whose]
        alone = near.max(initial=0) + 1 + whose
        shared = levels(value, n, near, far, asking)
        odds, change = onsets(
            Course(
                value,
                n,
                np.where(near >= 0, near, alone),
                shared,
                np.where(panel.kind[whose] == SHARE, BINOMIAL, 0.0),
                start,
            )
        )
        found[rows], size[rows] = odds[place, weeks], change[place, weeks]
        return cls(found, size)


def chance(odds: Floats, phi: Floats) -> Floats:
    """How often series that do not change have such log odds or higher in a week.

    `phi`: the lag-1 autocorrelation of their noise; what exceeds that of the noise measured makes the same odds weaker.
    """
    lasting = np.maximum(phi, FOLLOWED)
    weaker = (1 + lasting) / (1 - lasting) * (1 - FOLLOWED) / (1 + FOLLOWED)
    p = np.exp(np.interp(odds / weaker, ODDS, np.log(CHANCE)))
    return np.asarray(np.where(odds < ODDS[0], 1.0, p))

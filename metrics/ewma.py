"""One EWMA chart per series, all series at once: a frozen baseline, what all units share taken out, a test each time.

Time passes by `observe`, then `learn`; neither looks ahead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr

from metrics import spc
from metrics.baseline import CLIP, Baseline, steadiness
from metrics.lasting import Lasting, chance
from metrics.panel import RATE, SCALE, SHARE, TIES, Columns, Kinds, Panel, Places, forward
from metrics.peers import Peers
from metrics.spc import Flags, Floats

STANDING = 0.5  # of a lasting mean that the average must still show
JUMP = 0.0005  # a single point counts by itself only below this


@dataclass(frozen=True)
class Pace:
    """How a chart runs: weight of the newest value; longest and shortest baseline, its distance, when it is renewed.

    `enough` points make a baseline that may raise an alarm; `averaged` points make one value that people see.
    """

    weight: float
    longest: int
    shortest: int
    gap: int
    stable: int
    enough: int
    averaged: int


WEEKLY = Pace(weight=0.2, longest=52, shortest=8, gap=4, stable=26, enough=24, averaged=4)
BLOCKS = Pace(weight=0.3, longest=26, shortest=6, gap=1, stable=13, enough=12, averaged=1)


@dataclass(frozen=True)
class Sizes:
    """The smallest shift worth acting on: in baseline SDs, and on the even scale by kind; and how sure of its sign."""

    sds: float = 0.5
    share: float = 0.02
    relative: float = 0.02
    sure: float = 0.90


@dataclass(frozen=True)
class Test:
    """What one point in time says of each series; `strength` is the shift in SDs of the baseline, with its sign.

    It is that of the average, or of the newest point where that `alone` tells more.
    """

    __test__ = False
    fresh: Flags
    p: Floats
    t: Floats
    limit: Floats
    strength: Floats
    material: Flags
    alone: Flags


def silent(series: int) -> Test:
    """A test that says nothing of anyone."""
    nothing, nobody = np.full(series, np.nan), np.zeros(series, bool)
    return Test(nobody, nothing, nothing, nothing, nothing, nobody, nobody)


class Charts:
    """The charts of all series at one pace."""

    def __init__(self, panel: Panel, data: Columns, pace: Pace, sizes: Sizes, peers: int = 8) -> None:
        series, columns = data.value.shape
        self.data, self.pace, self.sizes = data, pace, sizes
        self.kind: Kinds = panel.kind
        self.indicator: Places = panel.indicator
        charted = data.fit & (panel.kind != SCALE)[:, None]
        self.x: Floats = np.where(charted, forward(data.value, data.n, panel.kind), np.nan)
        self.peers = Peers.of(panel, columns, peers)
        self.everyone = np.arange(series)
        self.known = Baseline.blank(series)
        self.smooth, self.level = np.zeros(series), np.zeros(series)
        self.phi, self.t, self.limit = np.zeros(series), np.zeros(series), np.full(series, np.nan)
        self.run, self.calm, self.began = np.zeros((3, series), np.int64)
        self.lasting = Lasting(series)
        self.counted = np.zeros((series, columns + 1), np.int64)
        np.cumsum(np.isfinite(self.x), axis=1, out=self.counted[:, 1:])

    def observe(self, t: int) -> Test:
        """Take in the values of one point in time and test them against the frozen baselines."""
        self.peers.note(self.x[:, t] - self.known.centre, t)
        z = self.deviation(self.everyone, t)
        fresh = np.isfinite(z)
        self.move(self.everyone, z, t)
        test = self.test(fresh, (z - self.known.mean) / self.known.sd)
        return self.lasted(test) if self.pace.averaged > 1 else test

    def deviation(self, rows: Places, t: int) -> Floats:
        """How far values lie from their baseline's centre, less what the peers share, in robust SDs."""
        known = self.known
        own = self.x[rows, t] - known.centre[rows] - self.peers.shared(rows, slice(t, t + 1))[:, 0]
        return np.asarray(
            own * steadiness(self.data.n[rows, t], known.usual_n[rows], self.kind[rows]) / known.scale[rows]
        )

    def move(self, rows: Places, z: Floats, t: int) -> None:
        """Move averages on by one point where there is one."""
        known, weight, there = self.known, self.pace.weight, np.isfinite(z)
        self.lasting.note(rows, (z - known.mean[rows]) / known.sd[rows], t)
        rows, z = rows[there], z[there]
        off = (np.clip(z, -CLIP, CLIP) - known.mean[rows]) / known.sd[rows]
        smooth = weight * off + (1 - weight) * self.smooth[rows]
        self.smooth[rows] = smooth
        self.level[rows] = weight * (self.x[rows, t] - known.raw[rows]) + (1 - weight) * self.level[rows]
        self.run[rows] += 1

    def test(self, fresh: Flags, newest: Floats) -> Test:
        known, weight = self.known, self.pace.weight
        error = np.sqrt(spc.ewma_variance(weight, np.clip(self.run, 1, 26), known.points, self.phi))
        t = self.t = self.smooth / error
        p = np.full(len(t), np.nan)
        p[fresh] = spc.two_sided(t[fresh], spc.freedom(known.points[fresh], self.phi[fresh]))
        strength = self.smooth / (1 - (1 - weight) ** np.maximum(self.run, 1))
        sure = self.sure(t, error)
        far = np.flatnonzero(fresh & (np.abs(newest) > 3))
        jump = spc.two_sided(newest[far] / np.sqrt(1 + 1 / known.points[far]), known.points[far] - 1)
        leads = (jump < JUMP) & (2 * jump < p[far])
        far, jump = far[leads], jump[leads]
        p[far], strength[far], sure[far] = 2 * jump, newest[far], True
        alone = np.zeros(len(p), bool)
        alone[far] = True
        material = self.large(strength) & sure
        return Test(fresh, p, t, self.limit, strength, material, alone)

    def lasted(self, test: Test) -> Test:
        """The test, or where they say more the means of a quarter and of half a year, while the average still bears
        them out: what is over does not ring on."""
        known = self.known
        p, strength, material, alone = test.p.copy(), test.strength.copy(), test.material.copy(), test.alone.copy()
        for rows, mean, error in self.lasting.means(known.points, self.phi):
            found = chance(mean, error, known.points[rows], self.phi[rows])
            leads = test.fresh[rows] & (found < p[rows]) & (self.smooth[rows] / mean >= STANDING)
            rows, mean, error = rows[leads], mean[leads], error[leads]
            p[rows], strength[rows], alone[rows] = found[leads], mean, False
            material[rows] = self.large(strength)[rows] & self.sure(mean / error, error)
        return replace(test, p=p, strength=strength, material=material, alone=alone)

    def sooner(self, test: Test, p: Floats, size: Floats) -> Test:
        """The test, or where they say more the odds that a change has begun lately: their p, and its likely size."""
        known = self.known
        with np.errstate(invalid="ignore", divide="ignore"):
            strength = size / (known.sd * known.scale)
            leads = test.fresh & (p < test.p) & np.isfinite(strength)
            material = np.where(leads, self.large(strength), test.material)
        p, strength = np.where(leads, p, test.p), np.where(leads, strength, test.strength)
        alone = test.alone & ~leads
        return replace(test, p=p, strength=strength, material=np.asarray(material, bool), alone=alone)

    def autocorrelation(self) -> Floats:
        """Lag-1, pooled over the units of each indicator, corrected for short baselines, kept within 0 and 0.6."""
        points, r = self.known.points, self.known.r
        long = points > 5
        at = self.indicator[long]
        size = int(self.indicator.max(initial=0)) + 1
        total = np.bincount(at, (r[long] * points[long] + 1) / (points[long] - 4), size)
        pooled = total / np.maximum(np.bincount(at, minlength=size), 1)
        return np.asarray(np.clip(pooled, 0, 0.6)[self.indicator])

    def large(self, strength: Floats) -> Flags:
        """Large enough to act on, and to be seen in the raw value, which has moved to the same side."""
        known, sizes = self.known, self.sizes
        relative = sizes.relative * np.abs(known.raw) / np.where(np.isin(self.kind, (TIES, RATE)), 2, 1)
        least = np.where(self.kind == SHARE, sizes.share, relative)
        seen = np.sign(strength) * self.level
        shift = np.abs(strength) * known.sd * known.scale
        return np.asarray((np.abs(strength) >= sizes.sds) & (shift >= least) & (seen >= least / 2))

    def sure(self, t: Floats, error: Floats) -> Flags:
        """Whether the shift keeps its sign when shrunk towards none, shifts being about the size worth acting on."""
        rho = (self.sizes.sds / error) ** 2
        return np.asarray(ndtr(np.abs(t) * np.sqrt(rho / (1 + rho))) >= self.sizes.sure)

    def learn(self, t: int, calm: Flags) -> None:
        """Take the baselines that are due: the first one, a much longer one, or a newer one after long calm.

        The points between the baseline and now are then taken in anew. A break forgets the baseline and all before it,
        a block's whole block too. `calm` are the series without concern.
        """
        broken = self.data.broken[:, t]
        self.began[broken] = t + (self.pace.averaged == 1)
        self.known.put(broken, None)
        self.calm = np.where(calm & ~broken, self.calm + np.isfinite(self.x[:, t]), 0)
        stretch = slice(max(0, t - self.pace.gap - self.pace.longest + 1), max(0, t - self.pace.gap + 1))
        start = np.clip(self.began, stretch.start, stretch.stop)
        points, at_hand = self.known.points, self.counted[:, stretch.stop] - self.counted[self.everyone, start]
        first = np.isnan(points) & (at_hand >= self.pace.shortest)
        full = 0.9 * self.pace.longest
        longer = (points < full) & (at_hand >= np.minimum(1.5 * points, full))
        settled = calm & (np.abs(self.t) < self.limit / 2)
        due = np.flatnonzero(first | (settled & (longer | (self.calm >= self.pace.stable))))
        if len(due):
            self.freeze(due, stretch)
            if self.peers.enrol(self.x, self.known.centre, t):
                self.freeze(due, stretch)
            for since in range(stretch.stop, t + 1):
                self.move(due, self.deviation(due, since), since)
        if len(due) or broken.any():
            self.phi = self.autocorrelation()
            self.limit = spc.critical(0.0027, spc.freedom(self.known.points, self.phi))

    def freeze(self, rows: Places, stretch: slice) -> None:
        """Learn the baselines of some series from their stretch of the past and start their charts anew."""
        x = self.x[rows, stretch]
        own = x - self.peers.shared(rows, stretch)
        own[np.arange(stretch.start, stretch.stop) < self.began[rows, None]] = np.nan
        value, n = self.data.value[rows, stretch], self.data.n[rows, stretch]
        self.known.put(rows, Baseline.learnt(own, x, value, n, self.kind[rows], self.pace.averaged))
        self.smooth[rows] = self.level[rows] = 0
        self.run[rows] = self.calm[rows] = 0
        self.lasting.forget(rows)

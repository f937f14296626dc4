"""Survey waves: this one against the last one and against those before, by who answered; never between waves."""

from __future__ import annotations

import numpy as np

from metrics import spc
from metrics.baseline import USUAL
from metrics.ewma import Test, silent
from metrics.panel import SCALE, Panel
from metrics.spc import Flags, Floats

POINTS = 5.0  # the smallest change of a 0-100 score worth acting on


def difference_error(
    sd: Floats, n: Floats, sd_before: Floats, n_before: Floats, matched: Floats, moved_sd: Floats
) -> tuple[Floats, Floats]:
    """Standard error and degrees of freedom of a difference of means when some answered both times.

    The partially overlapping samples t-test for unequal variances (Derrick, Toher and White 2017); without matched
    answers, or without the SD of their changes, Welch's test.
    """
    paired = np.where((matched >= 3) & np.isfinite(moved_sd), matched, 0.0)
    a, b = sd**2 / n, sd_before**2 / n_before
    with np.errstate(invalid="ignore", divide="ignore"):
        r = np.clip((sd**2 + sd_before**2 - moved_sd**2) / (2 * sd * sd_before), -1, 1)
        shared = np.where(paired > 0, 2 * r * sd * sd_before * paired / (n * n_before), 0.0)
        welch = (a + b) ** 2 / (a**2 / (n - 1) + b**2 / (n_before - 1))
        alone = (n + n_before - 2 * paired) / (n + n_before)
        df = np.maximum(paired - 1, 0) + (welch - np.maximum(paired - 1, 0)) * alone
    return np.sqrt(np.maximum(a + b - shared, 1e-12)), np.where(paired > 0, df, welch)


def detectable(sd: Floats, n: Floats, sd_before: Floats | None = None, n_before: Floats | None = None) -> Floats:
    """The smallest change between two waves told from none with 90 % confidence (MDC90): 1.645 root 2 standard errors.

    Of waves that differ, each brings its own error; without the one before, it is taken to be like this one.
    """
    mine = sd**2 / n
    theirs = mine if sd_before is None or n_before is None else sd_before**2 / n_before
    return np.asarray(1.645 * np.sqrt(mine + theirs))


class Waves:
    """What is known of the waves of every survey series so far; time passes by `observe`, then `learn`."""

    def __init__(self, panel: Panel) -> None:
        self.panel, series = panel, panel.shape[0]
        self.fit = panel.weeks.fit & (panel.kind == SCALE)[:, None] & (panel.weeks.n >= 2) & np.isfinite(panel.sd)
        (self.total, self.squares, self.errors, self.freedom, self.count) = np.zeros((5, series))
        (self.last, self.last_sd, self.last_n) = np.full((3, series), np.nan)
        (self.before, self.low, self.high) = np.full((3, series), np.nan)

    def observe(self, t: int) -> Test:
        """Test one week's wave, where there is one. `strength` is the change in SDs of a single answer."""
        value, n, sd = self.panel.weeks.value[:, t], self.panel.weeks.n[:, t], self.panel.sd[:, t]
        fresh = self.fit[:, t] & (self.count >= 1)
        if not fresh.any():
            return silent(len(fresh))
        with np.errstate(invalid="ignore", divide="ignore"):
            error, df = self.error(sd, n)
            self.before = np.where(fresh, self.total / self.count, self.before)
            self.low = np.where(fresh, self.before - USUAL * error, self.low)
            self.high = np.where(fresh, self.before + USUAL * error, self.high)
            change = value - self.before
            p = self.either(spc.two_sided(change / error, df), change, t)
            large = np.abs(change) >= np.maximum(POINTS, detectable(sd, n))
            strength = change / sd
        p, nobody = np.where(fresh, p, np.nan), np.zeros(len(fresh), bool)
        return Test(fresh, p, change / error, spc.critical(0.0027, df), strength, large, nobody)

    def either(self, p: Floats, change: Floats, t: int) -> Floats:
        """The test against all earlier waves or, where it points the same way, that against the last one."""
        value, n, sd = self.panel.weeks.value[:, t], self.panel.weeks.n[:, t], self.panel.sd[:, t]
        matched, moved = self.panel.matched[:, t], self.panel.moved_sd[:, t]
        step = value - self.last
        error, df = difference_error(sd, n, self.last_sd, self.last_n, matched, moved)
        against_last = np.where(np.sign(step) == np.sign(change), spc.two_sided(step / error, df), 1.0)
        return np.where(self.count >= 2, np.minimum(1, 2 * np.fmin(p, against_last)), against_last)

    def error(self, sd: Floats, n: Floats) -> tuple[Floats, Floats]:
        """Standard error of this wave less the mean of those before; from the third on with how waves differ anyway."""
        own, theirs = sd**2 / n, self.errors / self.count**2
        spread = (self.squares - self.total**2 / self.count) / (self.count - 1)
        anyway = np.where(self.count >= 3, np.maximum(spread - self.errors / self.count, 0), 0.0) * (1 + 1 / self.count)
        parts = own**2 / (n - 1) + theirs**2 / self.freedom
        parts = parts + np.where(anyway > 0, anyway**2 / np.maximum(self.count - 1, 1), 0.0)
        return np.sqrt(own + theirs + anyway), (own + theirs + anyway) ** 2 / parts

    def learn(self, t: int, calm: Flags) -> None:
        """Take a wave into what is usual, unless it raises concern; a break forgets all waves before it."""
        broken, there = self.panel.weeks.broken[:, t], self.fit[:, t]
        if not (broken.any() or there.any()):
            return
        for known in (self.total, self.squares, self.errors, self.freedom, self.count):
            known[broken] = 0
        value, n, sd = self.panel.weeks.value[:, t], self.panel.weeks.n[:, t], self.panel.sd[:, t]
        usual = there & (calm | (self.count == 0))
        self.total[usual] += value[usual]
        self.squares[usual] += value[usual] ** 2
        self.errors[usual] += (sd**2 / n)[usual]
        self.freedom[usual] += (n - 1)[usual]
        self.count[usual] += 1
        self.last, self.last_n, self.last_sd = (
            np.where(there, new, old) for new, old in ((value, self.last), (n, self.last_n), (sd, self.last_sd))
        )

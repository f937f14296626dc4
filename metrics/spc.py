"""Control charts as the textbooks have them: XmR, runs, EWMA, CUSUM, Laney's p', and many tests at once.

Arrays in, arrays out; one series per call unless said. Positions are counted from 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtr, stdtrit
from scipy.stats import binom

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
TO_SIGMA = 1.128  # d2 of two: the mean moving range of normal noise in standard deviations


@dataclass(frozen=True)
class Limits:
    """Centre and limits of a chart; `sigma` is what one point scatters."""

    centre: float
    low: Floats
    high: Floats
    sigma: float


def xmr(values: ArrayLike, *, screened: bool = True) -> Limits:
    """Individuals chart: mean -+ 2.66 mean moving ranges (Wheeler 1993).

    Screened leaves out moving ranges beyond 3.267 times their mean, once, as the NHS does.
    """
    x = np.asarray(values, float)
    ranges = np.abs(np.diff(x))
    if screened:
        ranges = ranges[ranges <= 3.267 * ranges.mean()]
    centre, spread = float(x.mean()), float(ranges.mean())
    return Limits(centre, np.asarray(centre - 2.66 * spread), np.asarray(centre + 2.66 * spread), spread / TO_SIGMA)


def runs(values: ArrayLike, centre: float, length: int = 7) -> Flags:
    """Points that belong to a run of at least `length` on one side of the centre; a point on it ends the run."""
    side = np.sign(np.asarray(values, float) - centre)
    starts = np.flatnonzero(np.r_[True, side[1:] != side[:-1]])
    lengths = np.diff(np.r_[starts, len(side)])
    return np.asarray(np.repeat(lengths >= length, lengths) & (side != 0))


def anhoej(useful: int) -> tuple[int, int]:
    """The longest run and the fewest crossings still usual for so many points off the median (Anhøj 2014)."""
    return round(np.log2(useful)) + 3, int(binom.ppf(0.05, useful - 1, 0.5))


def ewma(values: ArrayLike, weight: float, start: float) -> Floats:
    """Exponentially weighted moving average, `start` first: one longer than the values (Roberts 1959)."""
    smooth = [start]
    for value in np.asarray(values, float):
        smooth.append(weight * value + (1 - weight) * smooth[-1])
    return np.asarray(smooth)


def ewma_limits(points: int, weight: float, centre: float, sigma: float, width: float = 3) -> Limits:
    """Limits after 1 .. `points` values; they widen to width * sigma * sqrt(weight / (2 - weight))."""
    t = np.arange(1, points + 1)
    reach = width * sigma * np.sqrt(weight / (2 - weight) * (1 - (1 - weight) ** (2 * t)))
    return Limits(centre, centre - reach, centre + reach, sigma)


def cusum(values: ArrayLike, target: float, slack: float) -> tuple[Floats, Floats]:
    """Tabular cumulative sums above and below the target (Page 1954)."""
    off = np.asarray(values, float) - target
    above, below = np.zeros(len(off) + 1), np.zeros(len(off) + 1)
    for t, x in enumerate(off):
        above[t + 1] = max(0.0, above[t] + x - slack)
        below[t + 1] = max(0.0, below[t] - x - slack)
    return above[1:], below[1:]


def laney(part: ArrayLike, whole: ArrayLike) -> tuple[Limits, Floats]:
    """Laney's p' chart: limits that allow for more scatter than the binomial's, never for less; and the z values."""
    k, n = np.asarray(part, float), np.asarray(whole, float)
    centre = float(k.sum() / n.sum())
    error = np.sqrt(centre * (1 - centre) / n)
    z = (k / n - centre) / error
    sigma = float(np.abs(np.diff(z)).mean() / TO_SIGMA)
    reach = 3 * error * max(1.0, sigma)
    return Limits(centre, centre - reach, centre + reach, sigma), z


def ewma_variance(weight: float, t: ArrayLike, points: ArrayLike, phi: ArrayLike) -> Floats:
    """Variance of a standardised EWMA after `t` values, when mean and SD were learnt from `points` others.

    `phi` is the noise's lag-1 autocorrelation. Both the sum's own noise and the baseline's error are in it.
    """
    kept = (1 - weight) ** np.asarray(t, float)
    drag = np.asarray(phi, float) * (1 - weight)
    own = weight / (2 - weight) * (1 - kept**2) * (1 + drag) / (1 - drag)
    phi = np.asarray(phi, float)
    learnt = (1 - kept) ** 2 / np.asarray(points, float) * (1 + phi) / (1 - phi)
    return np.asarray(own + learnt)


def freedom(points: ArrayLike, phi: ArrayLike) -> Floats:
    """Degrees of freedom of an SD learnt from so many points with such autocorrelation."""
    phi = np.asarray(phi, float)
    return np.asarray((np.asarray(points, float) - 1) * (1 - phi**2) / (1 + phi**2))


def two_sided(t: ArrayLike, df: ArrayLike) -> Floats:
    """Two-sided p of a t statistic."""
    return np.asarray(2 * stdtr(np.asarray(df, float), -np.abs(np.asarray(t, float))))


def critical(p: float, df: ArrayLike) -> Floats:
    """The |t| whose two-sided p is `p`; worked out once for each df that occurs."""
    different, place = np.unique(np.asarray(df, float), return_inverse=True)
    return np.asarray(-stdtrit(different, p / 2)[place])


def pooled_autocorrelation(r: ArrayLike, points: ArrayLike) -> float:
    """One lag-1 autocorrelation for many series, corrected for their shortness and kept within 0 and 0.6."""
    r, m = np.asarray(r, float), np.asarray(points, float)
    long = m > 5
    if not long.any():
        return 0.0
    return float(np.clip(((r[long] * m[long] + 1) / (m[long] - 4)).mean(), 0, 0.6))


@dataclass(frozen=True)
class Predicted:
    """An EWMA judged against a short baseline: its value, standard error, t and two-sided p after each point."""

    ewma: Floats
    error: Floats
    t: Floats
    p: Floats


def ewma_t(baseline: ArrayLike, values: ArrayLike, weight: float = 0.2, phi: float = 0.0) -> Predicted:
    """EWMA of values against a baseline whose mean and SD are themselves uncertain."""
    known = np.asarray(baseline, float)
    z = (np.asarray(values, float) - known.mean()) / known.std(ddof=1)
    smooth = ewma(z, weight, 0.0)[1:]
    error = np.sqrt(ewma_variance(weight, np.arange(1, len(z) + 1), len(known), phi))
    t = smooth / error
    return Predicted(smooth, error, t, two_sided(t, freedom(len(known), phi)))


def adjusted(p: ArrayLike) -> Floats:
    """Benjamini and Hochberg's adjusted p values (1995), in the order given."""
    p = np.asarray(p, float)
    order = np.argsort(p)[::-1]
    ranked = p[order] * len(p) / np.arange(len(p), 0, -1)
    out = np.empty_like(p)
    out[order] = np.minimum(1, np.minimum.accumulate(ranked))
    return out


def rejected(p: ArrayLike, q: float) -> Flags:
    """Which of many tests are rejected while a share of at most `q` of the rejections is expected to be false."""
    return np.asarray(adjusted(p) <= q)

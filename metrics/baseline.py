"""What is usual for a series: centre and scatter of a stretch of its past, and the range its values lie in."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from metrics.panel import SHARE, Kinds, Places, back, forward
from metrics.spc import Flags, Floats

CLIP = 2.5
USUAL = 1.645  # nine four-week values in ten lie in the usual range


def middle(rows: Floats) -> Floats:
    """The median of each row, nan left out; a row without values has none."""
    ordered, size = np.sort(rows, axis=1), np.count_nonzero(np.isfinite(rows), axis=1)
    at = np.arange(len(rows))
    return np.asarray((ordered[at, np.maximum(size - 1, 0) // 2] + ordered[at, size // 2]) / 2)


def mean_and_sd(rows: Floats) -> tuple[Floats, Floats]:
    """Mean and SD of each row, nan left out."""
    known = np.isfinite(rows)
    size, filled = np.count_nonzero(known, axis=1), np.where(known, rows, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = filled.sum(axis=1) / size
        off = np.where(known, filled - mean[:, None], 0.0)
        return mean, np.sqrt(np.einsum("ij,ij->i", off, off) / (size - 1))


def scatter(off: Floats) -> Floats:
    """Robust SD of rows of deviations from their median: from the median absolute one, at least half the plain SD."""
    return np.asarray(np.maximum(1.4826 * middle(np.abs(off)), 0.5 * mean_and_sd(off)[1]))


def autocorrelation(off: Floats) -> Floats:
    """Lag-1 autocorrelation of rows of deviations from their mean, from the pairs that are there."""
    known = np.isfinite(off)
    pairs, size = np.count_nonzero(known[:, 1:] & known[:, :-1], axis=1), np.count_nonzero(known, axis=1)
    off = np.where(known, off, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        shared = np.einsum("ij,ij->i", off[:, 1:], off[:, :-1]) / pairs
        return np.asarray(np.clip(np.nan_to_num(shared / (np.einsum("ij,ij->i", off, off) / size)), -1, 1))


def steadiness(n: Floats, usual: Floats, kind: Kinds) -> Floats:
    """How much less a share scatters than usual for the events behind it; 1 for all else."""
    with np.errstate(invalid="ignore", divide="ignore"):
        weight = np.clip(np.sqrt(n / usual), 1 / 3, 3)
    return np.where((kind == SHARE) & np.isfinite(weight), weight, 1.0)


def binomial(n: Floats, centre: Floats, kind: Kinds) -> Floats:
    """The least scatter believed: a share's is never less than the binomial's (as Laney's charts have it)."""
    share = (kind == SHARE) & (n > 0)
    return np.where(share, 0.5 / np.sqrt(np.where(share, n, 1.0)), 1e-9 + 1e-6 * np.abs(centre))


@dataclass
class Baseline:
    """One number per series in each field; nan where nothing has been learnt.

    Tests use `centre` (of what is left when the peers' share is taken out), `scale`, and `mean`, `sd` of the clipped
    deviations. People see `before`, `low`, `high`: the usual value and range, of the input as it was.
    """

    points: Floats
    centre: Floats
    scale: Floats
    mean: Floats
    sd: Floats
    r: Floats
    usual_n: Floats
    raw: Floats
    before: Floats
    low: Floats
    high: Floats

    @classmethod
    def blank(cls, series: int) -> Baseline:
        return cls(*np.full((len(fields(cls)), series), np.nan))

    def put(self, rows: Places | Flags, other: Baseline | None) -> None:
        """Replace some series' baselines, or forget them."""
        for one in fields(self):
            getattr(self, one.name)[rows] = np.nan if other is None else getattr(other, one.name)

    @classmethod
    def learnt(cls, own: Floats, x: Floats, value: Floats, n: Floats, kind: Kinds, averaged: int) -> Baseline:
        """From the stretch of each series, by rows: what is its own of `x` (even scale), raw values, events.

        `averaged` points make one value that people see.
        """
        known = np.isfinite(own)
        points, centre = known.sum(axis=1).astype(float), middle(own)
        usual_n = middle(np.where(known, n, np.nan))
        off = (own - centre[:, None]) * steadiness(n, usual_n[:, None], kind[:, None])
        least = binomial(usual_n, centre, kind)
        scale = np.maximum(scatter(off), least)
        clipped = np.clip(off / scale[:, None], -CLIP, CLIP)
        mean, sd = mean_and_sd(clipped)
        r = autocorrelation(clipped - mean[:, None])
        before, width = usual(np.where(known, value, np.nan), np.where(known, x, np.nan), n, averaged)
        raw = forward(before, np.full(len(before), np.nan), kind)
        low, high = back(raw - width, kind), back(raw + width, kind)
        return cls(points, centre, scale, mean, np.maximum(sd, least / scale), r, usual_n, raw, before, low, high)


def usual(value: Floats, x: Floats, n: Floats, averaged: int) -> tuple[Floats, Floats]:
    """The pooled value of each row, and how far from it (on the even scale, as `x`) nine averages in ten lie.

    An average of four of a series with autocorrelation phi scatters by sqrt((1 + 1.5 phi + phi^2 + phi^3 / 2) / 4).
    """
    known = np.isfinite(value)
    weight = np.where(known, np.where(np.isnan(n), 1.0, n), 0.0)
    total = np.einsum("ij,ij->i", np.where(known, value, 0.0), weight)
    before = total / np.maximum(weight.sum(axis=1), 1e-12)
    off = x - middle(x)[:, None]
    phi = np.clip(autocorrelation(off - mean_and_sd(off)[0][:, None]), 0, 0.9)
    share = (1 + 1.5 * phi + phi**2 + 0.5 * phi**3) / 4 if averaged > 1 else np.ones(len(phi))
    points = np.count_nonzero(known, axis=1)
    return before, np.asarray(USUAL * scatter(off) * np.sqrt(share + 1 / np.maximum(points, 1)))

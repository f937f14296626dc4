"""One factor behind the items of a scale: its loadings by unweighted least squares, omega, and what it leaves over."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from metrics.scales import Floats, correlation

STEPS = 2_000
STILL = 1e-10


def loadings(cov: npt.ArrayLike) -> Floats:
    """Standardised loadings (..., items) of one factor on covariances (..., items, items), by minimum residuals.

    Each loading in turn is the best one for the others' (Harman & Jones 1966), until none moves; none passes 1. Two
    items share the root of their correlation. NaN where an item has no spread, or where items do not go together at
    all.
    """
    r = correlation(cov)
    items = r.shape[-1]
    if items == 2:
        shared = np.sqrt(np.where(r[..., 0, 1] > 0, r[..., 0, 1], np.nan))
        return np.stack([shared, shared], axis=-1)
    off = np.nan_to_num(r * (1 - np.eye(items)))
    found = np.clip(np.sqrt(np.maximum(off.max(axis=-1), 0.05)), 0.05, 0.95)
    for _ in range(STEPS):
        before = found.copy()
        for item in range(items):
            others = (found**2).sum(-1) - found[..., item] ** 2
            best = (off[..., item, :] * found).sum(-1) / np.where(others > 0, others, np.nan)
            found[..., item] = np.clip(np.nan_to_num(best), -1, 1)
        if np.abs(found - before).max(initial=0) < STILL:
            break
    return np.where(np.isnan(r.sum((-2, -1)))[..., None], np.nan, found)


def omega_total(loads: npt.ArrayLike) -> Floats:
    """McDonald's omega-total (...) from standardised loadings (..., items) of one factor (McDonald 1999)."""
    found = np.asarray(loads, float)
    common = found.sum(-1) ** 2
    return np.asarray(common / (common + (1 - found**2).sum(-1)))


def left_over(cov: npt.ArrayLike, loads: npt.ArrayLike) -> Floats:
    """Root mean square (...) of the correlations that one factor leaves unexplained: SRMR, good under 0.08.

    NaN for two items, and for three: one factor always explains them.
    """
    r, found = correlation(cov), np.asarray(loads, float)
    rows, columns = np.triu_indices(r.shape[-1], 1)
    rest = (r - found[..., :, None] * found[..., None, :])[..., rows, columns]
    root = np.sqrt((rest**2).mean(-1))
    return np.asarray(root if r.shape[-1] > 3 else np.full_like(root, np.nan))

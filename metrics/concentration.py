"""How much hangs on a few: inequality of contributions, evenness of voice, and how many one could not do without."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def gini(counts: npt.ArrayLike) -> float:
    """Gini coefficient of contributions (people, the silent as 0): 0 if all give the same, near 1 if one gives all."""
    ordered = np.sort(_counts(counts))
    n = len(ordered)
    ranks = np.arange(1, n + 1)
    return float(((2 * ranks - n - 1) * ordered).sum() / (n * ordered.sum())) if ordered.sum() else float("nan")


def evenness(counts: npt.ArrayLike) -> float:
    """Evenness of voice, 1 - G n / (n - 1): 1 if all say the same, 0 if one says all; unknown of one person alone."""
    n = len(_counts(counts))
    return 1 - gini(counts) * n / (n - 1) if n > 1 else float("nan")


def absence_factor(counts: npt.ArrayLike, share: float = 0.5) -> int:
    """The fewest people who together give that share of all contributions (CHAOSS contributor absence factor)."""
    running = np.cumsum(np.sort(_counts(counts))[::-1])
    return int(np.searchsorted(running, running[-1] * share) + 1) if running[-1] else 0


def _counts(counts: npt.ArrayLike) -> Floats:
    found = np.asarray(counts, float)
    if found.ndim != 1 or not len(found) or not (found >= 0).all():
        raise ValueError("contributions are one row of counts, none under 0, of one person at least")
    return found

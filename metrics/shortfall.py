"""Skills needed against skills held: a surplus in one person never makes up for what another lacks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def shortfall(need: npt.ArrayLike, have: npt.ArrayLike) -> float:
    """Levels missing, over the people or seats that need the skill."""
    needed, held = _levels(need, have)
    return float(np.maximum(needed - held, 0).sum())


def coverage(need: npt.ArrayLike, have: npt.ArrayLike) -> float:
    """Share of the levels needed that are there (0 to 1)."""
    needed, held = _levels(need, have)
    return float(np.minimum(needed, held).sum() / needed.sum())


def meeting(need: npt.ArrayLike, have: npt.ArrayLike) -> float:
    """Share of people who hold what they need (0 to 1)."""
    needed, held = _levels(need, have)
    return float((held >= needed).mean())


def gap_index(skills: Sequence[tuple[npt.ArrayLike, npt.ArrayLike, float]]) -> float:
    """Share of all levels needed that are missing, each skill (need, have, importance) by its importance (0 to 1)."""
    missing = sum(importance * shortfall(need, have) for need, have, importance in skills)
    needed = sum(importance * float(np.asarray(need, float).sum()) for need, _, importance in skills)
    return missing / needed


def required_level(headcount: npt.ArrayLike, level: npt.ArrayLike) -> float:
    """The level needed on average, over positions of so many people each."""
    return float(np.average(np.asarray(level, float), weights=np.asarray(headcount, float)))


def _levels(need: npt.ArrayLike, have: npt.ArrayLike) -> tuple[Floats, Floats]:
    needed, held = np.asarray(need, float), np.asarray(have, float)
    if needed.shape != held.shape or needed.ndim != 1 or not needed.sum() > 0:
        raise ValueError(f"each need takes one level held, and one is over 0; got {needed.shape} and {held.shape}")
    return needed, held

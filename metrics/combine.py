"""Numbers made one: goalposts that put indicators on one scale, and means of them with their uncertainty."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def goalposts(value: npt.ArrayLike, low: float, high: float, top: float = 100.0) -> Floats:
    """Where values lie from `low` (0) to `high` (`top`), not beyond; `low` may be the higher, where less is better."""
    if low == high or not np.isfinite([low, high]).all():
        raise ValueError(f"goalposts at {low} and {high} have nothing between them")
    return np.asarray(np.clip((np.asarray(value, float) - low) / (high - low), 0, 1) * top)


def arithmetic(scores: npt.ArrayLike, weights: npt.ArrayLike) -> float:
    """Weighted mean: what one input loses another may make good."""
    given, share = _weighed(scores, weights)
    return float(given @ share)


def geometric(scores: npt.ArrayLike, weights: npt.ArrayLike) -> float:
    """Weighted geometric mean: a collapse in one input is not bought back; 0 as soon as one is 0."""
    given, share = _weighed(scores, weights)
    return float(np.prod(given**share))


def harmonic(scores: npt.ArrayLike, weights: npt.ArrayLike) -> float:
    """Weighted harmonic mean, the strictest; 0 as soon as one input is 0."""
    given, share = _weighed(scores, weights)
    given, share = given[share > 0], share[share > 0]
    return 0.0 if (given == 0).any() else float(1 / (share / given).sum())


def arithmetic_error(errors: npt.ArrayLike, weights: npt.ArrayLike) -> float:
    """Standard error of the arithmetic mean of inputs with independent errors."""
    error, share = _weighed(errors, weights)
    return float(np.sqrt(((share * error) ** 2).sum()))


def geometric_error(scores: npt.ArrayLike, errors: npt.ArrayLike, weights: npt.ArrayLike) -> float:
    """Standard error of the geometric mean of inputs over 0 with independent errors (delta method)."""
    given, share = _weighed(scores, weights)
    error, _ = _weighed(errors, weights)
    given, error, share = given[share > 0], error[share > 0], share[share > 0]
    if (given == 0).any():
        raise ValueError("the error of a geometric mean is not known where an input is 0; report the inputs")
    return float(np.prod(given**share)) * float(np.sqrt(((share * error / given) ** 2).sum()))


def _weighed(scores: npt.ArrayLike, weights: npt.ArrayLike) -> tuple[Floats, Floats]:
    given, weight = np.asarray(scores, float), np.asarray(weights, float)
    if given.shape != weight.shape or given.ndim != 1:
        raise ValueError(f"each score takes one weight; there are {given.shape} scores and {weight.shape} weights")
    if (given < 0).any() or (weight < 0).any() or not weight.sum() > 0:
        raise ValueError("scores and weights are not under 0, and some weight is over it")
    return given, np.asarray(weight / weight.sum())

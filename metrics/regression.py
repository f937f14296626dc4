"""Straight lines through weekly series, with errors that know that one week resembles the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
CAUTION = 0.5  # standard errors by which weeks are taken to be more alike than they seem: the other side costs more
FIXED_B = {0.90: (1.6449, 2.1859, 0.3142, -0.3427), 0.95: (1.9600, 2.9694, 0.4160, -0.5324)}


@dataclass(frozen=True)
class Fit:
    """Coefficients (regressors,), their covariance (regressors, regressors), observations and lags behind them."""

    beta: Floats
    covariance: Floats
    observations: int
    lags: int

    def read(self, contrast: npt.ArrayLike, level: float = 0.90) -> tuple[float, float, float]:
        """A combination of the coefficients with its interval: value, low, high.

        The critical value is that of a bandwidth which is a share b of the series (Kiefer & Vogelsang 2005, Bartlett
        kernel), wider by as much as Student's t is than the normal one: either would promise too much on series as
        short as ours. Levels: .90 and .95.
        """
        weights = np.asarray(contrast, float)
        value = float(weights @ self.beta)
        short = stats.t.ppf((1 + level) / 2, self.observations - len(self.beta)) / stats.norm.ppf((1 + level) / 2)
        error = float(np.sqrt(max(weights @ self.covariance @ weights, 0)))
        half = critical(self.lags, self.observations, level) * float(short) * error
        return value, value - half, value + half

    def p(self, contrast: npt.ArrayLike) -> float:
        """How often chance alone would move it as far; under .10 where the 90 % interval leaves nought out."""
        value, low, _ = self.read(contrast)
        if value == low:
            return 0.0 if value else 1.0
        return float(2 * stats.norm.sf(abs(value) / (value - low) * FIXED_B[0.90][0]))


def critical(lags: int, observations: int, level: float) -> float:
    """The critical value for a Bartlett bandwidth of `lags` + 1 in so many observations."""
    share = (lags + 1) / observations
    return float(sum(term * share**power for power, term in enumerate(FIXED_B[level])))


def bandwidth(observations: int) -> int:
    """Lags worth taking into account: 4 (n / 100)^(2/9), the rule of Newey & West (1994)."""
    return int(4 * (observations / 100) ** (2 / 9))


def newey_west(
    regressors: npt.ArrayLike, values: npt.ArrayLike, lags: int | None = None, *, jackknifed: bool = False
) -> Fit:
    """Least squares with errors robust to changing spread and to neighbouring weeks alike (Newey & West 1987).

    `regressors` (weeks, k) in order of time, `values` (weeks,). Scaled by n / (n - k), as a short series asks for; or
    `jackknifed`: residuals as they would be had the line been drawn without their week (MacKinnon & White 1985, HC3).
    A `ValueError` where there are not more weeks than regressors.
    """
    x, y = np.asarray(regressors, float), np.asarray(values, float)
    observations, terms = x.shape
    if observations <= terms:
        raise ValueError(f"{observations} weeks cannot tell {terms} coefficients; it takes {terms + 1} at least")
    inverse = np.linalg.pinv(x.T @ x)
    beta = inverse @ x.T @ y
    left = y - x @ beta
    if jackknifed:
        left = left / np.clip(1 - np.einsum("ij,jk,ik->i", x, inverse, x), 0.05, 1)
    moments = x * left[:, None]
    reach = bandwidth(observations) if lags is None else lags
    middle = moments.T @ moments
    for lag in range(1, min(reach, observations - 1) + 1):
        cross = moments[lag:].T @ moments[:-lag]
        middle += (1 - lag / (reach + 1)) * (cross + cross.T)
    scale = 1.0 if jackknifed else observations / (observations - terms)
    return Fit(beta, scale * inverse @ middle @ inverse, observations, reach)


def whitened(regressors: npt.ArrayLike, values: npt.ArrayLike, weights: npt.ArrayLike | None = None) -> Fit:
    """The same after taking out how far each week follows the one before (Prais & Winsten 1954), then Newey-West.

    `weights` (weeks,) are proportional to one over the variance. What one week takes over from the one before is
    estimated from the residuals, with the bias of a short series put right. So the intervals of 60 to 130 weeks hold
    what they promise (see benchmarks/calibration.py); Newey-West alone is too sure of itself there.
    """
    x, y = np.asarray(regressors, float), np.asarray(values, float)
    root = np.sqrt(np.ones(len(y)) if weights is None else np.asarray(weights, float))
    x, y = x * root[:, None], y * root
    left = y - x @ newey_west(x, y).beta
    alike = float(left[1:] @ left[:-1] / max(left @ left, 1e-300))
    follows = (alike * len(y) + x.shape[1]) / (len(y) - 4)
    follows = float(np.clip(follows + CAUTION / np.sqrt(len(y)), 0, 0.8))
    first = np.sqrt(1 - follows**2)
    x = np.vstack([x[:1] * first, x[1:] - follows * x[:-1]])
    return newey_west(x, np.concatenate([y[:1] * first, y[1:] - follows * y[:-1]]), jackknifed=True)


def clustered(
    regressors: npt.ArrayLike, values: npt.ArrayLike, clusters: npt.ArrayLike
) -> tuple[Floats, Floats, float]:
    """Least squares with errors robust to whatever goes on within clusters (Liang & Zeger 1986; CR1).

    `clusters` (n,) are whole numbers. Returns coefficients, their covariance and the degrees of freedom of Student's
    t, the number of clusters less one.
    """
    x, y = np.asarray(regressors, float), np.asarray(values, float)
    groups = np.unique(np.asarray(clusters), return_inverse=True)[1]
    many = int(groups.max()) + 1
    inverse = np.linalg.pinv(x.T @ x)
    beta = inverse @ x.T @ y
    sums = np.zeros((many, x.shape[1]))
    np.add.at(sums, groups, x * (y - x @ beta)[:, None])
    free = len(y) - x.shape[1]
    scale = many / max(many - 1, 1) * (len(y) - 1) / max(free, 1)
    return beta, scale * inverse @ (sums.T @ sums) @ inverse, float(max(many - 1, 1))


def two_sided(value: float, error: float, free: float) -> float:
    """How often chance alone would be at least as far from nought (Student's t)."""
    return float(2 * stats.t.sf(abs(value) / error, free)) if error > 0 else float("nan")

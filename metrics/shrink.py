"""How far to believe a small unit's number: shrinkage towards all units, and limits that widen as counts get small."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import optimize, special, stats

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Shrunk:
    """Estimates (units) drawn towards `mean`, keeping the share `kept` (0 to 1) of each one's distance from it."""

    mean: float
    kept: float
    estimates: Floats


def james_stein(rates: npt.ArrayLike, n: int) -> Shrunk:
    """Rates (units, at least four) seen on `n` events each, shrunk by Efron & Morris (1977), never past the mean."""
    seen = np.asarray(rates, float)
    if seen.ndim != 1 or len(seen) < 4:
        raise ValueError(f"shrinking towards one another takes four units at least, not shape {seen.shape}")
    if not n > 0 or not ((seen >= 0) & (seen <= 1)).all():
        raise ValueError("rates lie from 0 to 1 and were seen on one event at least; leave out units without a rate")
    mean = float(seen.mean())
    apart = float(((seen - mean) ** 2).sum())
    noise = (len(seen) - 3) * mean * (1 - mean) / n
    kept = max(0.0, 1 - noise / apart) if apart > 0 else 0.0
    return Shrunk(mean, kept, np.asarray(mean + kept * (seen - mean)))


@dataclass(frozen=True)
class BetaBinomial:
    """Rates (units) as beta distributions with parameters `a` and `b`."""

    a: Floats
    b: Floats

    @property
    def mean(self) -> Floats:
        return np.asarray(self.a / (self.a + self.b))

    def interval(self, level: float = 0.9) -> tuple[Floats, Floats]:
        """The middle `level` of belief (low, high)."""
        low, high = (stats.beta.ppf(tail, self.a, self.b) for tail in ((1 - level) / 2, (1 + level) / 2))
        return np.asarray(low), np.asarray(high)


def beta_binomial(part: npt.ArrayLike, whole: npt.ArrayLike, strength: float) -> BetaBinomial:
    """Shares (units) of `part` in `whole`, as if each unit had `strength` more events at the rate of all together."""
    some, all_ = np.asarray(part, float), np.asarray(whole, float)
    if not ((some >= 0) & (some <= all_)).all() or not all_.sum() > 0 or not strength > 0:
        raise ValueError("shares need events, no part over its whole, and a strength over nought")
    rate = some.sum() / all_.sum()
    return BetaBinomial(np.asarray(strength * rate + some), np.asarray(strength * (1 - rate) + all_ - some))


def funnel(expected: npt.ArrayLike, tail: float) -> tuple[Floats, Floats]:
    """Exact Poisson limits (low, high) of observed / expected for expected counts, `tail` beyond each limit.

    0.025 gives limits of 95 %, 0.001 those of 99.8 % (Spiegelhalter 2005).
    """
    count = np.asarray(expected, float)
    if not (count > 0).all():
        raise ValueError("a funnel needs expected counts over nought")
    low, high = stats.chi2.ppf(tail, 2 * count) / 2, stats.chi2.ppf(1 - tail, 2 * (count + 1)) / 2
    return np.asarray(low / count), np.asarray(high / count)


STRONGEST = 1e6


def strength(part: npt.ArrayLike, whole: npt.ArrayLike, rate: npt.ArrayLike) -> float:
    """How many more events at its expected `rate` each unit is worth shrinking by: the likeliest, 1 to a million.

    Marginal likelihood of the beta-binomial (empirical Bayes). A million: units differ by no more than chance.
    """
    some, all_ = np.asarray(part, float), np.asarray(whole, float)
    expected = np.clip(np.broadcast_to(np.asarray(rate, float), some.shape), 1e-6, 1 - 1e-6)

    def unlikely(log: float) -> float:
        a, b = np.exp(log) * expected, np.exp(log) * (1 - expected)
        return -float((special.betaln(some + a, all_ - some + b) - special.betaln(a, b)).sum())

    found = optimize.minimize_scalar(unlikely, bounds=(0.0, np.log(STRONGEST)), method="bounded")
    return float(np.exp(found.x))


def towards(part: npt.ArrayLike, whole: npt.ArrayLike, rate: npt.ArrayLike, strength: float) -> BetaBinomial:
    """Shares as if each unit had `strength` more events at its own expected `rate`; without events, that rate alone."""
    some, all_, mean = (np.asarray(one, float) for one in (part, whole, rate))
    mean = np.clip(mean, 1e-6, 1 - 1e-6)
    return BetaBinomial(np.asarray(strength * mean + some), np.asarray(strength * (1 - mean) + all_ - some))


def between(values: npt.ArrayLike, errors: npt.ArrayLike, groups: npt.ArrayLike | None = None) -> float:
    """Variance of true values between units (DerSimonian & Laird 1986), within `groups` if there are any.

    Values without a number or an error are left out. nan where fewer than two are left in any group: nothing is
    known. Where an error is 0 the values are not weighed (Hedges).
    """
    value, error = np.asarray(values, float), np.asarray(errors, float)
    group = np.zeros(len(value), int) if groups is None else np.asarray(groups)
    known = np.isfinite(value) & np.isfinite(error)
    value, error, group = value[known], error[known], group[known]
    weight = 1 / error**2 if (error > 0).all() else np.ones_like(error)
    apart, chance, lost = 0.0, 0.0, 0.0
    for one in np.unique(group):
        w, y, s = weight[group == one], value[group == one], error[group == one]
        if len(w) > 1:
            apart += float((w * (y - w @ y / w.sum()) ** 2).sum())
            chance += float((w * s**2).sum() - (w**2 * s**2).sum() / w.sum())
            lost += float(w.sum() - (w**2).sum() / w.sum())
    return max(0.0, (apart - chance) / lost) if lost > 0 else float("nan")


def drawn(
    values: npt.ArrayLike, errors: npt.ArrayLike, centre: npt.ArrayLike, variance: float
) -> tuple[Floats, Floats, Floats]:
    """Values drawn towards `centre` by empirical Bayes, their standard error, and the share each keeps of its distance.

    `variance`: of true values between units. A value without a number is the centre. One without error keeps all.
    """
    value, error, middle = np.broadcast_arrays(*(np.asarray(one, float) for one in (values, errors, centre)))
    error = np.where(np.isfinite(value) & np.isfinite(error), error, np.inf)
    kept = np.where(error > 0, variance / (variance + np.where(error > 0, error, 1.0) ** 2), 1.0)
    return (
        np.asarray(middle + kept * (np.where(np.isfinite(value), value, middle) - middle)),
        np.asarray(np.sqrt(kept) * np.where(np.isfinite(error), error, 0.0) + (kept == 0) * np.sqrt(variance)),
        np.asarray(kept),
    )


def winsorised(z: npt.ArrayLike, share: float = 0.1) -> Floats:
    """z values of which the outer `share` at either end is drawn in to its quantile, so that outliers hide nobody."""
    given = np.asarray(z, float)
    low, high = np.quantile(given, [share, 1 - share])
    return np.asarray(np.clip(given, low, high))


def overdispersion(z: npt.ArrayLike, errors: npt.ArrayLike, groups: npt.ArrayLike | None = None) -> tuple[float, float]:
    """How much more units differ than chance (Spiegelhalter 2005): `phi`, and the variance between them it makes.

    `z`: distances from what is expected, in `errors`; a group that is compared with its own mean costs a degree of
    freedom. 1 and 0 where units differ by no more than chance.
    """
    squares, weight = winsorised(z) ** 2, 1 / np.asarray(errors, float) ** 2
    group = np.zeros(len(squares), int) if groups is None else np.asarray(groups)
    spare = sum(float(weight[group == one].sum() - (weight[group == one] ** 2).sum() / weight[group == one].sum())
                for one in np.unique(group))  # fmt: skip
    free = len(squares) - len(np.unique(group))
    if free < 1 or not spare > 0:
        return 1.0, 0.0
    phi = float(squares.sum()) / free
    return (phi, max(0.0, (float(squares.sum()) - free) / spare)) if phi > 1 else (1.0, 0.0)

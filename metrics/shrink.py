"""How far to believe a small unit's number: shrinkage towards all units, and limits that widen as counts get small."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

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
    if (some > all_).any() or not all_.sum() > 0 or not strength > 0:
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

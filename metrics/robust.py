"""Whether a score hangs on how it was made: other weights, other goalposts, another mean, one part left out.

All units at once, each run the same for all of them, so that what differs between units is the units.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from metrics.spc import Flags, Floats

RUNS = 2000
CONCENTRATION = 40.0
MOVED = 0.10
BANDS = (40.0, 60.0)
COLOURS = ("red", "amber", "green")
HATCHED = 0.20
FACTORS = ("weights", "mean", "goalposts", "dropped")
AT_ONCE = 200  # units


def colour(value: float | None) -> str:
    """red under 40, amber under 60, green above; grey where there is no score."""
    return "grey" if value is None or np.isnan(value) else COLOURS[int(np.searchsorted(BANDS, value, side="right"))]


@dataclass(frozen=True)
class Making:
    """Ways of making a score (runs, and parts where they have their own).

    `weights` (runs, parts) of a Dirichlet distribution around the nominal ones; `mean` (runs): arithmetic or, where
    true, geometric; `goalposts` (2, runs, parts): how far low and high are moved, as a share of what lies between;
    `dropped` (runs): the part left out, one past the last for none.
    """

    weights: Floats
    mean: Flags
    goalposts: Floats
    dropped: npt.NDArray[np.int64]

    @classmethod
    def drawn(cls, weights: npt.ArrayLike, runs: int = RUNS, seed: int = 1) -> Making:
        rng, nominal = np.random.default_rng(seed), np.asarray(weights, float)
        count = len(nominal)
        return cls(
            weights=rng.dirichlet(CONCENTRATION * nominal / nominal.sum(), runs),
            mean=rng.random(runs) < 0.5,
            goalposts=rng.uniform(-MOVED, MOVED, (2, runs, count)),
            dropped=rng.integers(0, count + 1, runs),
        )

    def scores(self, share: Floats) -> Floats:
        """The scores (units, runs) of units by how far each part lies between its goalposts.

        `share` (units, parts): 0 at low, 1 at high, beyond them where it lies beyond; nan where the part lacks. Of a
        unit with one part nothing is left out; of one without any the score is nan.
        """
        low, high = self.goalposts
        points = np.clip((share[:, None] - low) / (1 + high - low), 0, 1) * 100
        there = np.isfinite(share)[:, None] & np.ones_like(points, bool)
        left = there & (np.arange(share.shape[1]) != self.dropped[:, None])
        used = np.where(left.any(axis=2, keepdims=True), left, there)
        weights = np.where(used, self.weights, 0.0)
        total = weights.sum(axis=2)
        with np.errstate(divide="ignore", invalid="ignore"):
            weights = weights / total[..., None]
            plain = (weights * np.where(used, points, 0.0)).sum(axis=2)
            multiplied = np.exp((weights * np.log(np.where(used, points, 1.0))).sum(axis=2))
        return np.asarray(np.where(total > 0, np.where(self.mean, multiplied, plain), np.nan))


def flips(share: Floats, weights: npt.ArrayLike, runs: int = RUNS) -> Floats:
    """The share of runs (units) in which the score has another colour than as it is made; 0 where there is none."""
    nominal = np.asarray(weights, float)
    base = plain(share, nominal)
    made = in_pieces(Making.drawn(nominal, runs), share)
    other = np.searchsorted(BANDS, made, side="right") != np.searchsorted(BANDS, base, side="right")[:, None]
    return np.where(np.isfinite(base), other.mean(axis=1), 0.0)


def plain(share: Floats, weights: npt.ArrayLike) -> Floats:
    """The score as it is made: the weighted mean of the points that are there."""
    there = np.isfinite(share)
    used = np.where(there, np.asarray(weights, float), 0.0)
    total = used.sum(axis=1)
    points = np.clip(np.where(there, share, 0.0), 0, 1) * 100
    return np.asarray((used * points).sum(axis=1) / np.where(total > 0, total, np.nan))


def places(share: Floats, weights: npt.ArrayLike, runs: int = RUNS) -> tuple[Floats, Floats, Floats]:
    """Among these units: how often each is in the bottom quarter, and the 90 % interval of its place from below.

    They tell how little a place means; nothing shows them as a ranking. Ties share the better place.
    """
    made = in_pieces(Making.drawn(np.asarray(weights, float), runs), share)
    place = np.array([1 + np.searchsorted(np.sort(run), run, side="left") for run in made.T], float).T
    quarter = -(-len(made) // 4)
    low, high = np.quantile(place, [0.05, 0.95], axis=1, method="nearest")
    return (place <= quarter).mean(axis=1), np.asarray(low, float), np.asarray(high, float)


def drivers(share: Floats, weights: npt.ArrayLike, runs: int = RUNS) -> tuple[Floats, Floats]:
    """Sobol indices, first-order and total (units, factors), of what the score's spread over runs comes from.

    By groups of choices (`FACTORS`), as Saltelli et al. 2010 estimate the first and Jansen 1999 the total; nan where
    a score does not spread at all.
    """
    nominal = np.asarray(weights, float)
    one, two = Making.drawn(nominal, runs, seed=2), Making.drawn(nominal, runs, seed=3)
    a, b = in_pieces(one, share), in_pieces(two, share)
    middle = np.concatenate([a, b], axis=1).mean(axis=1, keepdims=True)
    a, b, spread = a - middle, b - middle, np.concatenate([a, b], axis=1).var(axis=1)
    spread = np.where(spread > 1e-12, spread, np.nan)
    first, total = [], []
    for factor in FACTORS:
        mixed = in_pieces(replace(one, **{factor: getattr(two, factor)}), share) - middle
        first.append(np.clip((b * (mixed - a)).mean(axis=1) / spread, 0, 1))
        total.append(np.clip(((a - mixed) ** 2).mean(axis=1) / 2 / spread, 0, 1))
    return np.stack(first, axis=1), np.stack(total, axis=1)


def in_pieces(making: Making, share: Floats) -> Floats:
    """The scores (units, runs), so many units at a time that memory does not grow with the organisation."""
    pieces = [making.scores(share[at : at + AT_ONCE]) for at in range(0, len(share), AT_ONCE)]
    return np.concatenate(pieces) if pieces else np.empty((0, len(making.mean)))

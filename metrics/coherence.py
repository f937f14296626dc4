"""Whether the parts of a score belong together, looked at over units: before anyone believes their mean."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from metrics import scales
from metrics.spc import Floats

FEWEST = 8
AGAINST, DOUBLE = 0.0, 0.92
DOMINANT = 2.0
Pair = tuple[int, int]


@dataclass(frozen=True)
class Coherence:
    """Of complete `units` (too few: all else is empty): Cronbach's `alpha`; `loadings` of the first principal component
    and its share of the spread; `correlations` of pairs; `importance`: each part's share of the squared correlations
    with the score, and which are `dominant` with more than twice their weight."""

    units: int
    alpha: float | None = None
    loadings: tuple[float, ...] = ()
    explained: float | None = None
    correlations: dict[Pair, float] = field(default_factory=dict)
    importance: tuple[float, ...] = ()
    dominant: tuple[bool, ...] = ()

    @property
    def against(self) -> list[Pair]:
        """Pairs that go against one another: their mean hides a trade-off."""
        return [pair for pair, r in self.correlations.items() if r < AGAINST]

    @property
    def double(self) -> list[Pair]:
        """Pairs that tell the same twice."""
        return [pair for pair, r in self.correlations.items() if r > DOUBLE]


def coherence(points: npt.ArrayLike, weights: npt.ArrayLike) -> Coherence:
    """Of points (units, parts), nan where one lacks; units that lack one are left out, and parts that all lack."""
    given, weight = np.asarray(points, float), np.asarray(weights, float)
    matrix = given[np.isfinite(given).all(axis=1)]
    spread = matrix.std(axis=0) if len(matrix) else np.zeros(given.shape[1])
    if len(matrix) < FEWEST or given.shape[1] < 2 or (spread < 1e-9).any():
        return Coherence(len(matrix))
    cov, r = scales.covariance(matrix), np.corrcoef(matrix, rowvar=False)
    roots, vectors = np.linalg.eigh(r)
    first = vectors[:, -1] * (np.sign(vectors[:, -1].sum()) or 1.0)
    score = matrix @ (weight / weight.sum())
    squared = importance(matrix, score)
    items = range(matrix.shape[1])
    return Coherence(
        units=len(matrix),
        alpha=float(scales.alpha(cov)),
        loadings=tuple(float(one) for one in first * np.sqrt(roots[-1])),
        explained=float(roots[-1] / roots.sum()),
        correlations={(a, b): float(r[a, b]) for a in items for b in items if a < b},
        importance=tuple(float(one) for one in squared),
        dominant=tuple(bool(one) for one in squared > DOMINANT * weight / weight.sum()),
    )


def importance(matrix: Floats, score: Floats) -> Floats:
    """Each part's squared correlation with the score, as a share of all of them."""
    if score.std() < 1e-9:
        return np.zeros(matrix.shape[1])
    squared = np.array([np.corrcoef(column, score)[0, 1] ** 2 for column in matrix.T])
    return np.asarray(squared / squared.sum())

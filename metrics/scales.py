"""Survey scales and whether they may be trusted: consistency, agreement within groups, differences between groups.

Answers come as a matrix with a row per respondent and a column per item, complete, and turned so that more means more.
What is counted from sums takes any leading axes: one call answers for all units and weeks at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]
SLIGHT_SKEW = {5: 1.34, 6: 1.85, 7: 2.90, 8: 3.47, 9: 5.66, 10: 6.30, 11: 7.31}


def pomp(score: npt.ArrayLike, low: float, high: float) -> Floats:
    """Scores as per cent of the way from the scale's lowest answer to its highest, 0 to 100 (Cohen et al. 1999)."""
    if not low < high:
        raise ValueError(f"a scale from {low} to {high} has no length; its low must be under its high")
    return np.asarray((np.asarray(score, float) - low) / (high - low) * 100)


def turned(score: npt.ArrayLike, low: float, high: float) -> Floats:
    """Answers to an item worded the other way round, on the same scale: low + high - score."""
    return np.asarray(low + high - np.asarray(score, float))


# --- consistency: do the items go together?


def covariance(answers: npt.ArrayLike) -> Floats:
    """Covariances (items x items) of answers (respondents x items)."""
    matrix = _answers(answers)
    return np.asarray(np.cov(matrix, rowvar=False, ddof=1), float)


def covariance_from_sums(complete: npt.ArrayLike, sums: npt.ArrayLike, products: npt.ArrayLike) -> Floats:
    """The same (..., items, items) from what adds up over groups.

    `complete` (...): respondents who answered every item; `sums` (..., items): of their answers; `products`
    (..., items, items): of their answers taken in pairs, of which the upper triangle is enough. Under two respondents
    nothing is known: NaN.
    """
    count, total, pairs = np.asarray(complete, float), np.asarray(sums, float), np.asarray(products, float)
    if pairs.shape != (*total.shape, total.shape[-1]) or count.shape != total.shape[:-1]:
        raise ValueError(f"sums of shape {total.shape} ask for a square of products each, not {pairs.shape}")
    upper = np.triu(pairs)
    pairs = upper + np.swapaxes(np.triu(pairs, 1), -1, -2)
    known = np.where(count > 1, count, np.nan)[..., None, None]
    return _exact((pairs - total[..., :, None] * total[..., None, :] / known) / (known - 1))


def correlation(cov: npt.ArrayLike) -> Floats:
    """Correlations (..., items, items) of covariances; NaN for an item without spread."""
    matrix = _square(cov)
    spread = np.sqrt(np.diagonal(matrix, axis1=-2, axis2=-1))
    return _ratio(matrix, spread[..., :, None] * spread[..., None, :])


def alpha(cov: npt.ArrayLike) -> Floats:
    """Cronbach's alpha (...) of covariances (..., items, items): k/(k-1) (1 - trace/sum); Cronbach 1951."""
    matrix = _square(cov)
    items = matrix.shape[-1]
    own = _ratio(np.trace(matrix, axis1=-2, axis2=-1), matrix.sum((-2, -1)))
    return np.asarray(items / (items - 1) * (1 - own))


def average_correlation(cov: npt.ArrayLike) -> Floats:
    """Mean correlation (...) between different items."""
    r = correlation(cov)
    items = r.shape[-1]
    return np.asarray((r.sum((-2, -1)) - items) / (items * (items - 1)))


def standardised_alpha(cov: npt.ArrayLike) -> Floats:
    """Alpha (...) as if all items had the same spread: k r / (1 + (k - 1) r)."""
    items = _square(cov).shape[-1]
    return spearman_brown(average_correlation(cov), items)


def alpha_if_dropped(cov: npt.ArrayLike) -> Floats:
    """Alpha (..., items) of the scale without each of its items; of three items or more."""
    matrix = _square(cov)
    items = range(matrix.shape[-1])
    if len(items) < 3:
        raise ValueError("a scale of two items has no alpha once one is dropped; it takes three")
    rests = [np.delete(np.delete(matrix, item, -1), item, -2) for item in items]
    return np.stack([alpha(rest) for rest in rests], axis=-1)


def feldt(value: npt.ArrayLike, people: npt.ArrayLike, items: int, level: float = 0.95) -> tuple[Floats, Floats]:
    """Interval of alpha (low, high) from `people` answering `items` (Feldt 1965)."""
    unexplained, free = 1 - np.asarray(value, float), np.asarray(people, float) - 1
    tail = (1 - level) / 2
    wide, narrow = (stats.f.ppf(p, free, free * (items - 1)) for p in (1 - tail, tail))
    return np.asarray(1 - unexplained * wide), np.asarray(1 - unexplained * narrow)


def omega(loadings: npt.ArrayLike) -> float:
    """McDonald's omega-total from the standardised loadings of one factor (McDonald 1999)."""
    found = np.asarray(loadings, float)
    if found.ndim != 1 or (np.abs(found) > 1).any():
        raise ValueError("omega takes one row of standardised loadings, each from -1 to 1")
    common = found.sum() ** 2
    return float(common / (common + (1 - found**2).sum()))


def item_rest(cov: npt.ArrayLike) -> Floats:
    """Correlation (..., items) of each item with the sum of the others."""
    matrix = _square(cov)
    own = np.diagonal(matrix, axis1=-2, axis2=-1)
    rest = matrix.sum(-1) - own
    spread = matrix.sum((-2, -1))[..., None] - 2 * rest - own
    return _ratio(rest, np.sqrt(own * spread))


# --- agreement: do the people of one group see the same?


def rwg(values: npt.ArrayLike, options: int, chance: float | None = None) -> float:
    """Agreement of one group on one item of `options` answers, against answers at random (James et al. 1984).

    1 is full agreement; 0 is no more than chance, and what is even less is 0. `chance` is the variance of answers
    that mean nothing, uniform unless said (see `slight_skew`). An answer left out is left out.
    """
    return max(0.0, r_star_wg_j(np.reshape(np.asarray(values, float), (-1, 1)), options, chance))


def rwg_j(answers: npt.ArrayLike, options: int, chance: float | None = None) -> float:
    """Agreement of one group on several items, r_wg(j) (James et al. 1984); no more than chance is 0."""
    return float(stepped_up(r_star_wg_j(answers, options, chance), np.shape(answers)[-1]))


def stepped_up(r_star: npt.ArrayLike, items: int) -> Floats:
    """r_wg(j) (...) of so many items from r*_wg(j) (...): J r / (J r + 1 - r); what is under 0 is 0."""
    agreed = np.maximum(0.0, np.asarray(r_star, float))
    return np.asarray(items * agreed / (items * agreed + 1 - agreed))


def r_star_wg_j(answers: npt.ArrayLike, options: int, chance: float | None = None) -> float:
    """Agreement that does not grow with the number of items (Lindell & Brandt 1999); less than chance is under 0."""
    return 1 - _spread(_rated(answers)) / (uniform(options) if chance is None else chance)


def ad_mean(answers: npt.ArrayLike) -> float:
    """Mean distance from the item's mean, in answers, over items; good under `options` / 6 (Burke et al. 1999)."""
    matrix = _rated(answers)
    return float(np.nanmean(np.nanmean(np.abs(matrix - np.nanmean(matrix, axis=0)), axis=0)))


def ad_median(answers: npt.ArrayLike) -> float:
    """Mean distance from the item's median, in answers, over items (Burke et al. 1999)."""
    matrix = _rated(answers)
    return float(np.nanmean(np.nanmean(np.abs(matrix - np.nanmedian(matrix, axis=0)), axis=0)))


def uniform(options: int) -> float:
    """Variance of answers given at random: (options squared - 1) / 12."""
    if options < 2:
        raise ValueError(f"an item of {options} answers cannot be agreed on; it takes two")
    return float((options**2 - 1) / 12)


def slight_skew(options: int) -> float:
    """Variance of answers that mean no more than a slight wish to please (LeBreton & Senter 2008, table 2).

    Known for 5 to 11 answers; NaN for others.
    """
    return SLIGHT_SKEW.get(options, float("nan"))


# --- differences between groups: may their means be told apart?


@dataclass(frozen=True)
class Anova:
    """One way: mean squares between and within groups (...), and the size of a group."""

    between: Floats
    within: Floats
    size: Floats
    groups: Floats = field(default_factory=lambda: np.asarray(np.nan))
    count: Floats = field(default_factory=lambda: np.asarray(np.nan))

    @classmethod
    def of(cls, groups: Sequence[npt.ArrayLike]) -> Anova:
        """From the scores of each group."""
        scores = [np.asarray(group, float).ravel() for group in groups]
        if not scores:
            raise ValueError("without groups there is nothing to tell apart; give one at least")
        if any(not len(group) or np.isnan(group).any() for group in scores):
            raise ValueError("a group without scores, or with a missing one, has no mean; leave it out")
        together = np.concatenate(scores)
        between = sum(group.sum() ** 2 / len(group) for group in scores)
        return cls.from_sums(len(together), together.sum(), (together**2).sum(), len(scores), between)

    @classmethod
    def from_sums(
        cls,
        count: npt.ArrayLike,
        total: npt.ArrayLike,
        squares: npt.ArrayLike,
        groups: npt.ArrayLike,
        between: npt.ArrayLike,
        size_squares: npt.ArrayLike | None = None,
    ) -> Anova:
        """From what adds up over groups: scores, their sum and squares, groups, and each group's sum squared by size.

        The size of a group is the mean (Bliese 2000), or with the squares of the sizes what unequal groups are worth:
        (N - sum of squares / N) / (groups - 1). With one group, or one score in each, nothing is known: NaN.
        """
        n, all_, square, g, explained = (np.asarray(x, float) for x in (count, total, squares, groups, between))
        more, free = np.where(g > 1, g - 1, np.nan), np.where(n > g, n - g, np.nan)
        size = n / g if size_squares is None else (n - np.asarray(size_squares, float) / n) / more
        within = np.maximum(square - explained, 0)
        return cls(_exact((explained - all_**2 / n) / more), _exact(within / free), np.asarray(size), g, n)

    @property
    def p(self) -> Floats:
        """How often groups that do not differ come out as different as these (F test); NaN where nothing is known."""
        ratio = _ratio(self.between, self.within)
        return np.asarray(stats.f.sf(ratio, self.groups - 1, self.count - self.groups))

    @property
    def icc1(self) -> Floats:
        """Share of a single score that is its group's: ICC(1); may come out under 0 (Bliese 2000)."""
        return _ratio(self.between - self.within, self.between + (self.size - 1) * self.within)

    @property
    def icc2(self) -> Floats:
        """Reliability of a group's mean: ICC(2)."""
        return _ratio(self.between - self.within, self.between)


def spearman_brown(single: npt.ArrayLike, n: npt.ArrayLike) -> Floats:
    """Reliability of a mean of `n` from that of one: n r / (1 + (n - 1) r); ICC(1) to ICC(2) for groups of `n`."""
    r, times = np.asarray(single, float), np.asarray(n, float)
    return _ratio(times * r, 1 + (times - 1) * r)


def _answers(answers: npt.ArrayLike) -> Floats:
    matrix = np.asarray(answers, float)
    if matrix.ndim != 2 or matrix.shape[0] < 2 or matrix.shape[1] < 2:
        raise ValueError(f"answers take two respondents and 2 item(s) at least, not shape {matrix.shape}")
    if np.isnan(matrix).any():
        raise ValueError("some answers are missing; keep the respondents who answered every item")
    return matrix


def _square(cov: npt.ArrayLike) -> Floats:
    matrix = np.asarray(cov, float)
    if matrix.ndim < 2 or matrix.shape[-1] != matrix.shape[-2] or matrix.shape[-1] < 2:
        raise ValueError(f"covariances are a square of two items at least, not shape {matrix.shape}")
    return matrix


def _ratio(part: npt.ArrayLike, whole: npt.ArrayLike) -> Floats:
    """NaN where there is nothing to divide by."""
    below = np.asarray(whole, float)
    return np.asarray(np.asarray(part, float) / np.where(below == 0, np.nan, below))


def _exact(sums: npt.ArrayLike) -> Floats:
    """Without the dust that subtracting large sums leaves where there is nothing."""
    found = np.asarray(sums, float)
    return np.where(np.abs(found) < 1e-9, 0.0, found)


def _rated(answers: npt.ArrayLike) -> Floats:
    """Answers of a group, those left out missing; an item that fewer than two answered is none."""
    matrix = np.asarray(answers, float)
    known = matrix[:, (~np.isnan(matrix)).sum(axis=0) >= 2] if matrix.ndim == 2 else matrix
    if known.ndim != 2 or not known.size:
        raise ValueError(f"agreement takes two answers to one item at least, not shape {matrix.shape}")
    return known


def _spread(matrix: Floats) -> float:
    return float(np.nanvar(matrix, axis=0, ddof=1).mean())

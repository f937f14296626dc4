"""Who answered of those invited, whether they differ from them, and what the rest could change at most."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from metrics.scales import Floats
from metrics.survey.wave import FINEST, Wave

LEAST = 30  # invited, for a representativeness indicator
REPORTABLE = 50.0  # per cent answered, under which a number only shows a direction
NAMES = ("invited", "response", "answered", "favourable", "gap", "gap_d", "representative", "weighted", "worst_low",
         "worst_high")  # fmt: skip


def favourable(wave: Wave) -> Floats:
    """Whose mean answer is a point or more above the middle of the scale (5 of 7, 4 of 5); NaN on finer scales."""
    low, high, _, _ = wave.asked
    if wave.points > FINEST:
        return np.full(len(wave.scores), np.nan)
    point = low + wave.scores / 100 * (high - low)
    return np.where(point >= (low + high) / 2 + 1 - 1e-9, 1.0, 0.0)


def response(
    wave: Wave,
    invited: Mapping[str, float],
    told: Collection[str],
    liked: Collection[str],
    children: Mapping[str, Sequence[str]],
) -> dict[str, Floats]:
    """By unit, in per cent and points of 100; NaN where nobody knows who was invited.

    `invited` by unit, all below included; `told` the units whose response may be shown, `liked` those whose
    favourable share may. Respondents are laid beside the invited by the units right below; those that may not be shown
    are taken together.
    """
    n, total = wave.people, wave.rolled(wave.scores)
    asked = np.where(np.isin(wave.units, list(told)), wave.of(dict(invited)), np.nan)
    asked = np.where(asked >= n, asked, np.nan)
    rate, mean = n / np.where(asked > 0, asked, np.nan), total / n
    good = np.where(np.isin(wave.units, list(liked)), wave.rolled(favourable(wave)) / n, np.nan)
    found = {"invited": asked, "response": rate * 100, "answered": answered(wave) * 100, "favourable": good * 100}
    place = {unit: at for at, unit in enumerate(wave.units)}
    beside = np.full((4, len(wave.units)), np.nan)
    for at in np.flatnonzero(~np.isnan(asked)).tolist():
        below = [place[one] for one in children.get(wave.units[at], ()) if one in place]
        beside[:, at] = compared(n, asked, total, at, [one for one in below if not np.isnan(asked[one])])
    low, high = worst(mean / 100, rate)
    found |= dict(zip(("gap", "gap_d", "representative", "weighted"), beside, strict=True))
    return found | {"worst_low": low * 100, "worst_high": high * 100}


def compared(n: Floats, asked: Floats, total: Floats, at: int, below: Sequence[int]) -> tuple[float, ...]:
    """Gap, standardised gap, R-indicator and post-stratified mean of a unit, by those right below and the rest."""
    parts = np.array([[of[one] for one in below] for of in (asked, n, total)]).reshape(3, -1)
    whole = np.array([asked[at], n[at], total[at]])
    rest = whole - parts.sum(axis=1)
    strata = np.column_stack([parts, rest]) if rest[0] > 0 else parts
    strata = strata[:, strata[1] > 0]
    if strata.shape[1] < 2:
        return (np.nan,) * 4
    gap, apart = gaps(strata[1], strata[0])
    even = r_indicator(strata[1] / strata[0], strata[0]) if whole[0] >= LEAST else np.nan
    return gap * 100, apart, even, post_stratified(strata[2] / strata[1], strata[0])


def gaps(answered: npt.ArrayLike, invited: npt.ArrayLike) -> tuple[float, float]:
    """The largest difference between a group's share of those who answered and of those invited; and in SDs."""
    mine, all_ = (np.asarray(one, float) / np.sum(one) for one in (answered, invited))
    away, spread = np.abs(mine - all_), np.sqrt(all_ * (1 - all_))
    return float(away.max()), float((away[spread > 0] / spread[spread > 0]).max(initial=0.0))


def r_indicator(rates: npt.ArrayLike, invited: npt.ArrayLike) -> float:
    """Representativeness: 1 - 2 SD of the response propensities of all invited (Schouten, Cobben & Bethlehem 2009).

    `rates`: of each group, from 0 to 1; `invited`: how many are in it. 1 is a response as even as can be.
    """
    rate, count = np.asarray(rates, float), np.asarray(invited, float)
    if count.sum() < 2:
        return float("nan")
    mean = (rate * count).sum() / count.sum()
    return float(1 - 2 * np.sqrt((count * (rate - mean) ** 2).sum() / (count.sum() - 1)))


def post_stratified(means: npt.ArrayLike, invited: npt.ArrayLike) -> float:
    """The mean as if all groups had answered alike: their means, weighted by how many of each were invited."""
    count = np.asarray(invited, float)
    return float((np.asarray(means, float) * count).sum() / count.sum())


def worst(share: npt.ArrayLike, rate: npt.ArrayLike) -> tuple[Floats, Floats]:
    """What a share of 0 to 1 would be if all who did not answer were against it, and if all were for it."""
    mine = np.asarray(share, float) * np.asarray(rate, float)
    return np.asarray(mine), np.asarray(mine + 1 - np.asarray(rate, float))


def answered(wave: Wave) -> Floats:
    """The share of items that those who are counted answered, by unit."""
    given = (~np.isnan(wave.answers)).mean(axis=1)
    return wave.rolled(given) / wave.people

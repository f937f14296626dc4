"""Whether the items of a scale go together: alpha with its interval, omega, each item against the rest, one factor."""

from __future__ import annotations

import numpy as np

from metrics import factor, scales
from metrics.scales import Floats
from metrics.survey.wave import Wave

LEAST = 30  # people who answered every item, for consistency to be told
NAMES = ("alpha", "alpha_low", "alpha_high", "alpha_within", "omega", "left_over", "rest_low", "rest_straight",
         "rest_reversed")  # fmt: skip


def consistency(wave: Wave) -> dict[str, Floats]:
    """By unit, from those who answered every item; NaN under 30 of them, or with a single item.

    `alpha_within` is that of answers less their team's mean: what is left when teams do not differ. `rest_*`: the
    lowest correlation of an item with the others, and the mean of items worded straight and the other way.
    """
    full, cov, inner = covariances(wave)
    columns = {name: np.full(len(wave.units), np.nan) for name in NAMES}
    enough = np.flatnonzero(full >= LEAST)
    if wave.answers.shape[1] < 2 or not len(enough):
        return columns
    cov, inner = cov[enough], inner[enough]
    with np.errstate(invalid="ignore", divide="ignore"):
        value = scales.alpha(cov)
        low, high = scales.feldt(value, full[enough], cov.shape[-1])
        loads = factor.loadings(cov)
        rest = scales.item_rest(cov)
        found = (value, low, high, scales.alpha(inner), factor.omega_total(loads), factor.left_over(cov, loads),
                 lowest(rest), *by_wording(rest, wave.asked[3]))  # fmt: skip
    for name, column in zip(NAMES, found, strict=True):
        columns[name][enough] = column
    return columns


def covariances(wave: Wave) -> tuple[Floats, Floats, Floats]:
    """By unit: how many answered every item, their covariances, and those within the teams."""
    whole = ~np.isnan(wave.answers.sum(axis=1))
    known = np.where(whole[:, None], np.nan_to_num(wave.answers), 0.0)
    count = wave.direct(whole.astype(float))
    sums, products = wave.direct(known), wave.direct(known[:, :, None] * known[:, None, :])
    full, all_sums, all_products = wave.up(count), wave.up(sums), wave.up(products)
    cov = scales.covariance_from_sums(full, all_sums, all_products)
    own = products - sums[:, :, None] * sums[:, None, :] / np.maximum(count, 1)[:, None, None]
    free = full - wave.up((count > 0).astype(float))
    inner = wave.up(own) / np.where(free > 0, free, np.nan)[:, None, None]
    return full, cov, np.where(np.abs(inner) < 1e-9, 0.0, inner)


def item_means(wave: Wave) -> tuple[Floats, Floats, Floats]:
    """By unit: how many answered every item, their means (unit, item), and their covariances."""
    whole = ~np.isnan(wave.answers.sum(axis=1))
    full, cov, _ = covariances(wave)
    sums = wave.rolled(np.where(whole[:, None], np.nan_to_num(wave.answers), 0.0))
    return full, sums / np.where(full > 0, full, np.nan)[:, None], cov


def item_rest(wave: Wave) -> Floats:
    """Each item against the sum of the others (unit, item); NaN under 30 people, or with a single item."""
    full, cov, _ = covariances(wave)
    if wave.answers.shape[1] < 2:
        return np.full((len(wave.units), 1), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where((full >= LEAST)[:, None], scales.item_rest(cov), np.nan)


def lowest(rest: Floats) -> Floats:
    known = np.where(np.isnan(rest), np.inf, rest).min(axis=-1)
    return np.where(np.isinf(known), np.nan, known)


def by_wording(rest: Floats, turned: list[bool]) -> tuple[Floats, Floats]:
    """The mean of items worded straight, and of those worded the other way; NaN where there are none."""
    other = np.array(turned, bool)
    nothing = np.full(len(rest), np.nan)
    straight, back = (rest[:, kind].mean(axis=1) if kind.any() else nothing for kind in (~other, other))
    return straight, back

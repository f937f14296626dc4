"""Whether a team's members see the same, and whether teams differ: agreement, ICC(1), ICC(2), split teams."""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

import numpy as np

from metrics import scales
from metrics.scales import Floats
from metrics.survey.wave import Flags, Places, Wave

RATERS, TEAMS = 5, 10
SHARED = 0.70
CAMPS, APART, CAMP = 0.80, 1 / 3, 3
BELL, DRAWN = 0.64, 0.86
NAMES = ("teams", "r_star", "r_star_skew", "rwg", "rwg_skew", "ad", "agreed", "split", "icc1", "icc2", "icc_p",
         "team_size")  # fmt: skip


def agreement(wave: Wave, shown: Collection[str]) -> dict[str, Floats]:
    """By unit, over the teams in it that may be shown and have five respondents: medians, shares, counts, and ICCs.

    `agreed` is the percentage of teams whose r*wg(j) is .70 or more. ICCs from ten teams on, with the mean size of a
    team (Bliese 2000), else NaN. A team by itself is one team: what is said of it is its own.
    """
    size = wave.direct(np.ones(len(wave.team)))
    known = wave.teams & (size >= RATERS) & np.isin(wave.units, list(shown))
    own = within(wave)
    split = splits(wave, known)
    groups = grouped(wave, known)
    found = {"teams": np.array([len(group) for group in groups], float)}
    for name in ("r_star", "r_star_skew", "rwg", "rwg_skew", "ad"):
        found[name] = np.array([middle(own[name][group]) for group in groups])
    found["agreed"] = np.array([share(own["r_star"][group] >= SHARED) for group in groups]) * 100
    found["split"] = np.array([split[group].sum() if len(group) else np.nan for group in groups], float)
    return found | variance(wave, known)


def within(wave: Wave) -> dict[str, Floats]:
    """By unit, of its direct members alone: agreement against chance and against a slight skew, and AD."""
    given = ~np.isnan(wave.answers)
    points = np.nan_to_num(wave.answers)
    count, sums, squares = (wave.direct(part) for part in (given.astype(float), points, points**2))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = sums / count
        spread = np.where(count >= 2, np.maximum(squares - sums * mean, 0) / (count - 1), np.nan)
        away = wave.direct(np.where(given, np.abs(points - mean[wave.team]), 0.0)) / count
        variance, ad = average(spread), average(np.where(count >= 2, away, np.nan))
    stars = [1 - variance / chance for chance in (scales.uniform(wave.points), scales.slight_skew(wave.points))]
    stepped = [scales.stepped_up(star, wave.answers.shape[1]) for star in stars]
    return dict(zip(("r_star", "r_star_skew", "rwg", "rwg_skew", "ad"), (*stars, *stepped, ad), strict=True))


def variance(wave: Wave, known: Flags) -> dict[str, Floats]:
    """ICC(1), ICC(2), the F test and the mean size of a team, over the known teams in each unit."""
    count, total, squares = (wave.direct(part) for part in (np.ones(len(wave.team)), wave.scores, wave.scores**2))
    parts = [np.where(known, part, 0.0) for part in (count, total, squares)]
    between = np.where(known, total**2 / np.maximum(count, 1), 0.0)
    n, t, s, teams, b = (wave.up(part) for part in (*parts, known.astype(float), between))
    enough = teams >= TEAMS
    with np.errstate(invalid="ignore", divide="ignore"):
        found = scales.Anova.from_sums(np.where(enough, n, np.nan), t, s, teams, b)
        columns = {"icc1": found.icc1, "icc2": found.icc2, "icc_p": found.p, "team_size": found.size}
    return {name: np.where(enough, column, np.nan) for name, column in columns.items()}


def splits(wave: Wave, known: Flags) -> Flags:
    """Which of the known teams fall into two camps."""
    order = np.argsort(wave.team, kind="stable")
    ends = np.searchsorted(wave.team[order], np.arange(len(wave.units) + 1))
    found = np.zeros(len(wave.units), bool)
    for place in np.flatnonzero(known):
        found[place] = two_camps(wave.scores[order[ends[place] : ends[place + 1]]])
    return found


def two_camps(scores: Floats) -> bool:
    """Whether scores of 0 to 100 fall into two camps, so that their mean describes neither.

    Each camp has three people at least, their means lie a third of the scale apart, and the camps explain 80 % of the
    variance (an even spread explains 75 %, a bell 64 %) and more than 99 of 100 bells of so few people do: 64 % and 86
    over the root of their number, as found by drawing.
    """
    ordered = np.sort(np.asarray(scores, float))
    count = len(ordered)
    cuts = np.arange(CAMP, count - CAMP + 1)
    whole = ((ordered - ordered.mean()) ** 2).sum() if count else 0.0
    if not len(cuts) or whole <= 0:
        return False
    sums = np.cumsum(ordered)
    low, high = sums[cuts - 1] / cuts, (sums[-1] - sums[cuts - 1]) / (count - cuts)
    explained = cuts * (count - cuts) / count * (high - low) ** 2 / whole
    best, chance = int(explained.argmax()), BELL + DRAWN / np.sqrt(count)
    return bool(explained[best] >= max(CAMPS, chance) and high[best] - low[best] >= APART * 100)


def grouped(wave: Wave, known: Flags) -> list[Places]:
    """The known teams in each unit."""
    pairs = known[wave.below]
    team, unit = wave.below[pairs], wave.above[pairs]
    order = np.argsort(unit, kind="stable")
    ends = np.searchsorted(unit[order], np.arange(len(wave.units) + 1))
    return [team[order[first:last]] for first, last in pairwise(ends)]


def middle(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else float("nan")


def share(flags: Flags) -> float:
    return float(flags.mean()) if len(flags) else float("nan")


def average(columns: Floats) -> Floats:
    """The mean over items of those that are known."""
    known = ~np.isnan(columns)
    count = known.sum(axis=1)
    return np.asarray(np.where(known, columns, 0).sum(axis=1) / np.where(count > 0, count, np.nan))

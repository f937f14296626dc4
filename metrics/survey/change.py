"""From one wave to the next: which may stand side by side, how far the number moved, and whether all items did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl
from scipy import stats

from metrics import crowd
from metrics.scales import Floats
from metrics.survey.consistency import LEAST, item_means
from metrics.survey.wave import Wave
from metrics.waves import detectable, difference_error

Both = dict[tuple[str, object, object], tuple[float, float, float]]
LIKELY = 0.90
DRIFT = 0.25  # SDs of an item by which it must move apart from the others
UNSURE = 0.05


def answered_both(rows: pl.DataFrame, tree: pl.DataFrame) -> Both:
    """By unit and two waves of one series: who answered both times in it, the sum of their changes, and of squares."""
    mine = rows.select("survey", "series", "person", "week", "unit", "score")
    two = mine.join(mine, on=["survey", "series", "person"], suffix="_then").filter(
        pl.col("week_then") < pl.col("week")
    )
    change = pl.col("score") - pl.col("score_then")
    moved = two.group_by("week_then", "week", "unit_then", "unit").agg(
        both=pl.len().cast(pl.Float64), moved=change.sum(), squares=(change**2).sum()
    )
    above = tree.select("week", "unit", "ancestor").join(rows.select("week", "unit").unique(), on=["week", "unit"])
    then = above.rename({"week": "week_then", "unit": "unit_then"})
    held = moved.join(above, on=["week", "unit"]).join(then, on=["week_then", "unit_then", "ancestor"])
    sums = held.group_by("ancestor", "week_then", "week").agg(pl.col("both", "moved", "squares").sum())
    return {(unit, then, now): (n, moved, squares) for unit, then, now, n, moved, squares in sums.iter_rows()}


def withheld(waves: Iterable[Wave], open_: pl.DataFrame, both: Both, k: int) -> pl.DataFrame:
    """Waves of a unit that may not stand beside a later one: `unit, week`.

    Between two surveys of one unit that differ by one to k - 1 respondents, a few people's answers could be worked
    out. So the newest wave is kept, and of those before it each that differs from all kept by nobody or by a crowd.
    `open_`: the units and weeks that may be shown by themselves.
    """
    known = set(open_.select("unit", "week").iter_rows())
    shown: dict[str, list[tuple[object, str, float]]] = {}
    gone = []
    for wave in sorted(waves, key=lambda one: one.week, reverse=True):
        for unit, count in zip(wave.units, wave.people, strict=True):
            if (unit, wave.week) not in known:
                continue
            later = [(week, n) for week, series, n in shown.get(unit, []) if series == wave.series]
            same = [(both.get((unit, wave.week, week), (0.0,))[0], n) for week, n in later]
            if all(crowd.comparable(round(n - met), round(count - met), k) for met, n in same):
                shown.setdefault(unit, []).append((wave.week, wave.series, count))
            else:
                gone.append((unit, wave.week))
    return pl.DataFrame(gone, schema={"unit": pl.String, "week": pl.Date}, orient="row")


def changes(now: Mapping[str, Floats], then: Mapping[str, Floats], met: Floats) -> dict[str, Floats]:
    """How far means moved: `change, change_low, change_high` (90 %) and `detectable`, the least told from none.

    `now` and `then` hold `n, value, sd`; `met` (3, units) who answered both times, their changes and their squares.
    """
    both, moved, squares = met
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.where(both > 1, np.sqrt(np.maximum(squares - moved**2 / both, 0) / (both - 1)), np.nan)
        error, df = difference_error(now["sd"], now["n"], then["sd"], then["n"], both, spread)
        half = stats.t.ppf((1 + LIKELY) / 2, df) * error
        change = now["value"] - then["value"]
        least = detectable(now["sd"], now["n"], then["sd"], then["n"])
    return {"change": change, "change_low": change - half, "change_high": change + half, "detectable": least}


def drifted(now: Wave, then: Wave) -> dict[str, tuple[list[str], float]]:
    """The items of each unit that moved apart from the others between two waves of one series, where any did.

    And how far, in points of 100, the mean of the items that did not has moved.

    Each item's move is laid beside that of the middle one, in units with thirty complete answers both times; it is
    told where the difference is a quarter of the item's SD and, over all items, chance would do so in under 5 %.
    """
    (n, means, cov), (n_then, means_then, cov_then) = item_means(now), item_means(then)
    items, names = means.shape[1], now.asked[2]
    place = {unit: at for at, unit in enumerate(then.units)}
    found = {}
    for at, unit in enumerate(now.units):
        before = place.get(unit)
        if items < 3 or before is None or n[at] < LEAST or n_then[before] < LEAST:
            continue
        moved = means[at] - means_then[before]
        apart = moved - np.median(moved)
        error = np.sqrt(own_spread(cov[at]) / n[at] + own_spread(cov_then[before]) / n_then[before])
        far = np.abs(apart) >= DRIFT * np.sqrt((np.diag(cov[at]) + np.diag(cov_then[before])) / 2)
        limit = stats.norm.isf(UNSURE / (2 * items))
        clear = np.abs(apart) > limit * np.maximum(error, 1e-12)
        gone = far & clear
        if gone.any():
            span = now.asked[1] - now.asked[0]
            held = float(moved[~gone].mean() / span * 100) if not gone.all() else float("nan")
            found[unit] = [name for name, tell in zip(names, gone, strict=True) if tell], held
    return found


def own_spread(cov: Floats) -> Floats:
    """The variance of each item less the mean of all items of the same person."""
    items = len(cov)
    contrast = np.eye(items) - 1 / items
    return np.asarray(np.diag(contrast @ cov @ contrast.T))

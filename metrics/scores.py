"""Five scores of every unit out of its published cells, with how far to believe them.

A score is made of nothing but cells that are shown, so it reveals nothing that they do not. No unit is ranked, and
there is no one number over all: `overall` makes it for whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import numpy as np
import polars as pl

from metrics import robust
from metrics.coherence import FEWEST, Coherence, coherence
from metrics.combine import geometric
from metrics.goalposts import Goalposts, Score
from metrics.grid import PRESENT, Z90, Grid, ends
from metrics.indicator import Indicator
from metrics.points import points, together
from metrics.quality import quality
from metrics.spc import Floats

PEERS = 8  # units of one depth from which on one of them may be said to be in the bottom quarter
STEP, BEFORE, MONTHS, QUARTERS = timedelta(weeks=4), timedelta(weeks=13), 26, 8
KEY = ["unit", "score"]
SCORES = {
    "unit": pl.String, "score": pl.String, "version": pl.String, "value": pl.Float64, "low": pl.Float64,
    "high": pl.Float64, "error": pl.Float64, "present": pl.Float64, "missing": pl.String, "changed": pl.String,
    "difference": pl.Float64, "difference_low": pl.Float64, "difference_high": pl.Float64, "colour": pl.String,
    "flips": pl.Float64, "bottom": pl.Float64, "place_low": pl.Float64, "place_high": pl.Float64, "among": pl.Int64,
    "quality": pl.Float64, "coverage": pl.Float64, "response": pl.Float64, "reliability": pl.Float64,
}  # fmt: skip
COURSES = {
    "unit": pl.String, "score": pl.String, "week": pl.Date, "version": pl.String, "value": pl.Float64,
    "low": pl.Float64, "high": pl.Float64, "present": pl.Float64,
}  # fmt: skip
PARTS = {
    "unit": pl.String, "score": pl.String, "indicator": pl.String, "place": pl.Int64, "weight": pl.Float64,
    "used": pl.Float64, "low_post": pl.Float64, "high_post": pl.Float64, "why": pl.String, "week": pl.Date,
    "value": pl.Float64, "points": pl.Float64, "error": pl.Float64, "n": pl.Int64, "mark": pl.String,
}  # fmt: skip
DRIVERS = {"unit": pl.String, "score": pl.String, "factor": pl.String, "first": pl.Float64, "total": pl.Float64}
CHECKS = {
    "score": pl.String, "kind": pl.String, "indicator": pl.String, "other": pl.String, "value": pl.Float64,
    "units": pl.Int64, "flagged": pl.Boolean,
}  # fmt: skip
COLUMNS = {
    "scores": SCORES,
    "score_courses": COURSES,
    "score_parts": PARTS,
    "score_drivers": DRIVERS,
    "score_checks": CHECKS,
}


def scores(
    cells: pl.DataFrame,
    units: pl.DataFrame,
    indicators: Mapping[str, Indicator],
    day: date,
    posts: Goalposts | None = None,
    shares: pl.DataFrame | None = None,
) -> dict[str, pl.DataFrame]:
    """The frames of an edition that tell of scores: `scores, score_courses, score_parts, score_drivers, score_checks`.

    `cells`: published ones; `units`: the published tree. Only units in it are scored. `shares`: see `points`.
    """
    posts = posts or Goalposts()
    course, quarters = [day - STEP * back for back in range(MONTHS, -1, -1)], quarters_to(day)
    mine = cells.join(units, on="unit", how="semi")
    found = points(mine, posts, indicators, {*course, *quarters}, shares)
    leaves = units.join(units.select(unit="parent"), on="unit", how="anti")
    found_below = found.join(leaves, on="unit", how="semi")
    frames: dict[str, list[pl.DataFrame]] = {name: [] for name in COLUMNS}
    for score in posts.scores:
        named, below = (frame.filter(pl.col("score") == score.name) for frame in (found, found_below))
        parts = [part.indicator for part in score.parts]
        grid = Grid.of(score, named, together(below, parts, quarters, indicators))
        now = grid.at(day)
        seen = named.filter(pl.col("at") == day)
        frames["scores"].append(_now(grid, day, units, seen, posts.version))
        frames["score_courses"].append(_course(grid, course, posts.version))
        frames["score_parts"].append(_parts(now, posts, seen))
        frames["score_drivers"].append(_drivers(now))
        frames["score_checks"].append(checks(score, level(now, units, leaves)))
    return {
        name: pl.concat(made).select(pl.col(c).cast(t) for c, t in COLUMNS[name].items())
        for name, made in frames.items()
    }


def quarters_to(day: date) -> list[date]:
    return [day - BEFORE * back for back in range(QUARTERS, -1, -1)]


def overall(values: Iterable[float | None]) -> float | None:
    """One number, if it must be: the geometric mean, so that no score buys off another; None where one lacks."""
    given = list(values)
    known = [value for value in given if value is not None and not np.isnan(value)]
    return geometric(known, [1.0] * len(known)) if known and len(known) == len(given) else None


def _now(grid: Grid, day: date, units: pl.DataFrame, seen: pl.DataFrame, version: str) -> pl.DataFrame:
    """The rows of `SCORES`: every unit that has any part now."""
    now = grid.at(day)
    value, error = now.scored()
    low, high = ends(value, error)
    rows = now.rows.join(units.select("unit", "depth"), on="unit", how="left", maintain_order="left")
    below = rows.join(units.select(unit="parent").drop_nulls().unique(), on="unit", how="anti")["unit"]
    leaf = rows["unit"].is_in(below.implode()).to_numpy().astype(float)
    coverage, response = (_mean_of(now, seen, name) for name in ("coverage", "response"))
    good, reliability = quality(
        now.present * np.where(np.isfinite(coverage), coverage, 1), response, value, error, leaf
    )
    names = [part.indicator for part in grid.score.parts]
    missing = [",".join(name for name, one in zip(names, row, strict=True) if np.isnan(one)) for row in now.points]
    return rows.select("unit").with_columns(
        score=pl.lit(grid.score.name), version=pl.lit(version), value=value, low=low, high=high, error=error,
        present=now.present, missing=pl.Series(missing, dtype=pl.String),
        colour=pl.Series([robust.colour(one) for one in value], dtype=pl.String),
        flips=robust.flips(_enough(now, value), grid.weights),
        **_places(now, rows["depth"].to_numpy(), value), **_changes(grid, day), quality=good, coverage=coverage,
        response=response, reliability=reliability,
    ).with_columns(pl.col(pl.Float64).fill_nan(None))  # fmt: skip


def _enough(now: Grid, value: Floats) -> Floats:
    return np.where(np.isfinite(value)[:, None], now.share, np.nan)


def _mean_of(now: Grid, seen: pl.DataFrame, name: str) -> Floats:
    """A share of evidence over the parts that are there, by their weights; nan where of none it is known."""
    known = seen.filter(pl.col(name).is_not_null()).group_by("unit").agg(
        (pl.col(name) * pl.col("weight")).sum() / pl.col("weight").sum()
    )  # fmt: skip
    found = now.rows.join(known, on="unit", how="left", maintain_order="left")[name]
    return found.cast(pl.Float64).fill_null(np.nan).to_numpy()


def _places(now: Grid, depth: Floats, value: Floats) -> dict[str, Floats | pl.Series]:
    """Of each unit among those of its depth that have a score, of which there must be eight."""
    bottom, low, high = np.full((3, len(value)), np.nan)
    among = np.zeros(len(value), int)
    for one in np.unique(depth):
        mine = (depth == one) & np.isfinite(value)
        among[mine] = mine.sum()
        if mine.sum() >= PEERS:
            bottom[mine], low[mine], high[mine] = robust.places(now.share[mine], now.weights)
    return {"bottom": bottom, "place_low": low, "place_high": high, "among": pl.Series(among)}


def _changes(grid: Grid, day: date) -> dict[str, Floats | pl.Series]:
    """up, down or same against 13 weeks before, over the parts that both days have; empty where that is not known.

    It has changed where the 90 % interval of the difference leaves 0 out. A part that has not been measured again
    since has not moved and adds no error.
    """
    now, then = grid.at(day), grid.at(day - BEFORE)
    index = {unit: row for row, unit in enumerate(then.rows["unit"])}
    at = np.array([index.get(unit, -1) for unit in now.rows["unit"]], int)
    before, wide, week = (
        np.where(at[:, None] >= 0, array[at] if len(array) else np.nan, np.nan)
        for array in (then.points, then.error, then.week)
    )
    both = np.where(np.isfinite(now.points) & np.isfinite(before), grid.weights, 0.0)
    share = both / both.sum(axis=1, keepdims=True).clip(1e-12)
    error = np.where(now.week == week, 0.0, np.hypot(now.error, wide))
    known = both.sum(axis=1) >= PRESENT - 1e-9
    difference = np.where(known, (share * np.nan_to_num(now.points - before)).sum(axis=1), np.nan)
    half = Z90 * np.where(known, now.spread(share, error), np.nan)
    low, high = difference - half, difference + half
    said = np.where(np.isnan(half), "", np.where(low > 0, "up", np.where(high < 0, "down", "same")))
    return {"difference": difference, "difference_low": low, "difference_high": high, "changed": pl.Series(said)}


def _course(grid: Grid, days: list[date], version: str) -> pl.DataFrame:
    value, error = grid.scored()
    low, high = ends(value, error)
    made = grid.rows.rename({"at": "week"}).with_columns(
        score=pl.lit(grid.score.name), version=pl.lit(version), value=value, low=low, high=high, present=grid.present
    )
    return made.filter(pl.col("week").is_in(days)).with_columns(pl.col(pl.Float64).fill_nan(None))


def _parts(now: Grid, posts: Goalposts, found: pl.DataFrame) -> pl.DataFrame:
    """Every part of every unit that has any of the score, with what it brought; also those that lack."""
    frame = posts.frame.filter(pl.col("score") == now.score.name)
    every = now.rows.select("unit").join(frame, how="cross")
    known = found.select("unit", "indicator", "week", "value", "points", "error", "n", "mark")
    joined = every.join(known, on=["unit", "indicator"], how="left", maintain_order="left")
    return joined.with_columns(used=now.used.ravel(), mark=pl.col("mark").fill_null(""))


def _drivers(now: Grid) -> pl.DataFrame:
    value, _ = now.scored()
    mine = np.isfinite(value)
    first, total = robust.drivers(now.share[mine], now.weights)
    units = now.rows["unit"].filter(pl.Series(mine))
    frames = [
        pl.DataFrame({"unit": units, "first": first[:, at], "total": total[:, at]}).with_columns(
            score=pl.lit(now.score.name), factor=pl.lit(factor)
        )
        for at, factor in enumerate(robust.FACTORS)
    ]
    return pl.concat(frames).with_columns(pl.col(pl.Float64).fill_nan(None))


def level(now: Grid, units: pl.DataFrame, leaves: pl.DataFrame) -> Grid:
    """The units over which parts are laid side by side: those at the bottom, or the deepest level at which enough units
    have all parts; where none has, the bottom."""
    depths = sorted(units["depth"].unique().to_list(), reverse=True)
    bottom = now.of_units(leaves["unit"])
    every = [bottom, *(now.of_units(units.filter(depth=depth)["unit"]) for depth in depths)]
    return next((one for one in every if np.isfinite(one.points).all(axis=1).sum() >= FEWEST), bottom)


def checks(score: Score, now: Grid) -> pl.DataFrame:
    """What the parts of a score are to one another over units (`CHECKS`).

    `kind`: alpha, explained, loading, importance, correlation, errors (how far errors go together). `flagged`: a
    loading or correlation under 0, a correlation over .92, an importance over twice the weight.
    """
    there = np.asarray(np.isfinite(now.points).any(axis=0))
    names = [part.indicator for part, known in zip(score.parts, there, strict=True) if known]
    found = coherence(now.points[:, there], now.weights[there]) if there.sum() else Coherence(0)
    rows = [("alpha", "", "", found.alpha, False), ("explained", "", "", found.explained, False)]
    rows += [("loading", name, "", one, one < 0) for name, one in zip(names, found.loadings, strict=False)]
    rows += [("importance", name, "", one, flag)
             for name, one, flag in zip(names, found.importance, found.dominant, strict=False)]  # fmt: skip
    odd = {*found.against, *found.double}
    rows += [("correlation", names[a], names[b], r, (a, b) in odd) for (a, b), r in found.correlations.items()]
    every = [part.indicator for part in score.parts]
    rows += [("errors", every[a], every[b], float(now.together[a, b]), False)
             for a in range(len(every)) for b in range(a + 1, len(every))]  # fmt: skip
    shape = {name: CHECKS[name] for name in ("kind", "indicator", "other", "value", "flagged")}
    frame = pl.DataFrame(rows, schema=shape, orient="row").with_columns(score=pl.lit(score.name))
    return frame.with_columns(units=pl.lit(found.units))

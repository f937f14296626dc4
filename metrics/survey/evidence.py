"""All that is told of a survey scale, unit by unit and wave by wave, from who may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics import crowd
from metrics.scales import Floats, spearman_brown
from metrics.survey import verdict
from metrics.survey.change import Both, changes, drifted
from metrics.survey.consistency import consistency, item_rest
from metrics.survey.response import favourable, response
from metrics.survey.teams import TEAMS, agreement
from metrics.survey.wave import Wave

PLACE = ["unit", "week"]
Drift = dict[tuple[str, object], tuple[list[str], float]]
PLACES = {"indicator": pl.String, "unit": pl.String, "week": pl.Date}
COUNTS = ("series", "points", "items", "n", "invited", "teams", "split")
AMOUNTS = (
    *("low", "high", "mean", "favourable", "response", "answered"),
    *("gap", "gap_d", "representative", "weighted", "worst_low", "worst_high"),
    *("alpha", "alpha_low", "alpha_high", "alpha_within", "omega", "left_over"),
    *("rest_low", "rest_straight", "rest_reversed", "ad", "agreed"),
    *("r_star", "r_star_skew", "rwg", "rwg_skew", "icc1", "icc2", "icc_p", "team_size", "reliability"),
    *("change", "change_low", "change_high", "detectable", "held_change"),
)
VERDICTS = ("rely", "aggregate", "compare", "changed")
WORDS = ("rely_words", "aggregate_words", "compare_words", "change_words", "of", "apart", "moved_items")
ROWS = PLACES | dict.fromkeys(COUNTS, pl.Int64) | dict.fromkeys(AMOUNTS, pl.Float64) | {"team": pl.Boolean}
ROWS |= {"then": pl.Date} | dict.fromkeys((*VERDICTS, *WORDS), pl.String)
ITEMS = PLACES | {"item": pl.String, "reversed": pl.Boolean, "rest": pl.Float64, "moved": pl.Boolean}


@dataclass(frozen=True)
class Told:
    """The evidence of one scale: `rows` by unit and wave (`ROWS`), and its `items` (`ITEMS`)."""

    rows: pl.DataFrame
    items: pl.DataFrame

    @classmethod
    def nothing(cls) -> Told:
        return cls(pl.DataFrame(schema=ROWS), pl.DataFrame(schema=ITEMS))


@dataclass(frozen=True)
class Basis:
    """What the evidence of one scale is made from.

    `cells`: unit, week, state and the sums behind each number; `safe`: units and weeks that may be shown by
    themselves; `invited`: how many were asked, unit, week, invited, of, all below included; `parents`: week, unit,
    parent; `above`: the closure of it.
    """

    name: str
    waves: list[Wave]
    both: Both
    cells: pl.DataFrame
    safe: pl.DataFrame
    invited: pl.DataFrame
    parents: pl.DataFrame
    above: pl.DataFrame
    k: int


def told(basis: Basis) -> Told:
    """Only what is shown is told of; what is pooled over teams is pooled over those that may be shown."""
    shown = basis.cells.filter(pl.col("state") == "shown")
    if shown.is_empty() or not basis.waves:
        return Told.nothing()
    asked, liked = permitted(basis)
    parts = [measured(wave, basis, asked, liked) for wave in basis.waves]
    found = pl.concat(parts, how="diagonal_relaxed").join(spread(shown), on=PLACE, how="inner")
    found = found.join(basis.invited.select(*PLACE, "of"), on=PLACE, how="left")
    found = numbered(found, basis.waves)
    found, drift = moved(found.sort("unit", "week"), basis)
    found = judged(found, basis).with_columns(indicator=pl.lit(basis.name))
    return Told(found.select(pl.col(n).cast(kind) for n, kind in ROWS.items()), by_item(found, basis, drift))


def spread(cells: pl.DataFrame) -> pl.DataFrame:
    """The value of each shown cell, and the SD of a single answer."""
    n, total = pl.col("count"), pl.col("total")
    sd = pl.when(n > 1).then(((pl.col("squares") - total**2 / n) / (n - 1)).clip(0).sqrt())
    return cells.select(*PLACE, value=total / n, sd=sd)


def permitted(basis: Basis) -> tuple[dict[object, set[str]], dict[object, set[str]]]:
    """By week, the units whose response may be shown, and those whose favourable share may."""
    invited = {(unit, week): n for unit, week, n in basis.invited.select(*PLACE, "invited").iter_rows()}
    rows = []
    for wave in basis.waves:
        good = wave.rolled(np.nan_to_num(favourable(wave)))
        for unit, people, liked in zip(wave.units, wave.people, good, strict=True):
            asked = max(invited.get((unit, wave.week), 0.0), people)
            rows += [("response", unit, wave.week, people, people, asked)]
            rows += [("favourable", unit, wave.week, people, liked, people)]
    shape = {"indicator": pl.String, "unit": pl.String, "week": pl.Date, "people": pl.Float64, "part": pl.Float64,
             "whole": pl.Float64}  # fmt: skip
    cells = pl.DataFrame(rows, schema=shape, orient="row").with_columns(n=pl.col("whole"))
    seen = crowd.decide(cells, basis.parents, basis.k).filter(pl.col("state") != "hidden")
    by: dict[str, dict[object, set[str]]] = {"response": {}, "favourable": {}}
    for name, unit, week in seen.select("indicator", *PLACE).iter_rows():
        by[name].setdefault(week, set()).add(unit)
    return by["response"], by["favourable"]


def measured(
    wave: Wave, basis: Basis, asked: Mapping[object, set[str]], liked: Mapping[object, set[str]]
) -> pl.DataFrame:
    """Everything of one wave by unit."""
    safe = basis.safe.filter(pl.col("week") == wave.week)["unit"].to_list()
    invited = dict(basis.invited.filter(pl.col("week") == wave.week).select("unit", "invited").iter_rows())
    tree = basis.parents.filter(pl.col("week") == wave.week, pl.col("parent").is_not_null())
    children = {one: list(units) for one, units in tree.group_by("parent").agg("unit").iter_rows()}
    low, high, items, _ = wave.asked
    columns = consistency(wave) | agreement(wave, safe)
    columns |= response(wave, invited, asked.get(wave.week, set()), liked.get(wave.week, set()), children)
    mean = low + wave.rolled(wave.scores) / wave.people / 100 * (high - low)
    frame = wave.frame({**columns, "n": wave.people, "mean": mean, "team": wave.teams})
    return frame.with_columns(
        low=pl.lit(low),
        high=pl.lit(high),
        points=pl.lit(wave.points),
        items=pl.lit(len(items)),
        key=pl.lit(wave.series),
    )


def numbered(found: pl.DataFrame, waves: list[Wave]) -> pl.DataFrame:
    """Series numbered by their first wave."""
    order = {key: at for at, key in enumerate(dict.fromkeys(wave.series for wave in waves), 1)}
    return found.with_columns(series=pl.col("key").replace_strict(order, return_dtype=pl.Int64))


def moved(found: pl.DataFrame, basis: Basis) -> tuple[pl.DataFrame, Drift]:
    """With the wave each is laid beside, or why there is none, the change, and the items that drifted."""
    last = {
        name: pl.col(name).shift(1).over("unit", "series", order_by="week") for name in ("week", "n", "value", "sd")
    }
    found = found.with_columns(**{f"{name}_then": one for name, one in last.items()}).rename({"week_then": "then"})
    found = found.with_columns(
        apart=pl.Series([why(row, basis) for row in found.iter_rows(named=True)], dtype=pl.String)
    )
    now = {name: found[name].cast(pl.Float64).to_numpy() for name in ("n", "value", "sd")}
    then = {name: found[f"{name}_then"].cast(pl.Float64).to_numpy() for name in now}
    places = found.select("unit", "then", "week").iter_rows()
    met = np.array([basis.both.get(place, (0.0, 0.0, 0.0)) for place in places]).T.reshape(3, -1)
    drift = drifts(found, basis)
    held = [drift.get(place, ([], float("nan"))) for place in found.select("unit", "week").iter_rows()]
    return found.with_columns(
        **{name: pl.Series(column).fill_nan(None) for name, column in changes(now, then, met).items()},
        moved_items=pl.Series([", ".join(items) for items, _ in held], dtype=pl.String),
        held_change=pl.Series([moved for _, moved in held], dtype=pl.Float64).fill_nan(None),
    ), drift


def why(row: Mapping[str, object], basis: Basis) -> str:
    """Why a wave stands beside none: it is the first, the series is new, or few came or went in between."""
    if row["then"] is not None:
        return ""
    earlier = [wave for wave in basis.waves if wave.week < row["week"] and row["unit"] in wave.units]  # type: ignore[operator]
    if any(wave.series == row["key"] for wave in earlier):
        return "few"
    return "series" if earlier else "first"


def drifts(found: pl.DataFrame, basis: Basis) -> Drift:
    """The items that moved apart from the others, by unit and wave."""
    waves = {wave.week: wave for wave in basis.waves}
    pairs = found.filter(pl.col("then").is_not_null()).group_by("then", "week").agg("unit")
    tell: Drift = {}
    for then, week, units in pairs.iter_rows():
        items = drifted(waves[week], waves[then])
        tell |= {(unit, week): items[unit] for unit in units if unit in items}
    return tell


def judged(found: pl.DataFrame, basis: Basis) -> pl.DataFrame:
    """With the verdicts: those on teams are of the nearest unit above, or itself, that has ten teams to look at."""
    rows = {(row["unit"], row["week"]): row for row in found.iter_rows(named=True)}
    near = basis.above.filter(pl.col("week").is_in(found["week"].unique().to_list())).sort("distance")
    chains: dict[tuple[str, object], list[str]] = {}
    for unit, week, ancestor in near.select("unit", "week", "ancestor").iter_rows():
        chains.setdefault((unit, week), []).append(ancestor)
    said = []
    for (unit, week), row in rows.items():
        above = (rows.get((one, week)) for one in chains.get((unit, week), [unit]))
        scope = next((one for one in above if one and (one["teams"] or 0) >= TEAMS and one["icc1"] is not None), row)
        said.append(verdicts(row, scope))
    return found.hstack(pl.DataFrame(said, infer_schema_length=None))


def verdicts(row: verdict.Row, scope: verdict.Row) -> dict[str, object]:
    rely, team = verdict.reliance(row), verdict.sharing(row, scope)
    compare, change = verdict.comparing(team, scope), verdict.changing(row)
    single = scope["icc1"]
    reliable = float(spearman_brown(max(single, 0.0), row["n"])) if row["team"] and single is not None else None
    said = {"rely": rely, "aggregate": team, "compare": compare, "changed": change}
    codes = {name: code for name, (code, _) in said.items()}
    words = {f"{'change' if name == 'changed' else name}_words": text for name, (_, text) in said.items()}
    return {**codes, **words, "reliability": reliable}


def by_item(found: pl.DataFrame, basis: Basis, drift: Drift) -> pl.DataFrame:
    """Each item of a unit's wave: how it goes with the others, and whether it moved apart from them."""
    there = set(found.select("unit", "week").iter_rows())
    rows = []
    for wave in basis.waves:
        _, _, names, turned = wave.asked
        rest: Floats = item_rest(wave)
        for unit, values in zip(wave.units, rest, strict=True):
            if (unit, wave.week) in there and not np.isnan(values).all():
                gone, _ = drift.get((unit, wave.week), ([], 0.0))
                told = zip(names, turned, values, strict=True)
                rows += [(basis.name, unit, wave.week, item, back, float(r), item in gone) for item, back, r in told]
    return pl.DataFrame(rows, schema=ITEMS, orient="row").with_columns(pl.col("rest").fill_nan(None))

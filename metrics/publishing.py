"""From evidence to what is published: cells and verdicts that nobody can be singled out from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import polars as pl

from metrics import crowd
from metrics.agreement import agreement
from metrics.board import verdicts
from metrics.budget import Limits, rules, unlimited
from metrics.cells import SERIES, SHAPE
from metrics.coverage import told, too_little, weeks_held
from metrics.curves import SHAPE as CURVES
from metrics.curves import curves
from metrics.evidence import read, roll_up, series, windowed
from metrics.feeds import feeds
from metrics.history import lately
from metrics.indicator import Indicator
from metrics.kinds import KINDS
from metrics.leaders import lifted
from metrics.moved import KNOWN, interventions, moved
from metrics.moved import told as told_of
from metrics.reorganisation import events
from metrics.rounding import rounded
from metrics.setting import Setting as Setting
from metrics.survey.evidence import Told
from metrics.survey.published import WITHHELD, Scale, begins, marked, of_last_series
from metrics.survey.separation import apart

WHO_IS_WHO = ("units", "people", "accounts")
BACK = 3  # weeks before its own that a tie is read from
PLACE = ["indicator", "unit", "week"]
Each = Callable[..., Iterable[Any]]
NUMBERS = ["value", "low", "high", "n", "people"]


@dataclass(frozen=True)
class Seen:
    """One indicator as it may be seen: `cells` of its windows, the weekly `series` they are judged by; of a survey
    scale also what is `told` of its evidence, of a wait its `curves`."""

    cells: pl.DataFrame
    series: pl.DataFrame
    curves: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CURVES))
    told: Told = field(default_factory=Told.nothing)


def published(
    evidence: Mapping[str, pl.DataFrame],
    crowds: Mapping[str, pl.DataFrame],
    indicators: Mapping[str, Indicator],
    setting: Setting,
    rows: pl.DataFrame,
    tick: Callable[[str], None],
    begun: pl.DataFrame | None = None,
    each: Each = map,
    limits: Limits = unlimited,
) -> dict[str, pl.DataFrame]:
    """The frames of an edition: cells, verdicts, units, events, feeds, coverage, what was `begun`; `each` maps;
    `limits` turns the weekly series and the published units into what alarms are kept to."""

    def one_seen(one: Indicator) -> Seen:
        mine, moves = evidence[one.name], setting.moves
        mine = mine if KINDS[one.kind].stated else lifted(mine, moves)
        return seen(one, mine, lifted(crowds[one.name], moves), setting)

    tick("up the tree")
    found = list(each(one_seen, indicators.values()))
    tick("judging")
    cells = pl.concat([one.cells for one in found], how="vertical_relaxed")
    found = [replace(one, cells=cells.clear()) for one in found]  # in large organisations they are gigabytes
    units, every = visible(cells, setting), pl.concat([one.series for one in found], how="diagonal_relaxed")
    kept_to = limits(every, units)
    cells = cells.join(units, on="unit", how="semi")
    cells, board = verdicts(cells, every, units, indicators, setting.calendar.today, rules(kept_to))
    began = begun if begun is not None else pl.DataFrame(schema=KNOWN)
    tick("what was begun, and what it changed")
    weekly = {name: one.series for name, one in zip(indicators, found, strict=True)}
    return {
        **{name: rounded(frame) for name, frame in moved(cells, weekly, began, units, indicators).items()},
        "cells": cells,
        "alarm_budget": kept_to,
        "verdicts": rounded(board.rows),
        **surroundings(setting, units, began, rows),
        "curves": pl.concat([one.curves for one in found]).join(units, on="unit", how="semi"),
        **evidence_of_surveys(found, cells, units),
    }


def surroundings(
    setting: Setting, units: pl.DataFrame, began: pl.DataFrame, rows: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """What was begun and what happened, how fresh the data are, how much of them is by people who are known."""
    return {
        "units": units,
        "interventions": interventions(began, units, setting.calendar.today),
        "events": told_of(events(setting.teams, setting.parents, units), began, units, setting.calendar.today),
        "feeds": told(feeds(rows, setting.held, setting.calendar.last), setting.coverage, setting.minimum),
        "coverage": setting.coverage,
    }


def evidence_of_surveys(found: list[Seen], cells: pl.DataFrame, units: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The evidence of the units that appear, and whether what people say and what they do moved alike."""
    rows, items = (pl.concat([getattr(one.told, part) for one in found]) for part in ("rows", "items"))
    rows, items = (rounded(frame.join(units, on="unit", how="semi")) for frame in (rows, items))
    return {"surveys": rows, "survey_items": items, "agreements": agreement(of_last_series(cells, rows))}


def visible(cells: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    """The units that may appear, even by name: `unit, parent, name, depth`, each under the nearest that may appear.

    Those with a crowd of members now; where membership is not known, those with a number to show. The root always.
    """
    last = setting.calendar.last
    now = setting.parents.filter(pl.col("week") == pl.min_horizontal(pl.col("week").max(), pl.lit(last)))
    above = setting.above.join(now.select("week").unique(), on="week", how="semi")
    if setting.teams.is_empty():
        shown = cells.filter(pl.col("state") == "shown").select("unit").unique()
    else:
        direct = setting.teams.filter(pl.col("week") == last).group_by("unit").agg(people=pl.len())
        heads = above.join(direct, on="unit").group_by(unit="ancestor").agg(pl.col("people").sum())
        shown = heads.filter(pl.col("people") >= setting.calendar.k).select("unit")
    roots = now.filter(pl.col("parent").is_null())
    kept = pl.concat([shown, roots.select("unit")]).unique()
    nearest = (
        above.filter(pl.col("distance") > 0)
        .join(kept.rename({"unit": "ancestor"}), on="ancestor", how="semi")
        .sort("distance")
        .group_by("unit", maintain_order=True)
        .agg(parent=pl.col("ancestor").first(), depth=pl.len().cast(pl.Int64))
    )
    named = now.select("unit", "name").join(kept, on="unit", how="semi")
    found = named.join(nearest, on="unit", how="left").with_columns(pl.col("depth").fill_null(0))
    return found.select("unit", "parent", "name", "depth").sort("depth", "name", "unit")


def seen(one: Indicator, evidence: pl.DataFrame, people: pl.DataFrame, setting: Setting) -> Seen:
    """An indicator's cells and series, those of small crowds hidden, those of missing data held.

    `evidence` and `people` (distinct people behind each window) are of leaves, those above the teams lifted.
    """
    if evidence.is_empty() and one.kind != "scale":  # of a survey there are invitations too
        return Seen(pl.DataFrame(schema=SHAPE), pl.DataFrame(schema=SERIES))
    rolled = roll_up(evidence, setting.above)
    wide = windowed(rolled, one.window)
    cells = whole_windows(read(wide, one, whole=True), rolled, one.window)
    cells = with_people(cells, roll_up_people(people, setting)).join(sums(wide), on=PLACE, how="left")
    members = own(evidence, people, one)
    hidden = crowd.decide(cells, setting.parents, setting.calendar.k, own=members)
    if one.kind == "scale":
        return seen_in_waves(one, hidden, members, rolled, setting)
    timed = hidden.with_columns(state=state(one, setting))
    cells = pl.concat([timed, waiting(timed, one, setting)], how="diagonal")
    shown = lately(crowd.mask(blank(cells)).select(list(SHAPE)), setting.calendar)
    drawn = curves(one, wide, timed, setting.parents, setting.calendar.k, members)
    return Seen(shown, judged(one, rolled, timed, setting), drawn)


def seen_in_waves(
    one: Indicator, safe: pl.DataFrame, members: pl.DataFrame, rolled: pl.DataFrame, setting: Setting
) -> Seen:
    """A survey scale: its waves as far as they may stand side by side, marked by what its evidence says."""
    scale = Scale.of(one.name, setting.surveys, setting.moves, setting.parents, setting.above, setting.calendar.k)
    timed = scale.released(safe, members).with_columns(state=state(one, setting))
    told = scale.told(timed, safe)
    timed = apart(marked(timed, told.rows), one.name, setting.surveys.given)
    series = judged(one, rolled, timed, setting).join(begins(told.rows), on=["unit", "week"], how="left")
    series = series.with_columns(break_=pl.col("break_") | pl.col("begins").fill_null(False)).drop("begins")
    return Seen(crowd.mask(blank(timed)).select(list(SHAPE)), series, told=told)


def sums(evidence: pl.DataFrame) -> pl.DataFrame:
    """What adds up the tree, where the kind has it."""
    named = [name for name in ("part", "whole", "count", "total", "squares") if name in evidence.columns]
    return evidence.group_by(PLACE).agg(pl.col(named).sum())


def roll_up_people(people: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    """The people behind the windows of every unit above."""
    above = setting.above.select("week", "unit", "ancestor")
    return people.join(above, on=["week", "unit"]).with_columns(unit="ancestor").drop("ancestor")


def with_people(cells: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """The cells with the distinct people of their window; nobody known is nobody."""
    counted = people.group_by(PLACE).agg(pl.col("people").sum())
    return cells.drop("people").join(counted, on=PLACE, how="left").with_columns(pl.col("people").fill_null(0))


def own(evidence: pl.DataFrame, people: pl.DataFrame, one: Indicator) -> pl.DataFrame:
    """The windows of each unit's direct members: only what adds up the tree, so that ages and partners are left out."""
    few = sums(evidence).with_columns(people=pl.lit(0, pl.Int64))
    return with_people(windowed(few, one.window), people)


def state(one: Indicator, setting: Setting) -> pl.Expr:
    """hidden before all, then held, then partial: the week or its settling is not over.

    A survey that is still open is held: from one day to the next its number would tell what the last ones answered.
    """
    ripe = pl.lit(setting.calendar.today) - timedelta(days=6 + one.settles + 1)
    held = held_weeks(one, setting)
    return (
        pl.when(pl.col("state") == "hidden")
        .then(pl.lit("hidden"))
        .when(pl.col("week").is_in(held["week"].implode()))
        .then(pl.lit("held"))
        .when(pl.col("week") > ripe)
        .then(pl.lit("held" if one.kind == "scale" else "partial"))
        .otherwise(pl.lit("shown"))
    )


def held_weeks(one: Indicator, setting: Setting) -> pl.DataFrame:
    """The weeks whose evidence would be read from missing data.

    Those held, three after for ties, which look back so far, and as many before as it waits for a week to settle. And
    the weeks in which too few of the authors are known.
    """
    tables = [name for name in one.tables if name not in WHO_IS_WHO]
    held = setting.held.filter(pl.col("table").is_in(tables)).select("week").unique()
    after = BACK if KINDS[one.kind].spans else 0
    first = pl.col("week") - pl.duration(weeks=-(-one.settles // 7))
    last = pl.col("week") + pl.duration(weeks=after)
    missing = held.with_columns(pl.date_ranges(first, last, "1w")).explode("week")
    minimum = setting.minimum if one.coverage is None else one.coverage
    unknown = weeks_held(setting.calendar) if too_little(setting.coverage, minimum) & {*tables} else missing.clear()
    return pl.concat([missing, unknown]).unique()


def waiting(cells: pl.DataFrame, one: Indicator, setting: Setting) -> pl.DataFrame:
    """Held cells of the weeks that brought no evidence at all, once a unit has had some."""
    if one.kind == "scale":
        return cells.select(*PLACE, "state").clear()
    begun = cells.group_by("indicator", "unit").agg(first=pl.col("week").min())
    weeks = held_weeks(one, setting).filter(pl.col("week") <= setting.calendar.last)
    absent = begun.join(weeks, how="cross").filter(pl.col("week") > pl.col("first"))
    absent = absent.join(setting.parents, on=["week", "unit"], how="semi").join(cells, on=PLACE, how="anti")
    return absent.select(*PLACE, state=pl.lit("held"))


def whole_windows(cells: pl.DataFrame, rolled: pl.DataFrame, weeks: int) -> pl.DataFrame:
    """Only windows between a unit's first and last evidence: from shorter ones single weeks could be worked out."""
    span = rolled.group_by("indicator", "unit").agg(first=pl.col("week").min(), last=pl.col("week").max())
    full = pl.col("week") >= pl.col("first") + pl.duration(weeks=weeks - 1)
    return (
        cells.join(span, on=["indicator", "unit"]).filter(full, pl.col("week") <= pl.col("last")).drop("first", "last")
    )


def blank(cells: pl.DataFrame) -> pl.DataFrame:
    """The numbers of held cells taken away."""
    held = pl.col("state") == "held"
    return cells.with_columns(
        pl.when(~held).then(pl.col(NUMBERS)),
        pl.when(held).then(pl.lit("")).otherwise(pl.col("mark").fill_null("")).alias("mark"),
    )


def judged(one: Indicator, rolled: pl.DataFrame, cells: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    """The weekly series as the judge takes them: only what is shown, whole and settled may be judged."""
    withheld = pl.col("mark").is_in(WITHHELD) if one.kind == "scale" else pl.lit(False)
    shown = cells.filter(pl.col("state") == "shown", ~withheld).select(*PLACE, ok=pl.lit(True))
    rolled = rolled if one.judged else rolled.clear()
    return (
        series(rolled, one, whole=True)
        .join(moves(rolled), on=PLACE, how="left")
        .join(cells.select(PLACE), on=PLACE, how="semi")
        .join(shown, on=PLACE, how="left")
        .join(setting.depth, on="unit", how="inner")
        .join(setting.breaks.select("unit", "week", break_=pl.lit(True)), on=["unit", "week"], how="left")
        .with_columns(
            pl.col("ok", "break_").fill_null(False), quiet=pl.col("week").is_in(setting.quiet["week"].implode())
        )
    )


def moves(rolled: pl.DataFrame) -> pl.DataFrame:
    """Of surveys: how many answered the wave before too, and the SD of their changes."""
    if "moved" not in rolled.columns:
        empty = pl.lit(None, pl.Float64)
        return rolled.select(*PLACE, matched=empty, moved_sd=empty).clear()
    n, spread = pl.col("matched"), pl.col("moved_squares") - pl.col("moved") ** 2 / pl.col("matched")
    sd = pl.when(n > 1).then((spread / (n - 1)).clip(0).sqrt())
    return rolled.select(*PLACE, matched=n.cast(pl.Float64), moved_sd=sd)

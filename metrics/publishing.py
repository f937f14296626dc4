"""From evidence to what is published: cells and verdicts that nobody can be singled out from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from metrics import crowd
from metrics.board import Board
from metrics.evidence import read, roll_up, series, windowed
from metrics.feeds import feeds
from metrics.gaps import gaps, quiet
from metrics.indicator import Indicator
from metrics.judge import judge
from metrics.kinds import KINDS
from metrics.leaders import lifted, lifts
from metrics.reorganisation import breaks, events
from metrics.tree import closure
from metrics.weeks import Calendar, spine

WHO_IS_WHO = ("units", "people", "accounts")
BACK = 3  # weeks before its own that a tie is read from
PLACE = ["indicator", "unit", "week"]
CELLS = [*PLACE, "state", "mark", "value", "low", "high", "n", "people"]
NUMBERS = ["value", "low", "high", "n", "people"]


@dataclass(frozen=True)
class Seen:
    """One indicator as it may be seen: `cells` of its windows, and the weekly `series` they are judged by."""

    cells: pl.DataFrame
    series: pl.DataFrame


@dataclass(frozen=True)
class Setting:
    """What all indicators are seen in: the tree of each week, which weeks are held, quiet, or begin anew."""

    calendar: Calendar
    parents: pl.DataFrame
    above: pl.DataFrame
    teams: pl.DataFrame
    moves: pl.DataFrame
    held: pl.DataFrame
    quiet: pl.DataFrame
    breaks: pl.DataFrame

    @classmethod
    def of(cls, calendar: Calendar, parents: pl.DataFrame, teams: pl.DataFrame, rows: pl.DataFrame) -> Setting:
        """`parents`: week, unit, parent, name; `teams`: person, week, unit; `rows`: source, table, week, rows."""
        first = parents["week"].min()
        weeks = spine(first if first else calendar.last, calendar.last)  # type: ignore[arg-type]
        return cls(
            calendar,
            parents,
            closure(parents),
            teams,
            lifts(teams, parents, calendar.k),
            gaps(rows, weeks, calendar),
            quiet(rows, weeks, calendar),
            breaks(teams, parents),
        )

    @property
    def depth(self) -> pl.DataFrame:
        """How far below the root each unit is now."""
        now = self.above.filter(pl.col("week") == pl.col("week").max())
        return now.group_by("unit").agg(depth=pl.col("distance").max().cast(pl.Int64))


def published(
    evidence: Mapping[str, pl.DataFrame],
    crowds: Mapping[str, pl.DataFrame],
    indicators: Mapping[str, Indicator],
    setting: Setting,
    rows: pl.DataFrame,
    tick: Callable[[str], None],
) -> dict[str, pl.DataFrame]:
    """The frames of an edition: cells, verdicts, units, events, feeds."""
    found = []
    for name, one in indicators.items():
        tick(f"{one.title.lower()}, up the tree")
        found.append(seen(one, lifted(evidence[name], setting.moves), lifted(crowds[name], setting.moves), setting))
    tick("judging")
    cells = pl.concat([one.cells for one in found], how="vertical_relaxed")
    said = judge(pl.concat([one.series for one in found], how="diagonal_relaxed"))
    units = visible(cells, setting)
    cells = rounded(with_verdicts(cells.join(units, on="unit", how="semi"), said, indicators))
    return {
        "cells": cells,
        "verdicts": rounded(Board.of(cells, said, units, indicators, setting.calendar.today).rows),
        "units": units,
        "events": events(setting.teams, setting.parents, units),
        "feeds": feeds(rows, setting.held, setting.calendar.last),
    }


def rounded(frame: pl.DataFrame) -> pl.DataFrame:
    """To nine digits: the order in which a machine adds must not make two editions differ."""
    return frame.with_columns(pl.col(pl.Float64).round_sig_figs(9))


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
    rolled = roll_up(evidence, setting.above)
    wide = windowed(rolled, one.window)
    cells = whole_windows(read(wide, one), rolled, one.window)
    cells = with_people(cells, roll_up_people(people, setting)).join(sums(wide), on=PLACE, how="left")
    hidden = crowd.decide(cells, setting.parents, setting.calendar.k, own=own(evidence, people, one))
    timed = hidden.with_columns(state=state(one, setting))
    cells = pl.concat([timed, waiting(timed, one, setting)], how="diagonal")
    return Seen(crowd.mask(blank(cells)).select(CELLS), judged(one, rolled, timed, setting))


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
    """The windows of each unit's direct members."""
    return with_people(sums(windowed(evidence, one.window)).with_columns(people=0), people)


def state(one: Indicator, setting: Setting) -> pl.Expr:
    """hidden before all, then held, then partial: the week or its settling is not over."""
    ripe = pl.lit(setting.calendar.today) - timedelta(days=6 + one.settles + 1)
    held = held_weeks(one, setting)
    return (
        pl.when(pl.col("state") == "hidden")
        .then(pl.lit("hidden"))
        .when(pl.col("week").is_in(held["week"].implode()))
        .then(pl.lit("held"))
        .when(pl.col("week") > ripe)
        .then(pl.lit("partial"))
        .otherwise(pl.lit("shown"))
    )


def held_weeks(one: Indicator, setting: Setting) -> pl.DataFrame:
    """The weeks whose evidence would be read from missing data.

    Those held, three after for ties, which look back so far, and as many before as it waits for a week to settle.
    """
    tables = [name for name in one.tables if name not in WHO_IS_WHO]
    held = setting.held.filter(pl.col("table").is_in(tables)).select("week").unique()
    after = BACK if one.kind == "ties" else 0
    first = pl.col("week") - pl.duration(weeks=-(-one.settles // 7))
    last = pl.col("week") + pl.duration(weeks=after)
    return held.with_columns(pl.date_ranges(first, last, "1w")).explode("week").unique()


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
    shown = cells.filter(pl.col("state") == "shown").select(*PLACE, ok=pl.lit(True))
    return (
        series(rolled, one)
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


def with_verdicts(cells: pl.DataFrame, verdicts: pl.DataFrame, registered: Mapping[str, Indicator]) -> pl.DataFrame:
    """The cells with verdict, side and usual range, in display units; what is not shown has none."""
    factors = {name: KINDS[one.kind].factor for name, one in registered.items()}
    factor = pl.col("indicator").replace_strict(factors, return_dtype=pl.Float64)
    joined = cells.join(verdicts.select(*PLACE, "verdict", "side", "usual_low", "usual_high"), on=PLACE, how="left")
    told = pl.col("state") == "shown"
    drawn = pl.col("state").is_in(["shown", "partial"])
    return joined.with_columns(
        verdict=pl.when(told).then(pl.col("verdict").fill_null("unknown")).otherwise(pl.lit("unknown")),
        side=pl.when(told).then(pl.col("side").fill_null("")).otherwise(pl.lit("")),
        usual_low=pl.when(drawn).then(pl.col("usual_low") * factor),
        usual_high=pl.when(drawn).then(pl.col("usual_high") * factor),
    )

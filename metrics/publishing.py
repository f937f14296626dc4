"""From evidence to what is published: cells and verdicts that nobody can be singled out from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from metrics import crowd
from metrics.evidence import read, roll_up, series, windowed
from metrics.indicator import Indicator
from metrics.kinds import KINDS
from metrics.tree import closure
from metrics.weeks import Calendar

ROOT_ONLY = ("units", "people", "accounts")
CELLS = ["indicator", "unit", "week", "state", "mark", "value", "low", "high", "n", "people"]
NUMBERS = ["value", "low", "high", "n", "people"]


@dataclass(frozen=True)
class Seen:
    """One indicator as it may be seen: `cells` of its windows, and the weekly `series` they are judged by."""

    cells: pl.DataFrame
    series: pl.DataFrame


@dataclass(frozen=True)
class Setting:
    """What all indicators are seen in: the calendar, the tree of each week, the weeks that a table is held in."""

    calendar: Calendar
    parents: pl.DataFrame
    above: pl.DataFrame
    depth: pl.DataFrame
    held: pl.DataFrame
    quiet: pl.DataFrame
    breaks: pl.DataFrame

    @classmethod
    def of(
        cls, calendar: Calendar, parents: pl.DataFrame, held: pl.DataFrame, quiet: pl.DataFrame, breaks: pl.DataFrame
    ) -> Setting:
        above = closure(parents)
        newest = above.filter(pl.col("week") == pl.col("week").max())
        depth = newest.group_by("unit").agg(depth=pl.col("distance").max().cast(pl.Int64))
        return cls(calendar, parents, above, depth, held, quiet, breaks)


def seen(one: Indicator, evidence: pl.DataFrame, setting: Setting) -> Seen:
    """An indicator's cells and series, those of small crowds hidden, those of missing data held."""
    rolled = roll_up(evidence, setting.above)
    wide = windowed(rolled, one.window)
    cells = read(wide, one).join(sums(wide), on=["indicator", "unit", "week"], how="left")
    hidden = crowd.decide(cells, setting.parents, setting.calendar.k, own=own(evidence, one))
    timed = hidden.with_columns(state=state(one, setting))
    return Seen(crowd.mask(blank(timed)).select(CELLS), judged(one, rolled, timed, setting))


def sums(evidence: pl.DataFrame) -> pl.DataFrame:
    """What adds up the tree, where the kind has it."""
    named = [name for name in ("part", "whole", "count", "total", "squares") if name in evidence.columns]
    return evidence.group_by("indicator", "unit", "week").agg(pl.col(named).sum())


def own(evidence: pl.DataFrame, one: Indicator) -> pl.DataFrame:
    """The windows of each unit's direct members."""
    wide = windowed(evidence, one.window)
    people = wide.group_by("indicator", "unit", "week").agg(pl.col("people").sum())
    return people.join(sums(wide), on=["indicator", "unit", "week"])


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
    """The weeks whose evidence would be read from missing data: those held, and as many after as it looks back."""
    tables = [name for name in one.tables if name not in ROOT_ONLY]
    held = setting.held.filter(pl.col("table").is_in(tables)).select("week").unique()
    after = 0 if one.reach > 60 else -(-one.reach // 7)
    return held.with_columns(pl.date_ranges("week", pl.col("week") + pl.duration(weeks=after), "1w")).explode("week").unique()


def blank(cells: pl.DataFrame) -> pl.DataFrame:
    """The numbers of held cells taken away."""
    held = pl.col("state") == "held"
    return cells.with_columns(
        pl.when(~held).then(pl.col(NUMBERS)), pl.when(held).then(pl.lit("")).otherwise("mark").alias("mark")
    )


def judged(one: Indicator, rolled: pl.DataFrame, cells: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    """The weekly series as the judge takes them: only what is shown, whole and settled may be judged."""
    place = ["indicator", "unit", "week"]
    shown = cells.filter(pl.col("state") == "shown").select(*place, ok=pl.lit(True))
    return (
        series(rolled, one)
        .join(moves(rolled), on=place, how="left")
        .join(cells.select(place), on=place, how="semi")
        .join(shown, on=place, how="left")
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
        return rolled.select("indicator", "unit", "week", matched=empty, moved_sd=empty).clear()
    n, spread = pl.col("matched"), pl.col("moved_squares") - pl.col("moved") ** 2 / pl.col("matched")
    sd = pl.when(n > 1).then((spread / (n - 1)).clip(0).sqrt())
    return rolled.select("indicator", "unit", "week", matched=n.cast(pl.Float64), moved_sd=sd)


def with_verdicts(cells: pl.DataFrame, verdicts: pl.DataFrame, registered: Mapping[str, Indicator]) -> pl.DataFrame:
    """The cells with verdict, side and usual range, in display units; what is not shown has none."""
    factors = {name: KINDS[one.kind].factor for name, one in registered.items()}
    factor = pl.col("indicator").replace_strict(factors, return_dtype=pl.Float64)
    place = ["indicator", "unit", "week"]
    joined = cells.join(verdicts.select(*place, "verdict", "side", "usual_low", "usual_high"), on=place, how="left")
    told = pl.col("state") == "shown"
    drawn = pl.col("state").is_in(["shown", "partial"])
    return joined.with_columns(
        verdict=pl.when(told).then(pl.col("verdict").fill_null("unknown")).otherwise(pl.lit("unknown")),
        side=pl.when(told).then(pl.col("side").fill_null("")).otherwise(pl.lit("")),
        usual_low=pl.when(drawn).then(pl.col("usual_low") * factor),
        usual_high=pl.when(drawn).then(pl.col("usual_high") * factor),
    )

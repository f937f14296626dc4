"""Skills needed and skills held, week by week: whom a need can count on, and how far they meet it."""

from __future__ import annotations

from datetime import date

import polars as pl

from metrics.tree import tree
from metrics.weeks import Calendar, monday, spine

STALE = 78  # weeks after which an assessment says nothing any more: eighteen months
CRITICAL = 4.0
NEED = ["week", "unit", "skill"]


def held(skills: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """The level each person held in each week, by assessments of the last 18 months: `week, person, skill, level`."""
    week = monday(pl.col("assessed"))
    dated = skills.select("person", "skill", "level", "assessed", week=week).sort("assessed", "level")
    last = dated.group_by("person", "skill", "week", maintain_order=True).agg(pl.col("level").last())
    following = pl.col("week").shift(-1).over("person", "skill", order_by="week")
    until = pl.min_horizontal(
        following - pl.duration(weeks=1), pl.col("week") + pl.duration(weeks=STALE - 1), pl.lit(calendar.this)
    )
    spread = last.with_columns(week=pl.date_ranges("week", until, "1w")).filter(pl.col("week").list.len() > 0)
    return spread.explode("week")


def needed(needs: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """What was needed in each week: `week, unit, skill, level, headcount, importance`; a later need replaces the one
    before of the same unit, project and skill. Posts to be filled are no need for those who are there."""
    asked = needs.filter(pl.col("unit").is_not_null(), (pl.col("kind") != "requisition").fill_null(True))
    dated = asked.with_columns(week=monday(pl.col("starts"))).sort("starts", "need")
    key = ["unit", "project", "skill"]
    last = dated.group_by(*key, "week", maintain_order=True).agg(pl.col("level", "headcount", "importance").last())
    following = pl.col("week").shift(-1).over(key, order_by="week")
    until = pl.min_horizontal(following - pl.duration(weeks=1), pl.lit(calendar.this))
    spread = last.with_columns(week=pl.date_ranges("week", until, "1w")).filter(pl.col("week").list.len() > 0)
    return spread.explode("week").with_columns(pl.col("importance").fill_null(3.0)).drop("project")


def members(teams: pl.LazyFrame, units: pl.LazyFrame, wanted: pl.LazyFrame) -> pl.LazyFrame:
    """Everybody in or below each unit that is wanted: `week, unit, person`."""
    there = teams.collect()
    asked = wanted.select("week", "unit").unique().collect()
    if there.is_empty() or asked.is_empty():
        return there.lazy().select("week", "unit", "person").clear()
    first: date = asked["week"].min()  # type: ignore[assignment]
    last: date = asked["week"].max()  # type: ignore[assignment]
    there = there.filter(pl.col("week").is_between(first, last))
    named = {*there["unit"], *asked["unit"]}
    above = tree(units, spine(first, last), named=named).select("week", "unit", "ancestor")
    mine = above.join(asked.rename({"unit": "ancestor"}), on=["week", "ancestor"], how="semi")
    return (
        there.lazy()
        .join(mine.lazy(), on=["week", "unit"], how="inner")
        .select("week", unit="ancestor", person="person")
    )


def seats(
    needs: pl.LazyFrame, skills: pl.LazyFrame, teams: pl.LazyFrame, units: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """Every need with how far it is met: `week, unit, skill, level, headcount, importance, met, ready`.

    The best of the unit take the seats, each up to the level that is needed, so that what one knows too much never
    makes up for what another lacks. `met` is levels, `ready` people who hold the level needed (seats or not).
    """
    wanted = needed(needs, calendar).collect().lazy()
    mine = members(teams, units, wanted).collect().lazy()
    known = held(skills, calendar).join(mine.select("week", "person").unique(), on=["week", "person"], how="semi")
    named = wanted.select(NEED).unique()
    rows = mine.join(known, on=["week", "person"], how="inner").join(named, on=NEED, how="semi").collect().lazy()
    ranked = rows.with_columns(rank=pl.col("level").rank("ordinal", descending=True).over(NEED)).rename(
        {"level": "has"}
    )
    both = wanted.join(ranked, on=NEED, how="left")
    seat = pl.col("rank") <= pl.col("headcount")
    met = pl.min_horizontal("has", "level").filter(seat).sum()
    each = both.group_by(*NEED, "level", "headcount", "importance").agg(
        met=met, ready=(pl.col("has") >= pl.col("level")).sum()
    )
    return each.with_columns(pl.col("met").fill_null(0.0), pl.col("ready").fill_null(0).cast(pl.Int64))


def crowd(needs: pl.LazyFrame, teams: pl.LazyFrame, units: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """The people behind what is said of needs: `week, unit, person`, each once."""
    wanted = needed(needs, calendar).collect().lazy()
    return members(teams, units, wanted).select("week", "person").unique().with_columns(unit=pl.lit(None, pl.String))

"""Skill response (beside S11): how long a newly needed skill waits until five people have learned it."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.kinds.waiting import ages
from metrics.supply import members
from metrics.weeks import Calendar, monday

DAYS = 180
FIRST_STATED = 26  # weeks from a unit's first need on in which what it states is where it begins, not news
MANY = 5


@indicator(
    code="S11", title="Median days from need to five trained", question="How soon do we learn what is newly needed?",
    unit="days", better="down", timing="leading", theme="skills",
    source="A house measure on Kaplan & Meier 1958; Brookmeyer & Crowley 1982",
    beware="Renaming a skill looks like a new need; what is learned without a course is not seen.",
    kind="median", target=DAYS, least=10, reach=ALWAYS, window=52, settles=DAYS + 1, beside="skill_velocity",
    counts="newly needed skills",
)  # fmt: skip
def skill_response(
    needs: pl.LazyFrame, learning: pl.LazyFrame, teams: pl.LazyFrame, units: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """The days within which half of a year's newly needed skills were learned by five people of the unit.

    New is what a unit states half a year or more after its first need and never stated before, from the day it was
    stated, at the latest from when it is needed. Learned is a finished course of the skill, from then on. Unknown where
    fewer than half of the skills came so far within 180 days.
    """
    asked = _news(needs, calendar).collect().lazy()
    week = monday(pl.col("since"))
    until = pl.min_horizontal(week + pl.duration(days=DAYS), pl.lit(calendar.this))
    followed = asked.with_columns(week=pl.date_ranges(week, until, "1w")).explode("week")
    there = members(teams, units, followed).collect().lazy()
    took = learning.filter(pl.col("skill").is_not_null(), pl.col("done").is_not_null()).select(
        "skill", "person", "done", week=calendar.week(pl.col("done"))
    )
    since = pl.col("since").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    mine = took.join(asked, on="skill").join(there, on=["week", "unit", "person"], how="semi")
    each = mine.filter(pl.col("done") >= since).group_by("unit", "skill", "person").agg(pl.col("done").min())
    fifth = each.group_by("unit", "skill").agg(fifth=pl.col("done").sort().get(MANY - 1, null_on_oob=True))
    found = asked.join(fifth, on=["unit", "skill"], how="left")
    age = (calendar.until_now(pl.col("fifth")) - since).dt.total_seconds() / 86_400
    nobody = pl.lit(None, pl.String)
    said = found.select("unit", week=week, person=nobody, **ages(age, pl.col("fifth").is_not_null(), DAYS))
    none = pl.lit(0, pl.Int64)
    people = members(teams, units, asked.with_columns(week=week)).select("week", "person").unique()
    behind = people.select("week", "person", unit=nobody, bucket=none, done=none, waiting=none)
    return pl.concat([said, behind.select(said.collect_schema().names())])


def _news(needs: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Every skill a unit came to need, and the day it was first known: `unit, skill, since`."""
    stated = needs.filter(pl.col("unit").is_not_null(), pl.col("skill").is_not_null(), pl.col("starts").is_not_null())
    known = pl.min_horizontal(pl.col("changed").dt.date(), pl.col("starts"))
    first = stated.group_by("unit", "skill").agg(since=known.min())
    begun = pl.col("since").min().over("unit") + pl.duration(weeks=FIRST_STATED)
    return first.filter(pl.col("since") >= begun, pl.col("since") <= calendar.today)

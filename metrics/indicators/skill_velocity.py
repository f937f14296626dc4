"""Skill velocity (S11): how fast the skills we need change."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.supply import crowd, needed
from metrics.weeks import Calendar

YEAR = 52


@indicator(
    code="S11", title="Change of needed skills in a year", question="How fast do the skills we need change?", unit="%",
    better="either", timing="leading", theme="skills", source="Jaccard 1901; Lightcast, skill disruption",
    beware="Renaming skills looks like change.",
    kind="standing", least=20, reach=ALWAYS, window=1, counts="skills of units",
)  # fmt: skip
def skill_velocity(needs: pl.LazyFrame, teams: pl.LazyFrame, units: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the skills a unit needs now or needed a year ago that are new or gone (Jaccard distance).

    Each skill counts once for each unit that states needs of its own; units are added up, not merged.
    """
    now = needed(needs, calendar).select("week", "unit", "skill").unique().collect().lazy()
    first = now.select(pl.col("week").min() + pl.duration(weeks=YEAR)).collect().item()
    then = now.with_columns(week=pl.col("week") + pl.duration(weeks=YEAR)).filter(pl.col("week") <= calendar.this)
    key = ["week", "unit", "skill"]
    both = pl.concat([now.with_columns(now=1, then=0), then.with_columns(now=0, then=1)])
    union = both.filter(pl.col("week") >= pl.lit(first, pl.Date)).group_by(key).agg(pl.col("now", "then").max())
    changed = (pl.col("now") != pl.col("then")).cast(pl.Int64)
    said = union.select("week", "unit", person=pl.lit(None, pl.String), part=changed, whole=pl.lit(1, pl.Int64))
    none = pl.lit(0, pl.Int64)
    people = crowd(needs, teams, units, calendar).filter(pl.col("week") >= pl.lit(first, pl.Date))
    return pl.concat([said, people.select("week", "unit", "person", part=none, whole=none)])

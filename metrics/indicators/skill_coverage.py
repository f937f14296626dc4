"""Skill coverage (S1): how much of the skill that is needed is there."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.supply import crowd, seats
from metrics.weeks import Calendar


@indicator(
    code="S1", title="Skills covered", question="Do we have the skills that our work needs?", unit="%", better="up",
    timing="leading", theme="skills", source="O*NET, importance and level scales",
    beware="People rate themselves kindly; check a sample by assessment.",
    kind="cover", least=20, reach=ALWAYS, window=1, looks=78, counts="levels needed",
)  # fmt: skip
def skill_coverage(
    needs: pl.LazyFrame, skills: pl.LazyFrame, teams: pl.LazyFrame, units: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """Levels of skill held, of the levels needed, over all needs in force.

    For each need the best people in the unit and below take the seats, each up to the level needed: what one knows too
    much never makes up for what another lacks. Assessments older than 18 months do not count. A person may serve
    several needs, so it says what is there, not whether there is time.
    """
    found = seats(needs, skills, teams, units, calendar)
    whole, periods = pl.col("level") * pl.col("headcount"), pl.col("headcount").round().cast(pl.Int64)
    said = found.select("week", "unit", person=pl.lit(None, pl.String), part="met", whole=whole, periods=periods)
    behind = crowd(needs, teams, units, calendar)
    none = pl.lit(0, pl.Int64)
    people = behind.select("week", "unit", "person", part=pl.lit(0.0), whole=pl.lit(0.0), periods=none)
    return pl.concat([said, people])

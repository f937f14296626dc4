"""Skill shortage (S3): how many of the skills we need are likely to be short in a quarter."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.outlook import QUARTER, forecasts
from metrics.stocks import STEP
from metrics.supply import crowd
from metrics.weeks import Calendar


@indicator(
    code="S3", title="Skills likely to be short", question="Will we have the skills we need next quarter?", unit="%",
    better="down", timing="leading", theme="skills", source="Bartholomew, Forbes & McClean 1991",
    beware="It cannot see a change that neither plans, nor work, nor the market have announced.",
    kind="forecast", least=5, reach=ALWAYS, window=1, looks=QUARTER, optional=("tickets", "demand"),
)  # fmt: skip
def skill_shortage(
    needs: pl.LazyFrame, skills: pl.LazyFrame, teams: pl.LazyFrame, units: pl.LazyFrame, tickets: pl.LazyFrame,
    demand: pl.LazyFrame, calendar: Calendar,
) -> pl.LazyFrame:  # fmt: skip
    """Share of the skills needed that are expected to be short a quarter later: fewer hold the level than are needed.

    Each skill counts once for each unit that states a need of it, with its chance of a shortage: who holds the level
    now, how many stay, are trained or join, against what is planned and by how much plans were missed. Made anew every
    four weeks, and standing until then. It adds up over units; a surplus in one never makes up for a lack in another.
    The range takes the skills one by one; where they fall short together, it is wider.
    """
    tables = {"needs": needs, "skills": skills, "teams": teams, "units": units, "tickets": tickets, "demand": demand}
    found = forecasts(tables, calendar, (QUARTER,)).lazy()
    until = pl.min_horizontal(pl.col("week") + pl.duration(weeks=STEP - 1), pl.lit(calendar.this))
    standing = found.select("unit", "chance", week=pl.date_ranges("week", until, "1w")).explode("week")
    none, nobody = pl.lit(0, pl.Int64), pl.lit(None, pl.String)
    said = standing.select("week", "unit", person=nobody, chance="chance", asked=pl.lit(1, pl.Int64))
    people = crowd(needs, teams, units, calendar).select("week", "unit", "person", chance=pl.lit(0.0), asked=none)
    return pl.concat([said, people])

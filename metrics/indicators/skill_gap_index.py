"""Skill gap index (beside S1): how much of what is needed is missing, by how much it matters."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.supply import crowd, seats
from metrics.weeks import Calendar


@indicator(
    code="S1", title="Skill gap by importance", question="Do we lack the skills that matter most?", unit="%",
    better="down", timing="leading", theme="skills", source="O*NET, importance and level scales",
    beware="It stands and falls with how honestly importance was set.",
    kind="cover", least=20, reach=ALWAYS, window=1, beside="skill_coverage", counts="levels needed",
)  # fmt: skip
def skill_gap_index(
    needs: pl.LazyFrame, skills: pl.LazyFrame, teams: pl.LazyFrame, units: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """Levels of skill missing, of the levels needed, each skill weighted by its importance from 1 to 5."""
    found = seats(needs, skills, teams, units, calendar)
    whole = pl.col("level") * pl.col("headcount")
    said = found.select(
        "week", "unit", person=pl.lit(None, pl.String), part=(whole - pl.col("met")) * pl.col("importance"),
        whole=whole * pl.col("importance"), periods=pl.col("headcount").round().cast(pl.Int64),
    )  # fmt: skip
    none = pl.lit(0, pl.Int64)
    people = crowd(needs, teams, units, calendar).select(
        "week", "unit", "person", part=pl.lit(0.0), whole=pl.lit(0.0), periods=none
    )
    return pl.concat([said, people])

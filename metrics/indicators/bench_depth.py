"""Bench depth (S2): how many critical skills hang on nobody or one person."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.supply import CRITICAL, crowd, seats
from metrics.tree import roots
from metrics.weeks import Calendar


@indicator(
    code="S2", title="Critical skills resting on one person", question="Which risk do we run with rare skills?",
    unit="%", better="down", timing="leading", theme="skills", source="A house measure of succession practice",
    beware="It is told of the whole organisation alone: in a small unit it would point at somebody.",
    kind="standing", least=8, reach=ALWAYS, window=1, looks=78, counts="critical skills",
)  # fmt: skip
def bench_depth(
    needs: pl.LazyFrame, skills: pl.LazyFrame, teams: pl.LazyFrame, units: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """Share of the critical skills that fewer than two people in the whole organisation hold at the level needed.

    Critical is a need of importance 4 or 5. Told of the whole organisation only, and never which skill.
    """
    critical = needs.filter(pl.col("importance") >= CRITICAL)
    found = seats(critical, skills, teams, units, calendar).group_by("week", "skill").agg(ready=pl.col("ready").max())
    known = found.collect().lazy()
    few = (pl.col("ready") < 2).cast(pl.Int64)
    said = known.join(roots(units, teams, known), on="week", how="left")
    none = pl.lit(0, pl.Int64)
    people = crowd(critical, teams, units, calendar).select("week", "unit", "person", part=none, whole=none)
    one = said.select("week", "unit", person=pl.lit(None, pl.String), part=few, whole=pl.lit(1, pl.Int64))
    return pl.concat([one, people])

"""Mentorship coverage (S9): how many people have somebody to ask."""

from __future__ import annotations

import polars as pl

from metrics.helping import recently
from metrics.indicator import ALWAYS, indicator
from metrics.weeks import Calendar

WEEKS = 9


@indicator(
    code="S9", title="People with a mentor", question="Have people somebody to learn from?", unit="%", better="up",
    timing="leading", theme="skills", source="Kram 1985; Allen et al. 2004, J. Appl. Psychol. 89:127",
    beware="A pair on paper is not a mentor: only meetings count.",
    kind="standing", least=10, reach=ALWAYS, window=1, looks=9, counts="people",
)  # fmt: skip
def mentorship_coverage(ties_seen: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the people who met a mentor at least once in the nine weeks up to a week."""
    met = ties_seen.filter(pl.col("kind") == "mentoring", pl.col("person") != pl.col("other"))
    seen = met.select("person", week=calendar.week(pl.col("seen"))).unique().collect().lazy()
    first = seen.select(pl.col("week").min() + pl.duration(weeks=WEEKS - 1)).collect().item()
    lately = recently(seen, pl.lit(calendar.this), WEEKS).unique().with_columns(part=pl.lit(True))
    there = teams.filter(pl.col("week").is_between(pl.lit(first, pl.Date), pl.lit(calendar.this)))
    found = there.join(lately, on=["week", "person"], how="left")
    return found.select("week", "unit", "person", part=pl.col("part").fill_null(False), whole=pl.lit(1))

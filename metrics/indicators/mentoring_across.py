"""Mentoring across (beside S9): whether mentors come from elsewhere."""

from __future__ import annotations

import polars as pl

from metrics.indicator import indicator
from metrics.weeks import Calendar


@indicator(
    code="S9", title="Mentors from another team", question="Do people learn from outside their team?", unit="%",
    better="up", timing="leading", theme="skills", source="Kram 1985; Allen et al. 2004, J. Appl. Psychol. 89:127",
    beware="A mentor in the own team is no worse, only nearer.",
    kind="share", least=10, reach=0, window=13, beside="mentorship_coverage", counts="meetings with mentors",
)  # fmt: skip
def mentoring_across(ties_seen: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of a quarter's mentoring meetings whose mentor was of another team than the person mentored."""
    met = ties_seen.filter(pl.col("kind") == "mentoring", pl.col("person") != pl.col("other"))
    seen = met.select("person", "other", week=calendar.week(pl.col("seen")))
    mine = teams.select("week", "person", mine="unit")
    theirs = teams.select("week", other="person", theirs="unit")
    both = seen.join(mine, on=["week", "person"], how="left").join(theirs, on=["week", "other"], how="left")
    known = both.filter(pl.col("mine").is_not_null(), pl.col("theirs").is_not_null())
    return known.select("week", "person", unit="mine", part=pl.col("mine") != pl.col("theirs"), whole=pl.lit(1))

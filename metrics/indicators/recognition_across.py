"""Recognition across (beside L2): whether people see what other teams do."""

from __future__ import annotations

import polars as pl

from metrics.indicator import indicator
from metrics.recognition import KIND
from metrics.weeks import Calendar


@indicator(
    code="L2", title="Recognition from another team", question="Is good work seen beyond the team?", unit="%",
    better="up", timing="leading", theme="leadership", source="Grant & Gino 2010, JPSP 98:946; Hansen 1999",
    beware="Teams that serve many others are thanked from outside by their trade.",
    kind="share", least=10, reach=0, window=13, beside="recognition_reach",
)  # fmt: skip
def recognition_across(feedback: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of a quarter's recognition that came from another team than the receiver's, in the teams of that week."""
    given = feedback.filter(pl.col("kind") == KIND, pl.col("giver") != pl.col("receiver"))
    told = given.select("giver", "receiver", week=calendar.week(pl.col("given"))).collect().lazy()
    mine = teams.select("week", receiver="person", mine="unit")
    theirs = teams.select("week", giver="person", theirs="unit")
    both = told.join(mine, on=["week", "receiver"], how="left").join(theirs, on=["week", "giver"], how="left")
    known = both.filter(pl.col("mine").is_not_null(), pl.col("theirs").is_not_null())
    across = pl.col("mine") != pl.col("theirs")
    return known.select("week", unit="mine", person="receiver", part=across, whole=pl.lit(1))

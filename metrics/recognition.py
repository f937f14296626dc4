"""How often people were recognised lately."""

from __future__ import annotations

import polars as pl

from metrics.helping import recently
from metrics.weeks import Calendar

KIND = "recognition"
WEEKS = 13


def received(feedback: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Every member with how often they were recognised in the 13 weeks up to a week: `week, unit, person, bucket`."""
    given = feedback.filter(pl.col("kind") == KIND, pl.col("giver") != pl.col("receiver"))
    weekly = given.group_by(person="receiver", week=calendar.week(pl.col("given"))).agg(many=pl.len()).collect().lazy()
    first = weekly.select(pl.col("week").min() + pl.duration(weeks=WEEKS - 1)).collect().item()
    counts = recently(weekly, pl.lit(calendar.this), WEEKS).group_by("week", "person").agg(bucket=pl.col("many").sum())
    there = teams.filter(pl.col("week").is_between(pl.lit(first, pl.Date), pl.lit(calendar.this)))
    found = there.join(counts, on=["week", "person"], how="left")
    return found.select("week", "unit", "person", bucket=pl.col("bucket").fill_null(0).cast(pl.Int64))

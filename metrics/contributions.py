"""What people contributed in the half year up to each week: tickets they closed, articles they wrote."""

from __future__ import annotations

import polars as pl

from metrics.tickets import closed_at, worked_on
from metrics.weeks import Calendar

WEEKS = 26


def tallied(tickets: pl.LazyFrame, articles: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """How much each person contributed in the 26 weeks up to each week: `week, unit, person, bucket, holders`.

    Only weeks of whose 26 the first is known. Whoever contributed nothing is not in it.
    """
    closed = tickets.with_columns(ended=closed_at()).filter(pl.col("ended").is_not_null(), worked_on())
    done = closed.select("unit", person="assignee", week=calendar.week(pl.col("ended")))
    wrote = articles.select("unit", person="author", week=calendar.week(pl.col("created")))
    each = pl.concat([done, wrote]).filter(pl.col("person").is_not_null()).collect().lazy()
    first = each.select(pl.col("week").min() + pl.duration(weeks=WEEKS - 1))
    weekly = each.group_by("person", "week").agg(many=pl.len(), unit=pl.col("unit").min())
    spread = weekly.with_columns(week=pl.date_ranges("week", pl.col("week") + pl.duration(weeks=WEEKS - 1), "1w"))
    counts = spread.explode("week").group_by("person", "week").agg(
        bucket=pl.col("many").sum().cast(pl.Int64), unit=pl.col("unit").min()
    )  # fmt: skip
    known = pl.col("week").is_between(pl.lit(first.collect().item(), pl.Date), pl.lit(calendar.this))
    return counts.filter(known).with_columns(holders=pl.lit(1, pl.Int64))

"""What the indicators of flow mean by work and by its age."""

from __future__ import annotations

import polars as pl

from metrics.kinds.waiting import ages
from metrics.tickets import IMPROVING, worked_on
from metrics.told import telling
from metrics.weeks import Calendar


def flowing(tickets: pl.LazyFrame, calendar: Calendar, days: float) -> pl.LazyFrame:
    """Work for others from opened to resolved, in days: `week, unit, person` and the columns of a wait."""
    ended = pl.coalesce("resolved", "closed")
    work = telling(tickets, ended.is_not_null()).filter(~pl.col("kind").is_in(IMPROVING), worked_on())
    age = (calendar.until_now(ended) - pl.col("opened")).dt.total_seconds() / 86_400
    return work.select(
        "unit", week=calendar.week(pl.col("opened")), person="assignee", **ages(age, ended.is_not_null(), days)
    )

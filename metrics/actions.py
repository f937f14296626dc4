"""Actions decided after retrospectives and incidents, and when they were really done."""

from __future__ import annotations

import polars as pl

from metrics.told import telling
from metrics.weeks import Calendar


def actions(tickets: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Every action: `unit, week, person, opened, ended, done, dropped, age` (in days, so far or until done).

    Closed is not the same as done: one that was declined, or reopened after it was resolved, is not done; one that was
    `dropped` (declined) waits no more either. A source that never tells of an end is left out.
    """
    ended = pl.coalesce("resolved", "closed")
    declined = (pl.col("outcome") == "declined").fill_null(False)
    back = (pl.col("reopened") > ended).fill_null(False)
    done = ended.is_not_null() & ~declined & ~back
    end = calendar.until_now(pl.when(done).then(ended))
    age = (end - pl.col("opened")).dt.total_seconds() / 86_400
    found = telling(tickets, ended.is_not_null()).filter(pl.col("kind") == "action")
    return found.select("unit", "opened", week=calendar.week(pl.col("opened")), person="assignee",
                        ended=ended, done=done, dropped=declined & ended.is_not_null(), age=age)  # fmt: skip

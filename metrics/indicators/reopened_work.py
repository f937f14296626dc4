"""Reopened work (O2): how much of what was closed comes back."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.tickets import IMPROVING, closed_at
from metrics.told import telling
from metrics.weeks import Calendar

DAYS = 30


@indicator(
    code="O2", title="Reopened work", question="Does work stay done?", unit="%",
    better="down", timing="lagging", source="DORA, rework rate", theme="outcomes",
    beware="A new ticket for an old trouble hides it.",
    kind="share", least=30, reach=ALWAYS, window=4, settles=DAYS,
    paired=("lead_time", "opposite"),
)  # fmt: skip
def reopened_work(tickets: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the tickets closed in a week that were opened again within 30 days.

    A ticket closed more than once counts in the week of its last closing, as reopened. Where its source counts
    reopenings and does not date them, any counts; tickets of a source that tells nothing of reopenings are left out.
    Actions, experiments and reviews are no work for others and are left out. A new ticket for an old trouble hides it.
    """
    told = telling(tickets, pl.col("reopened").is_not_null() | pl.col("reopenings").is_not_null())
    closed = told.with_columns(ended=closed_at()).filter(
        pl.col("ended").is_not_null(), ~pl.col("kind").is_in(IMPROVING)
    )
    soon = pl.col("reopened") <= pl.col("ended") + pl.duration(days=DAYS)
    return closed.select(
        "unit",
        week=calendar.week(pl.col("ended")),
        person="assignee",
        part=soon.fill_null((pl.col("reopenings") > 0).fill_null(False)),
        whole=pl.lit(1),
    )

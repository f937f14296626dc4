"""Action backlog (beside R2): how much of what is still to be done has lain for a quarter."""

from __future__ import annotations

import polars as pl

from metrics.actions import actions
from metrics.indicator import ALWAYS, indicator
from metrics.weeks import Calendar, monday

WEEKS = 13
YEARS = 104


@indicator(
    code="R2", title="Open actions older than a quarter", question="Do our lessons gather dust?", unit="%",
    better="down", timing="leading", theme="reflection", source="Google SRE Book, ch. 15",
    beware="A clean-up that declines what is old lowers it without anything being done.",
    kind="standing", least=15, reach=ALWAYS, window=1, beside="action_completion", counts="open actions",
)  # fmt: skip
def action_backlog(tickets: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the actions open at the end of a week that were opened more than 13 weeks before.

    What was declined is open no more; what was reopened is open again from the day it was first opened. What has been
    open for two years is left out.
    """
    found = actions(tickets, calendar)
    over = pl.col("done") | pl.col("dropped")
    until = pl.when(over).then(calendar.week(pl.col("ended")) - pl.duration(weeks=1)).otherwise(pl.lit(calendar.this))
    last = pl.min_horizontal(until, pl.col("week") + pl.duration(weeks=YEARS), pl.lit(calendar.this))
    spread = found.select("unit", "person", begun="week", week=pl.date_ranges(monday(pl.col("week")), last, "1w"))
    there = spread.filter(pl.col("week").list.len() > 0).explode("week")
    old = pl.col("week") - pl.col("begun") >= pl.duration(weeks=WEEKS)
    return there.select("unit", "week", "person", part=old, whole=pl.lit(1))

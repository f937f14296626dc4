"""Median age of actions when done (beside R2): after how many days half of what was decided is done."""

from __future__ import annotations

import polars as pl

from metrics.actions import actions
from metrics.indicator import ALWAYS, indicator
from metrics.kinds.waiting import ages
from metrics.weeks import Calendar

DAYS = 90


@indicator(
    code="R2", title="Median days to a done action", question="How long do lessons wait to be done?", unit="days",
    better="down", timing="leading", theme="reflection",
    source="Google SRE Book, ch. 15; Kaplan & Meier 1958; Brookmeyer & Crowley 1982",
    beware="Small, easy actions lower it; so does closing without doing.",
    kind="median", target=DAYS, least=15, reach=ALWAYS, window=13, settles=DAYS, beside="action_completion",
    counts="actions",
    awaits="days",
)  # fmt: skip
def action_completion_median(tickets: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """The days within which half of the actions opened in a quarter were done; open ones count while they wait.

    Declined or reopened actions are not done. Unknown where fewer than half were done in 90 days.
    """
    found = actions(tickets, calendar)
    return found.select("unit", "week", "person", **ages(pl.col("age"), pl.col("done"), DAYS))

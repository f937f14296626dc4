"""Action completion (R2): whether what was decided after a retrospective or an incident is done."""

from __future__ import annotations

import polars as pl

from metrics.actions import actions
from metrics.indicator import ALWAYS, indicator
from metrics.kinds.waiting import ages
from metrics.weeks import Calendar

DAYS = 30


@indicator(
    code="R2", title="Actions completed", question="Do lessons become done work?", unit="%",
    better="up", timing="leading", source="Google SRE Book, ch. 15; Kaplan & Meier 1958", theme="reflection",
    beware="Small, easy actions raise it; so does closing without doing.",
    kind="waiting", target=DAYS, least=15, reach=ALWAYS, window=4, settles=DAYS, counts="actions",
    paired=("learning_latency", "same"),
)  # fmt: skip
def action_completion(tickets: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the actions opened in a week, after retrospectives and post-mortems, that were done within 30 days.

    Closed is not the same as done: an action that was declined, or reopened after it was resolved, is not done.
    Actions still open count for as long as they have waited (Kaplan-Meier), so a growing pile cannot hide.
    """
    found = actions(tickets, calendar)
    return found.select("unit", "week", "person", **ages(pl.col("age"), pl.col("done"), DAYS))

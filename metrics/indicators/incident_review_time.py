"""Incident review time (beside R3): whether the review comes while memory is fresh."""

from __future__ import annotations

import polars as pl

from metrics.incidents import reviewed
from metrics.indicator import ALWAYS, indicator
from metrics.kinds.waiting import ages
from metrics.weeks import Calendar

HOURS = 40


@indicator(
    code="R3", title="Reviewed within a week", question="Does the review come while memory is fresh?", unit="%",
    better="up", timing="leading", theme="reflection", source="Google SRE Book, ch. 15; Kaplan & Meier 1958",
    beware="Calling fewer incidents severe raises it.",
    kind="waiting", target=HOURS, least=10, reach=ALWAYS, window=13, settles=10, beside="incident_review",
    counts="severe incidents",
    awaits="working hours",
)  # fmt: skip
def incident_review_time(
    tickets: pl.LazyFrame, articles: pl.LazyFrame, links: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """Share of the severe incidents opened in a quarter that were reviewed within five working days.

    Those not reviewed yet count for as long as they have waited (Kaplan-Meier).
    """
    found = reviewed(tickets, articles, links)
    hours = calendar.working_hours(pl.col("opened"), calendar.until_now(pl.col("reviewed")))
    done = pl.col("reviewed").is_not_null()
    return found.select("unit", week=calendar.week(pl.col("opened")), person="assignee", **ages(hours, done, HOURS))

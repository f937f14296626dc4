"""Review turnaround (beside R6): whether who asks for a review gets one soon."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.kinds.waiting import ages
from metrics.reviewing import changes
from metrics.weeks import Calendar

HOURS = 16


@indicator(
    code="R6", title="First review within two days", question="Does a review come while the work is warm?", unit="%",
    better="up", timing="leading", theme="reflection", source="Sadowski et al. 2018; Kaplan & Meier 1958",
    beware="Approving without reading is the quickest review.",
    kind="waiting", target=HOURS, least=30, reach=ALWAYS, window=4, settles=4, beside="peer_review",
    counts="changes reviewed",
)  # fmt: skip
def review_turnaround(tickets: pl.LazyFrame, ticket_moves: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the changes opened in a week that somebody else reviewed within 16 working hours.

    Those that were finished without a review, or still wait, count for as long as they waited (Kaplan-Meier).
    """
    found = changes(tickets, ticket_moves)
    hours = calendar.working_hours(pl.col("opened"), calendar.until_now(pl.coalesce("reviewed", "ended")))
    return found.select(
        "unit", week=calendar.week(pl.col("opened")), person="assignee",
        **ages(hours, pl.col("reviewed").is_not_null(), HOURS),
    )  # fmt: skip

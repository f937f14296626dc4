"""Median wait for a review (beside R6): after how many working hours half of the changes were looked at."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.kinds.waiting import ages
from metrics.reviewing import changes
from metrics.weeks import Calendar

HOURS = 80


@indicator(
    code="R6", title="Median wait for a review", question="How long does a change wait for a reader?",
    unit="working hours", better="down", timing="leading", theme="reflection",
    source="Sadowski et al. 2018; Brookmeyer & Crowley 1982",
    beware="Approving without reading is the quickest review.",
    kind="median", target=HOURS, least=30, reach=ALWAYS, window=4, settles=15, beside="peer_review",
    counts="changes reviewed",
    awaits="working hours",
)  # fmt: skip
def review_wait_median(tickets: pl.LazyFrame, ticket_moves: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """The working hours within which half of the changes opened in a week were reviewed by somebody else.

    Those that were finished without a review, or still wait, count for as long as they waited; unknown where fewer
    than half were in 80 hours.
    """
    found = changes(tickets, ticket_moves)
    hours = calendar.working_hours(pl.col("opened"), calendar.until_now(pl.coalesce("reviewed", "ended")))
    return found.select(
        "unit", week=calendar.week(pl.col("opened")), person="assignee",
        **ages(hours, pl.col("reviewed").is_not_null(), HOURS),
    )  # fmt: skip

"""Median lead time (beside O1): after how many days half of the work is done."""

from __future__ import annotations

import polars as pl

from metrics.flow import flowing
from metrics.indicator import ALWAYS, indicator
from metrics.weeks import Calendar

DAYS = 60


@indicator(
    code="O1", title="Median lead time", question="After how long is half of the work done?", unit="days",
    better="down", timing="lagging", source="DORA; Kaplan & Meier 1958; Brookmeyer & Crowley 1982", theme="outcomes",
    beware="Smaller tickets, or a new meaning of done, lower it without anything being quicker.",
    kind="median", target=DAYS, least=30, reach=ALWAYS, window=4, settles=DAYS, beside="lead_time", awaits="days",
)  # fmt: skip
def lead_time_median(tickets: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """The days within which half of the tickets opened in a week were resolved; those still open count while they wait.

    Unknown where fewer than half were done within 60 days.
    """
    return flowing(tickets, calendar, DAYS)

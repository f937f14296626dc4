"""Slow work (beside O1): after how many days 85 % of the work is done."""

from __future__ import annotations

import polars as pl

from metrics.flow import flowing
from metrics.indicator import ALWAYS, indicator
from metrics.weeks import Calendar

DAYS = 90


@indicator(
    code="O1", title="Slow work (85 %)", question="How long does what takes long take?", unit="days",
    better="down", timing="lagging", source="DORA; Kaplan & Meier 1958; Brookmeyer & Crowley 1982", theme="outcomes",
    beware="One old pile cleared at once makes it look worse while things get better.",
    kind="p85", target=DAYS, least=30, reach=ALWAYS, window=4, settles=DAYS, beside="lead_time",
)  # fmt: skip
def lead_time_p85(tickets: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """The days within which 85 % of the tickets opened in a week were resolved; those still open count while they wait.

    Unknown where fewer were done within 90 days.
    """
    return flowing(tickets, calendar, DAYS)

"""Insights acted on in a quarter (beside R4): how many insights become an action in the end."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.insights import waited
from metrics.kinds.waiting import ages
from metrics.weeks import Calendar

DAYS = 90


@indicator(
    code="R4", title="Insights acted on within 90 days", question="Does what we find out become what we do in the end?",
    unit="%", better="up", timing="leading", theme="reflection",
    source="A house measure on Kaplan & Meier 1958",
    beware="What is done without a link is not seen.",
    kind="waiting", target=DAYS, least=15, reach=ALWAYS, window=13, settles=DAYS + 1, beside="learning_latency",
    counts="insights",
    awaits="days",
)  # fmt: skip
def learning_latency_quarter(
    tickets: pl.LazyFrame, articles: pl.LazyFrame, links: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """Share of a quarter's insights that led to an action, a change or a playbook within 90 days.

    Those without a link to one wait for ever.
    """
    found = waited(tickets, articles, links, calendar)
    return found.select("unit", "week", "person", **ages(pl.col("age"), pl.col("acted"), DAYS))

"""Slow insights (beside R4): after how many days 85 % of the insights were acted on."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.insights import waited
from metrics.kinds.waiting import ages
from metrics.weeks import Calendar

DAYS = 180


@indicator(
    code="R4", title="Slow insights (85 %)", question="How long do the slowest insights wait?",
    unit="days", better="down", timing="leading", theme="reflection",
    source="A house measure on Kaplan & Meier 1958; Brookmeyer & Crowley 1982",
    beware="What is done without a link is not seen.",
    kind="p85", target=DAYS, least=15, reach=ALWAYS, window=13, settles=DAYS + 1, beside="learning_latency",
    counts="insights",
)  # fmt: skip
def learning_latency_p85(
    tickets: pl.LazyFrame, articles: pl.LazyFrame, links: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """The days within which 85 % of a quarter's insights were acted on; unknown where fewer were in 180."""
    found = waited(tickets, articles, links, calendar)
    return found.select("unit", "week", "person", **ages(pl.col("age"), pl.col("acted"), DAYS))

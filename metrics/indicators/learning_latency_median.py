"""Median learning latency (beside R4): after how many days half of the insights were acted on."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.insights import waited
from metrics.kinds.waiting import ages
from metrics.weeks import Calendar

DAYS = 90


@indicator(
    code="R4", title="Median days from insight to action", question="How long does an insight wait?", unit="days",
    better="down", timing="leading", theme="reflection",
    source="A house measure on Kaplan & Meier 1958; Brookmeyer & Crowley 1982",
    beware="What is done without a link is not seen.",
    kind="median", target=DAYS, least=15, reach=ALWAYS, window=13, settles=DAYS + 1, beside="learning_latency",
    counts="insights",
)  # fmt: skip
def learning_latency_median(
    tickets: pl.LazyFrame, articles: pl.LazyFrame, links: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """The days within which half of a quarter's insights were acted on; unknown where fewer than half were in 90."""
    found = waited(tickets, articles, links, calendar)
    return found.select("unit", "week", "person", **ages(pl.col("age"), pl.col("acted"), DAYS))

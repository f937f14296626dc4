"""Median time to publish (beside K4): after how many hours half of what was learnt is written down."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.kinds.waiting import ages
from metrics.weeks import Calendar
from metrics.writing import DAYS, born


@indicator(
    code="K4", title="Median time to publish", question="After how long is half of it written down?", unit="hours",
    better="down", timing="leading", source="KCS v6; Kaplan & Meier 1958; Brookmeyer & Crowley 1982", theme="knowledge",
    beware="Drafts counted as published, and articles dated back, make it look quicker.",
    kind="median", target=DAYS * 24, least=20, reach=ALWAYS, window=4, settles=DAYS, beside="time_to_publish",
    counts="new articles",
    awaits="hours",
)  # fmt: skip
def time_to_publish_median(
    tickets: pl.LazyFrame, articles: pl.LazyFrame, article_uses: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """The hours within which half of the new articles born of tickets were there, of those written within 30 days."""
    found = born(tickets, articles, article_uses, calendar)
    return found.select("unit", "week", "person", **ages(pl.col("hours"), pl.lit(True), DAYS * 24))

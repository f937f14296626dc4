"""Time to publish (K4): how soon what was learnt on a ticket is written down."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.kinds.waiting import ages
from metrics.weeks import Calendar
from metrics.writing import DAYS, born

HOURS = 24


@indicator(
    code="K4", title="Written down within a day", question="Is what we learn written down while it is fresh?", unit="%",
    better="up", timing="leading", source="KCS v6, Knowledge Domain Analysis guide (90/0)", theme="knowledge",
    beware="Drafts counted as published, and articles dated back, make it look quicker.",
    kind="waiting", target=HOURS, least=20, reach=ALWAYS, window=4, settles=DAYS, counts="new articles",
    paired=("knowledge_freshness", "same"),
)  # fmt: skip
def time_to_publish(
    tickets: pl.LazyFrame, articles: pl.LazyFrame, article_uses: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """Share of the new articles born of tickets that were there within 24 hours of the ticket's resolution.

    A ticket's new article is the first one linked to it that was written after the ticket was opened, at most 30 days
    after it was resolved; one written before the resolution took no time. Nights and weekends count. What was never
    written down is not in it: the link rate tells of that.
    """
    found = born(tickets, articles, article_uses, calendar)
    return found.select("unit", "week", "person", **ages(pl.col("hours"), pl.lit(True), HOURS))

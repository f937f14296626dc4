"""Published at once (beside K4): how much of what was learnt on a ticket is there when the ticket is resolved."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.weeks import Calendar
from metrics.writing import DAYS, born


@indicator(
    code="K4", title="Written down at once", question="Is it written down when the work is done?", unit="%",
    better="up", timing="leading", source="KCS v6, Knowledge Domain Analysis guide (90/0)", theme="knowledge",
    beware="An article opened in advance and filled later looks as if it had been there.",
    kind="share", least=20, reach=ALWAYS, window=4, settles=DAYS, beside="time_to_publish", counts="new articles",
)  # fmt: skip
def published_at_once(
    tickets: pl.LazyFrame, articles: pl.LazyFrame, article_uses: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """Share of the new articles born of tickets that were there when the ticket was resolved, or within the hour."""
    found = born(tickets, articles, article_uses, calendar)
    return found.select("unit", "week", "person", part=pl.col("hours") < 1, whole=pl.lit(1))

"""What was written down of a ticket, and how many hours after it was resolved."""

from __future__ import annotations

import polars as pl

from metrics.tickets import worked_on
from metrics.weeks import Calendar

DAYS = 30


def born(tickets: pl.LazyFrame, articles: pl.LazyFrame, article_uses: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Every ticket of which a new article was written, with `hours` after its resolution: `unit, week, person, hours`.

    A ticket's new article is the first one linked to it that was written after the ticket was opened, at most 30 days
    after it was resolved; one written before the resolution took no time.
    """
    ended = pl.coalesce("resolved", "closed")
    closed = tickets.filter(ended.is_not_null(), worked_on()).with_columns(ended=ended)
    links = article_uses.filter(pl.col("ticket").is_not_null()).select("ticket", "article").unique()
    dated = links.join(articles.select("article", "created"), on="article", how="left")
    first = closed.join(dated, on="ticket", how="left").filter(pl.col("created") > pl.col("opened"))
    found = first.group_by("ticket").agg(pl.col("unit", "assignee", "ended").first(), pl.col("created").min())
    hours = ((pl.col("created") - pl.col("ended")).dt.total_seconds() / 3600).clip(0)
    soon = found.with_columns(hours=hours).filter(pl.col("hours") <= DAYS * 24)
    return soon.select("unit", "hours", week=calendar.week(pl.col("ended")), person="assignee")

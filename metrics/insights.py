"""From insight to action to reuse: what counts as an insight, as what came of it, and how long that took."""

from __future__ import annotations

import polars as pl

from metrics.told import if_any
from metrics.weeks import Calendar

REFLECTING = ("retrospective", "review", "experiment")
WRITTEN = ("post-mortem",)
REUSE = ("reuse",)


def insights(tickets: pl.LazyFrame, articles: pl.LazyFrame) -> pl.LazyFrame:
    """Every insight with when it was there: `insight, unit, person, since`.

    A retrospective or review that is done, an experiment with an outcome, a post-mortem that is written.
    """
    ended = pl.coalesce("resolved", "closed")
    held = pl.col("kind").is_in(REFLECTING) & ended.is_not_null()
    told = (pl.col("kind") != "experiment") | pl.col("outcome").is_not_null()
    worked = tickets.filter(held & told).select("unit", insight="ticket", person="assignee", since=ended)
    wrote = articles.filter(pl.col("kind").is_in(WRITTEN)).select(
        "unit", insight="article", person="author", since="created"
    )
    return pl.concat([worked, wrote.select(worked.collect_schema().names())])


def first_action(found: pl.LazyFrame, links: pl.LazyFrame) -> pl.LazyFrame:
    """The insights with `acted`: when the first action, change or playbook was linked to each; null where none was."""
    acts = links.filter(~pl.col("kind").is_in(REUSE)).select("made", insight="origin")
    joined = found.join(acts, on="insight", how="left")
    soon = joined.filter(pl.col("made") >= pl.col("since")).group_by("insight").agg(acted=pl.col("made").min())
    return found.join(soon, on="insight", how="left")


def first_reuse(
    found: pl.LazyFrame, articles: pl.LazyFrame, article_uses: pl.LazyFrame, links: pl.LazyFrame
) -> pl.LazyFrame:
    """The insights that were written down, with every use of them: `insight, ..., used, user`; null where none was.

    What was written is the insight itself if it is an article, else the articles linked to it.
    """
    own = articles.select(insight="article", article="article")
    linked = links.join(articles.select(target="article"), on="target", how="semi").select(
        insight="origin", article="target"
    )
    wrote = pl.concat([own, linked]).unique()
    uses = article_uses.filter(pl.col("person").is_not_null()).select("article", "used", user="person")
    used = wrote.join(uses, on="article", how="left").drop("article").filter(pl.col("used").is_not_null())
    written = if_any(found.join(wrote, on="insight", how="semi"), uses)
    return written.join(used, on="insight", how="left")


def waited(tickets: pl.LazyFrame, articles: pl.LazyFrame, links: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Every insight with the days it waited for a first action, so far or until then: `unit, week, person, age,
    acted`."""
    found = first_action(insights(tickets, articles), links)
    age = (calendar.until_now(pl.col("acted")) - pl.col("since")).dt.total_seconds() / 86_400
    return found.select(
        "unit", "person", week=calendar.week(pl.col("since")), age=age, acted=pl.col("acted").is_not_null()
    )

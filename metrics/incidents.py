"""Severe incidents, and when each was reviewed."""

from __future__ import annotations

import polars as pl

REVIEWS = ("review", "retrospective")


def reviewed(tickets: pl.LazyFrame, articles: pl.LazyFrame, links: pl.LazyFrame) -> pl.LazyFrame:
    """Severe incidents with `reviewed`: when a review or post-mortem was first linked to each; null where none was."""
    severe = tickets.filter(pl.col("kind") == "incident", pl.col("severe"))
    lessons = pl.concat(
        [
            tickets.filter(pl.col("kind").is_in(REVIEWS)).select(lesson="ticket"),
            articles.filter(pl.col("kind") == "post-mortem").select(lesson="article"),
        ]
    )
    ways = pl.concat(
        [links.select("made", ticket="origin", lesson="target"), links.select("made", ticket="target", lesson="origin")]
    )
    linked = ways.join(lessons, on="lesson", how="semi").select("ticket", "made")
    joined = severe.select("ticket", "opened").join(linked, on="ticket", how="left")
    first = joined.filter(pl.col("made") >= pl.col("opened")).group_by("ticket").agg(reviewed=pl.col("made").min())
    return severe.join(first, on="ticket", how="left")

"""The ways in which people learn, as far as systems see them."""

from __future__ import annotations

import polars as pl

from metrics.weeks import Calendar

DIGITAL, HUMAN, MENTORING, REVIEW = range(4)


def events(
    learning: pl.LazyFrame, ties_seen: pl.LazyFrame, ticket_moves: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """Every known event of learning: `week, person, mode`; a meeting with a mentor once, for who turned to them."""
    courses = learning.filter(pl.col("done").is_not_null(), pl.col("mode").is_not_null())
    mode = pl.when(pl.col("mode") == "digital").then(DIGITAL).otherwise(HUMAN)
    met = ties_seen.filter(pl.col("kind").is_in(["mentoring", "review"]))
    kind = pl.when(pl.col("kind") == "mentoring").then(MENTORING).otherwise(REVIEW)
    reviewed = ticket_moves.filter(pl.col("action") == "reviewed", pl.col("person").is_not_null())
    found = [
        courses.select("person", week=calendar.week(pl.col("done")), mode=mode),
        met.select("person", week=calendar.week(pl.col("seen")), mode=kind),
        reviewed.select("person", week=calendar.week(pl.col("moved")), mode=pl.lit(REVIEW)),
    ]
    return pl.concat(one.with_columns(pl.col("mode").cast(pl.Int64)) for one in found)

"""Changes and what others said of them before they were finished."""

from __future__ import annotations

import polars as pl

from metrics.tickets import NOT_WORKED_ON

SAID = ("reviewed", "commented")


def changes(tickets: pl.LazyFrame, ticket_moves: pl.LazyFrame) -> pl.LazyFrame:
    """Changes with `ended`, when another person first `reviewed` them, and how many `remarks` others made."""
    of_change = tickets.filter(pl.col("kind") == "change", ~pl.col("outcome").is_in(NOT_WORKED_ON).fill_null(False))
    said = ticket_moves.filter(pl.col("action").is_in(SAID), pl.col("person").is_not_null())
    moves = said.select("ticket", "action", "moved", by="person")
    joined = of_change.select("ticket", "source", "assignee").join(moves, on="ticket", how="left")
    others = joined.filter(pl.col("by").is_not_null(), pl.col("by").ne_missing(pl.col("assignee")))
    each = others.group_by("ticket").agg(
        reviewed=pl.col("moved").filter(pl.col("action") == "reviewed").min(), remarks=pl.len().cast(pl.Float64)
    )
    telling = joined.filter(pl.col("action") == "reviewed").select("source").unique()
    known = of_change.join(telling, on="source", how="semi").join(each, on="ticket", how="left")
    return known.with_columns(pl.col("remarks").fill_null(0.0), ended=pl.coalesce("resolved", "closed"))


def by_others(tickets: pl.LazyFrame, ticket_moves: pl.LazyFrame) -> pl.LazyFrame:
    """Every review of a change by somebody else than its author: `ticket, assignee, by, moved`."""
    of_change = tickets.filter(pl.col("kind") == "change", pl.col("assignee").is_not_null())
    seen = ticket_moves.filter(pl.col("action") == "reviewed", pl.col("person").is_not_null())
    moves = seen.select("ticket", "moved", by="person")
    joined = of_change.select("ticket", "assignee").join(moves, on="ticket", how="inner")
    return joined.filter(pl.col("by") != pl.col("assignee"))

"""Leaders, and what they do where others see it."""

from __future__ import annotations

from datetime import date

import polars as pl

from metrics.helping import recently
from metrics.weeks import Calendar, in_force

WEEKS = 4


def acts(
    learning: pl.LazyFrame, messages: pl.LazyFrame, articles: pl.LazyFrame, ticket_moves: pl.LazyFrame,
    calendar: Calendar,
) -> pl.LazyFrame:  # fmt: skip
    """Visible acts of learning: `week, person`."""
    asked = messages.filter(pl.col("question"), pl.col("public"))
    seen = [
        learning.filter(pl.col("done").is_not_null()).select("person", week=calendar.week(pl.col("done"))),
        asked.select(person="author", week=calendar.week(pl.col("sent"))),
        articles.select(person="author", week=calendar.week(pl.col("created"))),
        ticket_moves.filter(pl.col("action") == "reviewed").select("person", week=calendar.week(pl.col("moved"))),
    ]
    return pl.concat(seen).filter(pl.col("person").is_not_null()).unique()


def leading(people: pl.LazyFrame, seen: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Every leader in every week from the fourth with any act: `week, unit, person, part, whole`."""
    until = (pl.min_horizontal("valid_to", "left") - pl.duration(days=1)).fill_null(date.max)
    stays = people.select("person", "unit", "leader", since="valid_from", until=until)
    there = in_force(stays, "person", date.min, calendar.this).filter(pl.col("leader"))
    known = seen.collect().lazy()
    first = known.select(pl.col("week").min() + pl.duration(weeks=WEEKS - 1)).collect().item()
    lately = recently(known, pl.lit(calendar.this), WEEKS).unique().with_columns(part=pl.lit(True))
    grid = there.select("week", "unit", "person").filter(pl.col("week") >= pl.lit(first, pl.Date))
    found = grid.join(lately, on=["week", "person"], how="left")
    return found.with_columns(pl.col("part").fill_null(False), whole=pl.lit(1))

"""How evenly the members of each channel write."""

from __future__ import annotations

import polars as pl

from metrics.helping import WEEKS, known_weeks, recently
from metrics.weeks import Calendar

PRESENT = 8
MEMBERS, MESSAGES = 5, 30


def evenness(messages: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """`week, unit, person, total`: of every member, the evenness of the voices of their channels in four weeks."""
    public = messages.filter(pl.col("public"), pl.col("author").is_not_null())
    week = calendar.week(pl.col("sent"))
    public = public.with_columns(pl.col("channel", "author").cast(pl.Categorical))  # grouped by a dozen times over
    weekly = public.group_by("channel", week=week, person="author").agg(said=pl.len()).collect().lazy()
    first, last = known_weeks(public, calendar, PRESENT)
    there = recently(weekly.drop("said"), last, PRESENT).unique()
    counts = recently(weekly, last, WEEKS).group_by("channel", "week", "person").agg(pl.col("said").sum())
    joined = there.filter(pl.col("week") >= first).join(counts, on=["channel", "week", "person"], how="left")
    members = joined.with_columns(said=pl.col("said").fill_null(0).cast(pl.Float64)).collect().lazy()
    room = members.sort("said").group_by("channel", "week", maintain_order=True).agg(
        many=pl.len(), all=pl.col("said").sum(),
        ranked=((2 * pl.int_range(1, pl.len() + 1) - pl.len() - 1) * pl.col("said")).sum(),
    )  # fmt: skip
    many = pl.col("many").cast(pl.Float64)
    even = 1 - pl.col("ranked") / (many * pl.col("all")) * many / (many - 1)
    spoken = room.filter(pl.col("many") >= MEMBERS, pl.col("all") >= MESSAGES).select("channel", "week", even=even)
    each = members.join(spoken, on=["channel", "week"], how="inner")
    found = each.group_by("week", "person").agg(total=pl.col("even").mean())
    return found.with_columns(pl.col("person").cast(pl.String), unit=pl.lit(None, pl.String))

"""Reviews from other teams (beside R6): whether somebody from outside the team looks."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.reviewing import by_others
from metrics.weeks import Calendar


@indicator(
    code="R6", title="Reviews from another team", question="Do we see how other teams work?", unit="%", better="either",
    timing="leading", theme="reflection", source="Bacchelli & Bird 2013, ICSE; Hansen 1999",
    beware="A team that alone knows its code is rightly reviewed from within.",
    kind="share", least=30, reach=ALWAYS, window=4, beside="peer_review", counts="reviews",
)  # fmt: skip
def cross_team_review(
    tickets: pl.LazyFrame, ticket_moves: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """Share of the reviews of changes, by others than the author, by somebody of another team than the author's.

    Both in their team of record of the week of the review; the review counts for the author's team.
    """
    seen = by_others(tickets, ticket_moves).select("by", "assignee", week=calendar.week(pl.col("moved")))
    seen = seen.collect().lazy()
    mine = teams.select("week", assignee="person", mine="unit")
    theirs = teams.select("week", by="person", theirs="unit")
    both = seen.join(mine, on=["week", "assignee"], how="left").join(theirs, on=["week", "by"], how="left")
    known = both.filter(pl.col("mine").is_not_null(), pl.col("theirs").is_not_null())
    across = pl.col("mine") != pl.col("theirs")
    return known.select("week", unit="mine", person="assignee", part=across, whole=pl.lit(1))

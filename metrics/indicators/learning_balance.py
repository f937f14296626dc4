"""Learning balance (N10): whether people learn in more ways than one."""

from __future__ import annotations

import polars as pl

from metrics.indicator import indicator
from metrics.modes import events
from metrics.weeks import Calendar


@indicator(
    code="N10", title="Balance of ways to learn", question="Do people learn in more ways than one?", unit="of 1",
    better="either", timing="lagging", theme="skills", source="A house measure: evenness after Shannon 1948",
    beware="Learning nobody logs is not seen: what is over coffee looks like nothing.",
    kind="mix", least=30, reach=0, window=13, optional=("learning", "ties_seen", "ticket_moves"),
    counts="times of learning",
)  # fmt: skip
def learning_balance(
    learning: pl.LazyFrame, ties_seen: pl.LazyFrame, ticket_moves: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """How evenly learning is spread over courses online, courses with people, mentoring and peer review, in a quarter.

    1 if all four happen alike often, 0 if only one does. It is a measure of our own, no standard instrument. A course
    counts when it is finished, a meeting and a review once for whoever learns from it.
    """
    return events(learning, ties_seen, ticket_moves, calendar).select(
        "week", "person", unit=pl.lit(None, pl.String), bucket="mode", holders=pl.lit(1, pl.Int64)
    )

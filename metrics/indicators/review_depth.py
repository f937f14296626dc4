"""Review depth (beside R6): how many remarks a change gets from others."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.reviewing import changes
from metrics.weeks import Calendar


@indicator(
    code="R6", title="Remarks per change", question="Do reviews say anything?", unit="remarks", better="either",
    timing="leading", theme="reflection", source="Bacchelli & Bird 2013, ICSE",
    beware="The number of remarks is not their quality; small changes need few.",
    kind="mean", least=30, reach=ALWAYS, window=4, beside="peer_review", counts="changes",
)  # fmt: skip
def review_depth(tickets: pl.LazyFrame, ticket_moves: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Comments and reviews by others than the author, per change finished in a week."""
    found = changes(tickets, ticket_moves).filter(pl.col("ended").is_not_null())
    return found.select("unit", week=calendar.week(pl.col("ended")), person="assignee", total="remarks")

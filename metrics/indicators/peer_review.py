"""Peer review (R6): how many changes another person looked at."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.reviewing import changes
from metrics.weeks import Calendar


@indicator(
    code="R6", title="Changes reviewed", question="Does a second pair of eyes see what we change?", unit="%",
    better="up", timing="leading", theme="reflection", source="Bacchelli & Bird 2013, ICSE; Sadowski et al. 2018",
    beware="Approving without reading counts as well; see how many remarks reviews bring.",
    kind="share", least=30, reach=ALWAYS, window=4, counts="changes",
    paired=("reopened_work", "opposite"),
)  # fmt: skip
def peer_review(tickets: pl.LazyFrame, ticket_moves: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the changes finished in a week that somebody other than their author reviewed before.

    A change is a ticket of that kind: a pull or merge request, a change request. Declined ones are left out, and so is
    a source that tells of no reviews.
    """
    found = changes(tickets, ticket_moves).filter(pl.col("ended").is_not_null())
    seen = (pl.col("reviewed") <= pl.col("ended")).fill_null(False)
    return found.select("unit", week=calendar.week(pl.col("ended")), person="assignee", part=seen, whole=pl.lit(1))

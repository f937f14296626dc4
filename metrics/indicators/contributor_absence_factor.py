"""Contributor absence factor (K9): on how few people half of what a unit knows and does rests."""

from __future__ import annotations

import polars as pl

from metrics.contributions import tallied
from metrics.indicator import ALWAYS, indicator
from metrics.weeks import Calendar


@indicator(
    code="K9", title="People half the work rests on", question="Could we do without a few people?", unit="people",
    better="up", timing="leading", source="CHAOSS, contributor absence factor; Avelino et al. 2016", theme="knowledge",
    beware="Splitting one piece of work into many raises it; it grows with the size of the unit.",
    kind="absence", least=8, reach=ALWAYS, window=1, looks=26, counts="people",
    optional=("tickets", "articles"),
)  # fmt: skip
def contributor_absence_factor(tickets: pl.LazyFrame, articles: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """The fewest people who together closed half of a unit's tickets and wrote half of its articles in 26 weeks.

    Each ticket and each article counts once, for who was assigned or wrote it. Tickets closed by a machine, as
    duplicates or declined are left out. Never says who. Where systems tell only of tickets, or only of articles, it
    is half of those. A large unit needs more people for half of its work: compare a unit with itself.
    """
    return tallied(tickets, articles, calendar)

"""Leader learning (L1): whether leaders are seen to learn."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.leading import acts, leading
from metrics.weeks import Calendar


@indicator(
    code="L1", title="Leaders seen learning", question="Do leaders learn where others see it?", unit="%",
    better="up", timing="leading", theme="leadership", source="Bandura 1977; Schein 2010; Garvin et al. 2008, block 3",
    beware="An act for show counts as well; it is never told of one leader.",
    kind="standing", least=8, reach=ALWAYS, window=1, optional=("learning", "messages", "articles", "ticket_moves"),
    counts="leaders",
    paired=("reinforcing_leadership", "same"),
)  # fmt: skip
def leader_learning(
    people: pl.LazyFrame, learning: pl.LazyFrame, messages: pl.LazyFrame, articles: pl.LazyFrame,
    ticket_moves: pl.LazyFrame, calendar: Calendar,
) -> pl.LazyFrame:  # fmt: skip
    """Share of the leaders who did something in the four weeks up to a week by which others see them learn.

    A course finished, a question asked in public, a lesson written down, or work of others reviewed. Leaders are those
    HR calls so; of fewer than eight together nothing is said, and of a single one never.
    """
    seen = acts(learning, messages, articles, ticket_moves, calendar)
    return leading(people, seen, calendar)

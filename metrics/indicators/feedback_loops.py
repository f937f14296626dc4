"""Feedback loops (R8): in how many ways a team hears how it is doing."""

from __future__ import annotations

import polars as pl

from metrics.groups import standing
from metrics.indicator import ALWAYS, indicator
from metrics.loops import alive
from metrics.weeks import Calendar


@indicator(
    code="R8", title="Feedback loops that turn", question="Do teams hear how they are doing?", unit="%",
    better="up", timing="leading", theme="reflection", source="Kluger & DeNisi 1996; a house matrix of five loops",
    beware="A third of all feedback makes things worse: that a loop turns does not say that it helps.",
    kind="standing", least=8, reach=ALWAYS, window=1, looks=13, optional=("feedback", "messages", "articles"),
    counts="loops of teams",
)  # fmt: skip
def feedback_loops(
    tickets: pl.LazyFrame, feedback: pl.LazyFrame, messages: pl.LazyFrame, articles: pl.LazyFrame,
    teams: pl.LazyFrame, calendar: Calendar,
) -> pl.LazyFrame:  # fmt: skip
    """Share of the five feedback loops, over all teams, that turned within their time.

    Adjustments (an action or change done in 4 weeks), reviews (13 weeks), assessments (feedback to a member in 13),
    dialogue (an answer in public in 4), root causes (a post-mortem or a named cause in 13). A loop of which no system
    tells is left out. Teams smaller than the smallest group shown are left out.
    """
    found = alive(tickets, feedback, messages, articles, teams, calendar)
    return standing(found.select("week", "unit", part="alive", whole=pl.lit(1)), teams, calendar)

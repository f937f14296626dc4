"""Learning latency (R4): how soon an insight becomes an action."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.insights import waited
from metrics.kinds.waiting import ages
from metrics.weeks import Calendar

DAYS = 30


@indicator(
    code="R4", title="Insights acted on within 30 days", question="Does what we find out become what we do?", unit="%",
    better="up", timing="leading", theme="reflection", source="A house measure on Kaplan & Meier 1958",
    beware="What is done without a link is not seen: read it beside the share of insights that carry one.",
    kind="waiting", target=DAYS, least=15, reach=ALWAYS, window=13, settles=DAYS + 1, counts="insights",
    paired=("action_completion", "same"),
)  # fmt: skip
def learning_latency(
    tickets: pl.LazyFrame, articles: pl.LazyFrame, links: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """Share of a quarter's insights that led to an action, a change or a playbook within 30 days.

    An insight is a retrospective or review that is done, an experiment with an outcome, a post-mortem that is written.
    What came of it is what is linked to it. Insights without a link wait for ever: they count as not acted on.
    """
    found = waited(tickets, articles, links, calendar)
    return found.select("unit", "week", "person", **ages(pl.col("age"), pl.col("acted"), DAYS))

"""Insight links (beside R4): how many insights can be followed at all."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.insights import first_action, insights
from metrics.weeks import Calendar

DAYS = 90


@indicator(
    code="R4", title="Insights with a link", question="Can we follow what came of our insights?", unit="%",
    better="up", timing="leading", theme="reflection", source="A house measure: the coverage of the one beside it",
    beware="It is a matter of habits in the tools, not of learning.",
    kind="share", least=15, reach=ALWAYS, window=13, settles=DAYS, beside="learning_latency", counts="insights",
)  # fmt: skip
def insight_links(
    tickets: pl.LazyFrame, articles: pl.LazyFrame, links: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """Share of a quarter's insights that carry any link to something that came of them, within 90 days.

    Where it is low, how soon insights are acted on says little.
    """
    found = first_action(insights(tickets, articles), links)
    linked = (pl.col("acted") <= pl.col("since") + pl.duration(days=DAYS)).fill_null(False)
    return found.select("unit", "person", week=calendar.week(pl.col("since")), part=linked, whole=pl.lit(1))

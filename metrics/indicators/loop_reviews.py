"""Reviews (beside R8): how many teams look back at what they delivered."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.loops import turning, worked
from metrics.weeks import Calendar


@indicator(
    code="R8", title="Teams that review", question="Do teams look back at what they delivered?",
    unit="%", better="up", timing="leading", theme="reflection",
    source="Kluger & DeNisi 1996; a house matrix of five loops", beware="A ritual without actions counts as well.",
    kind="standing", least=5, reach=ALWAYS, window=1, beside="feedback_loops", counts="teams",
)  # fmt: skip
def loop_reviews(tickets: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the teams that held a review or a retrospective in the 13 weeks up to a week.

    One of the five feedback loops. Teams smaller than the smallest group shown are left out.
    """
    return turning("reviews", worked(tickets, calendar), teams, calendar)

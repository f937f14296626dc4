"""Root causes (beside R8): how many teams find out why things went wrong."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.loops import explained, turning, worked
from metrics.weeks import Calendar


@indicator(
    code="R8", title="Teams that name root causes", question="Do teams find out why things went wrong?",
    unit="%", better="up", timing="leading", theme="reflection",
    source="Kluger & DeNisi 1996; a house matrix of five loops", beware="Who has no incidents has nothing to explain.",
    kind="standing", least=5, reach=ALWAYS, window=1, optional=("articles",), beside="feedback_loops", counts="teams",
)  # fmt: skip
def loop_root_causes(
    tickets: pl.LazyFrame, articles: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """Share of the teams that wrote a post-mortem or named the cause of an incident in the 13 weeks up to a week.

    One of the five feedback loops. Teams smaller than the smallest group shown are left out.
    """
    return turning(
        "root causes", pl.concat([worked(tickets, calendar), explained(articles, calendar)]), teams, calendar
    )

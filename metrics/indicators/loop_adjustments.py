"""Adjustments (beside R8): how many teams change something on what they learn."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.loops import turning, worked
from metrics.weeks import Calendar


@indicator(
    code="R8", title="Teams that adjust", question="Does what we learn change what we do?",
    unit="%", better="up", timing="leading", theme="reflection",
    source="Kluger & DeNisi 1996; a house matrix of five loops", beware="Changes without end are no adjustment.",
    kind="standing", least=5, reach=ALWAYS, window=1, beside="feedback_loops", counts="teams",
)  # fmt: skip
def loop_adjustments(tickets: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the teams that did an action or a change in the four weeks up to a week.

    One of the five feedback loops. Teams smaller than the smallest group shown are left out.
    """
    return turning("adjustments", worked(tickets, calendar), teams, calendar)

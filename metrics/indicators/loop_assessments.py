"""Assessments (beside R8): in how many teams people hear how they are doing."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.loops import assessed, turning
from metrics.weeks import Calendar


@indicator(
    code="R8", title="Teams whose people get feedback", question="Do people hear how they are doing?",
    unit="%", better="up", timing="leading", theme="reflection",
    source="Kluger & DeNisi 1996; a house matrix of five loops",
    beware="One member with feedback makes the team count.",
    kind="standing", least=5, reach=ALWAYS, window=1, beside="feedback_loops", counts="teams",
)  # fmt: skip
def loop_assessments(feedback: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the teams that had a member who was given feedback in the 13 weeks up to a week.

    One of the five feedback loops. Teams smaller than the smallest group shown are left out.
    """
    return turning("assessments", assessed(feedback, calendar), teams, calendar)

"""Dialogue (beside R8): in how many teams people answer one another in public."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.loops import talked, turning
from metrics.weeks import Calendar


@indicator(
    code="R8", title="Teams that talk", question="Do people of the team answer one another in public?",
    unit="%", better="up", timing="leading", theme="reflection",
    source="Kluger & DeNisi 1996; a house matrix of five loops", beware="What is said at the table is not seen.",
    kind="standing", least=5, reach=ALWAYS, window=1, beside="feedback_loops", counts="teams",
)  # fmt: skip
def loop_dialogue(messages: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the teams that had a member who replied in public in the four weeks up to a week.

    One of the five feedback loops. Teams smaller than the smallest group shown are left out.
    """
    return turning("dialogue", talked(messages, calendar), teams, calendar)

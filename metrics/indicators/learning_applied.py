"""Learning applied (beside S7): whether what was learnt is used."""

from __future__ import annotations

import polars as pl

from metrics.flowing_skills import applied
from metrics.indicator import ALWAYS, indicator
from metrics.weeks import Calendar

DAYS = 60


@indicator(
    code="S7", title="Learning used within 60 days", question="Is what was learnt used?", unit="%", better="up",
    timing="lagging", theme="skills", source="Kirkpatrick 1994, level 3; Baldwin & Ford 1988",
    beware="Use that no ticket carries a skill for is not seen.",
    kind="share", least=20, reach=ALWAYS, window=13, settles=DAYS + 1, beside="learning_gain",
)  # fmt: skip
def learning_applied(learning: pl.LazyFrame, tickets: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of a quarter's finished courses whose learner finished work that asked for the skill within 60 days."""
    return applied(learning, tickets, calendar, DAYS)

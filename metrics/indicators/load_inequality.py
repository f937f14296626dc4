"""Load inequality (beside N9): how unevenly the help for all is shared."""

from __future__ import annotations

import polars as pl

from metrics.helping import answered_by
from metrics.indicator import ALWAYS, indicator
from metrics.weeks import Calendar


@indicator(
    code="N9", title="Inequality of help given", question="How unevenly is the help for all shared?", unit="of 1",
    better="down", timing="leading", theme="connection", source="Gini 1912; Cross, Rebele & Grant 2016, HBR",
    beware="Where few questions are asked it lies near 1 by arithmetic.",
    kind="gini", least=40, reach=ALWAYS, window=1, settles=14, beside="load_concentration", counts="people",
)  # fmt: skip
def load_inequality(messages: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Gini's coefficient of how many questions each member answered first in four weeks, those who answered none too.

    0 if all answered alike often, near 1 if one answered all.
    """
    return answered_by(messages, teams, calendar)

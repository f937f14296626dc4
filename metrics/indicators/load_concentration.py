"""Load concentration (N9): whether a few answer for all."""

from __future__ import annotations

import polars as pl

from metrics.helping import answered_by
from metrics.indicator import ALWAYS, indicator
from metrics.weeks import Calendar


@indicator(
    code="N9", title="Answers by the busiest 5 %", question="Do a few carry the help for all?", unit="%", better="down",
    timing="leading", theme="connection", source="Cross, Rebele & Grant 2016, HBR",
    beware="Whose task is to help will stand out rightly; the number must never become a name.",
    kind="top", least=40, reach=ALWAYS, window=1, settles=14, counts="people",
    paired=("question_answered", "opposite"),
)  # fmt: skip
def load_concentration(messages: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the first answers to public questions that came from the 5 % of people who gave most, in four weeks.

    All members of the unit are counted, those who answered nothing as well; of fewer than 40 people it says nothing.
    """
    return answered_by(messages, teams, calendar)

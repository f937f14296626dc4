"""Questions answered (N7): whether who asks in public is answered within three working days."""

from __future__ import annotations

import polars as pl

from metrics.asking import asked
from metrics.indicator import indicator
from metrics.kinds.waiting import ages
from metrics.weeks import Calendar

HOURS = 24


@indicator(
    code="N7", title="Questions answered", question="Is help available to those who ask?", unit="%",
    better="up", timing="leading", source="CHAOSS, time to first response; Kaplan & Meier 1958", theme="connection",
    beware="Answers by call or in private look like silence.",
    kind="waiting", target=HOURS, least=20, reach=0, window=4, settles=5,
    paired=("load_concentration", "opposite"),
)  # fmt: skip
def question_answered(messages: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of a week's public questions that another person answered within 24 working hours (three days of eight).

    The clock runs Monday to Friday, 9 to 17 in the organisation's zone, not on holidays. An answer is the first reply
    to the question, or in its thread, by somebody else; answers by call or in private are not seen. Questions still
    young count for as long as they have waited (Kaplan-Meier). They count for the asker's team.
    """
    found = asked(messages, calendar).with_columns(unit=pl.lit(None, pl.String))
    return found.select("unit", "week", "person", **ages(pl.col("waited"), pl.col("answered"), HOURS))

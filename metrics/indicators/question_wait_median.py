"""Median wait for an answer (beside N7): after how many working hours half of the questions are answered."""

from __future__ import annotations

import polars as pl

from metrics.asking import asked
from metrics.indicator import indicator
from metrics.kinds.waiting import ages
from metrics.weeks import Calendar

HOURS = 80


@indicator(
    code="N7", title="Median wait for an answer", question="How long does who asks wait?", unit="working hours",
    better="down", timing="leading", theme="connection",
    source="CHAOSS, time to first response; Brookmeyer & Crowley 1982",
    beware="Answers by call or in private look like silence.",
    kind="median", target=HOURS, least=20, reach=0, window=4, settles=15, beside="question_answered",
    awaits="working hours",
)  # fmt: skip
def question_wait_median(messages: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """The working hours within which half of a week's public questions were answered by somebody else.

    Those not answered count for as long as they have waited; unknown where fewer than half were in 80 hours.
    """
    found = asked(messages, calendar).with_columns(unit=pl.lit(None, pl.String))
    return found.select("unit", "week", "person", **ages(pl.col("waited"), pl.col("answered"), HOURS))

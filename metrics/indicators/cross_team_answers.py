"""Answers from other teams (beside N8): whether help crosses teams."""

from __future__ import annotations

import polars as pl

from metrics.helping import answers
from metrics.indicator import indicator
from metrics.weeks import Calendar


@indicator(
    code="N8", title="Answers from other teams", question="Does help cross teams?", unit="%", better="up",
    timing="leading", theme="connection", source="Hansen 1999; Lee 1997",
    beware="Teams that answer their own questions at once have little left for others to answer.",
    kind="share", least=30, reach=0, window=4, settles=14, beside="help_seeking", counts="questions answered",
)  # fmt: skip
def cross_team_answers(messages: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the answered public questions whose first answer came from another team than the asker's.

    Both in their team of record of the week of the question; the question counts for the asker's team.
    """
    found = answers(messages, calendar).collect().lazy()
    one = teams.select("week", asker="person", mine="unit")
    two = teams.select("week", helper="person", theirs="unit")
    both = found.join(one, on=["week", "asker"], how="left").join(two, on=["week", "helper"], how="left")
    known = both.filter(pl.col("mine").is_not_null(), pl.col("theirs").is_not_null())
    return known.select("week", unit="mine", person="asker", part=pl.col("mine") != pl.col("theirs"), whole=pl.lit(1))

"""Experiment outcomes (beside R7): whether experiments come to an end."""

from __future__ import annotations

import polars as pl

from metrics.experiments import OUTCOMES
from metrics.indicator import ALWAYS, indicator
from metrics.kinds.waiting import ages
from metrics.told import telling
from metrics.weeks import Calendar

DAYS = 60


@indicator(
    code="R7", title="Experiments with an outcome in 60 days", question="Do experiments come to an end?", unit="%",
    better="up", timing="leading", theme="reflection", source="Thomke 2003; Kaplan & Meier 1958",
    beware="Ending quickly what needs time is no virtue.",
    kind="waiting", target=DAYS, least=8, reach=ALWAYS, window=13, settles=DAYS + 1, beside="experiment_codification",
    counts="experiments",
    awaits="days",
)  # fmt: skip
def experiment_outcomes(tickets: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the experiments begun in a quarter that had an outcome within 60 days, open ones counted.

    Experiments of a source that tells of no outcome are left out.
    """
    ended = pl.coalesce("resolved", "closed")
    tried = telling(
        tickets.filter(pl.col("kind") == "experiment"), ended.is_not_null() & pl.col("outcome").is_in(OUTCOMES)
    )
    age = (calendar.until_now(ended) - pl.col("opened")).dt.total_seconds() / 86_400
    done = ended.is_not_null() & pl.col("outcome").is_in(OUTCOMES).fill_null(False)
    return tried.select("unit", week=calendar.week(pl.col("opened")), person="assignee", **ages(age, done, DAYS))

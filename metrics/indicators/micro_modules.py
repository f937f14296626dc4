"""Micro-modules (beside S6): how much learning comes in small pieces."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.weeks import Calendar

MINUTES = 15


@indicator(
    code="S6", title="Learning in 15 minutes", question="Does learning come in pieces that fit a day?", unit="%",
    better="either", timing="leading", theme="skills", source="Bersin 2018",
    beware="Small is not better: some things take a week.",
    kind="share", least=10, reach=ALWAYS, window=4, beside="learning_in_flow",
)  # fmt: skip
def micro_modules(learning: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the courses and exercises finished in a week that take 15 minutes or less, of those of known length."""
    done = learning.filter(pl.col("done").is_not_null(), pl.col("minutes").is_not_null())
    return done.select(
        "person", unit=pl.lit(None, pl.String), week=calendar.week(pl.col("done")),
        part=pl.col("minutes") <= MINUTES, whole=pl.lit(1),
    )  # fmt: skip

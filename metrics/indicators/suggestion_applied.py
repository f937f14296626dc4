"""Suggestions applied (beside S10): whether suggested modules are used more than modules drawn by lot."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.told import telling
from metrics.weeks import Calendar

DAYS = 30


@indicator(
    code="S10", title="Uplift in application", question="Is what we suggest used at work?", unit="points",
    better="up", timing="leading", theme="skills", source="Randomised comparison; Newcombe 1998, Stat. Med. 17:873",
    beware="Use at work is what systems see of it.",
    kind="uplift", least=200, reach=ALWAYS, window=26, settles=DAYS, beside="suggestion_uplift",
)  # fmt: skip
def suggestion_applied(suggestions: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """How many points more of the suggested modules were applied at work within 30 days than of those drawn by lot."""
    made = telling(suggestions, pl.col("applied").is_not_null()).filter(pl.col("explored").is_not_null())
    soon = (pl.col("applied") <= pl.col("made") + pl.duration(days=DAYS)).fill_null(False)
    return made.select(
        "person", "explored", unit=pl.lit(None, pl.String), week=calendar.week(pl.col("made")), worked=soon
    )

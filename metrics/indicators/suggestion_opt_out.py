"""Suggestion opt-out (beside S10): how many suggestions are turned down."""

from __future__ import annotations

import polars as pl

from metrics.indicator import indicator
from metrics.weeks import Calendar


@indicator(
    code="S10", title="Suggestions turned down", question="Are suggestions welcome?", unit="%", better="down",
    timing="leading", theme="skills", source="Randomised comparison", beware="Silence is not consent, and not refusal.",
    kind="share", least=200, reach=0, window=26, beside="suggestion_uplift",
)  # fmt: skip
def suggestion_opt_out(suggestions: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of half a year's suggestions that were turned down; those of which nobody knows are left out."""
    told = suggestions.filter(pl.col("declined").is_not_null())
    return told.select(
        "person", unit=pl.lit(None, pl.String), week=calendar.week(pl.col("made")), part="declined", whole=pl.lit(1)
    )

"""Suggestion uplift (S10): whether suggested modules are taken up more than modules drawn by lot."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.told import telling
from metrics.weeks import Calendar

DAYS = 30


@indicator(
    code="S10", title="Uplift of suggestions", question="Are suggested modules better than chance?", unit="points",
    better="up", timing="leading", theme="skills", source="Randomised comparison; Newcombe 1998, Stat. Med. 17:873",
    beware="What is finished is not yet of use; see the uplift in application beside it.",
    kind="uplift", least=200, reach=ALWAYS, window=26, settles=DAYS,
)  # fmt: skip
def suggestion_uplift(suggestions: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """How many points more of the suggested modules were finished within 30 days than of those drawn by lot.

    One in a few suggestions is drawn by lot from what would do, so that the two can be compared. Only the sum is
    shown; what was suggested to whom is for that person alone. Suggestions of unknown drawing are left out.
    """
    made = telling(suggestions, pl.col("done").is_not_null()).filter(pl.col("explored").is_not_null())
    soon = (pl.col("done") <= pl.col("made") + pl.duration(days=DAYS)).fill_null(False)
    return made.select(
        "person", "explored", unit=pl.lit(None, pl.String), week=calendar.week(pl.col("made")), worked=soon
    )

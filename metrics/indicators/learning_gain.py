"""Learning gain (S7): how much of what could be learnt was learnt."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.weeks import Calendar


@indicator(
    code="S7", title="Learning gain", question="Do courses teach?", unit="% of what was to gain", better="up",
    timing="leading", theme="skills", source="Kirkpatrick 1994, level 2; Hake 1998, Am. J. Phys. 66:64",
    beware="Those who drop out are not in it, and the same test twice is easier the second time.",
    kind="gain", least=20, reach=ALWAYS, window=13,
    paired=("learning_transfer", "same"),
)  # fmt: skip
def learning_gain(learning: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """How much of what could still be gained in its tests was gained, on average over a quarter's finished courses.

    The result after less that before, over the best result less that before. Who began at the best is left out, and so
    is every course without both tests. That a course was liked is not in it: liking does not predict learning.
    """
    tested = learning.filter(
        pl.col("done").is_not_null(), pl.col("before") < pl.col("best"), pl.col("after").is_not_null()
    )
    gain = (pl.col("after") - pl.col("before")) / (pl.col("best") - pl.col("before"))
    return tested.select("person", unit=pl.lit(None, pl.String), week=calendar.week(pl.col("done")), total=gain)

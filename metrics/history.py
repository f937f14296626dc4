"""How much of the past is published of units of which nothing may be shown."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from metrics.weeks import Calendar

RECENT = 13  # weeks for which it is said of a unit that it is hidden, if it always was


def lately(cells: pl.DataFrame, calendar: Calendar) -> pl.DataFrame:
    """The cells without the past of units of which nothing was ever shown: of them only that they are hidden now."""
    recent = pl.col("week") > pl.lit(calendar.last - timedelta(weeks=RECENT))
    return cells.filter(recent | (pl.col("state") != "hidden").any().over("unit"))

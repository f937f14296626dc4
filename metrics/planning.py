"""Development goals under way in each week."""

from __future__ import annotations

import polars as pl

from metrics.weeks import Calendar, monday

LATE = 52


def underway(plans: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Every goal in each week from the one it was made in until it was done: `week, person, priority`.

    What is not done ends a year after it was due, or made where nothing was due.
    """
    ended = pl.when(pl.col("done") < calendar.today).then(monday(pl.col("done")) - pl.duration(weeks=1))
    late = monday(pl.coalesce("due", "made")) + pl.duration(weeks=LATE)
    until = pl.min_horizontal(pl.coalesce(ended, late), late, pl.lit(calendar.this))
    spread = plans.select("person", "priority", week=pl.date_ranges(monday(pl.col("made")), until, "1w"))
    return spread.filter(pl.col("week").list.len() > 0).explode("week")

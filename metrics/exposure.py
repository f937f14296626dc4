"""How much work time there was: person-weeks of those who were there, part-time and leave taken off."""

from __future__ import annotations

from datetime import date

import polars as pl

from metrics.weeks import Calendar, in_force


def person_weeks(people: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Everybody in each week with their share of full time: `person, week, unit, exposure` (1 a full week).

    Where the share is unknown it is all of it; who is away (share 0) has no row. Weeks up to that of `today`.
    """
    until = (pl.min_horizontal("valid_to", "left") - pl.duration(days=1)).fill_null(date.max)
    stays = people.select("person", "unit", "share", since="valid_from", until=until)
    held = in_force(stays, "person", date.min, calendar.this)
    there = held.select("person", "week", "unit", exposure=pl.col("share").fill_null(1.0))
    return there.filter(pl.col("exposure") > 0)

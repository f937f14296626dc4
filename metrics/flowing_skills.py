"""Courses and the skills that the learner's own work asks for."""

from __future__ import annotations

import polars as pl

from metrics.told import if_any
from metrics.weeks import Calendar

NEAR = 30


def _finished(learning: pl.LazyFrame) -> pl.LazyFrame:
    known = learning.filter(pl.col("done").is_not_null(), pl.col("skill").is_not_null())
    return known.select("record", "person", "skill", "done")


def _matched(
    learning: pl.LazyFrame, tickets: pl.LazyFrame, calendar: Calendar, fits: pl.Expr, told: pl.Expr
) -> pl.LazyFrame:
    done = _finished(learning).collect().lazy()
    tagged = tickets.filter(pl.col("skill").is_not_null(), pl.col("assignee").is_not_null())
    work = tagged.select("opened", "skill", person="assignee", ended=pl.coalesce("resolved", "closed"))
    done = if_any(done, work.filter(told))
    both = done.join(work, on=["person", "skill"], how="left")
    each = both.group_by("record").agg(pl.col("person", "done").first(), part=fits.fill_null(False).any())
    return each.select(
        "person", "part", unit=pl.lit(None, pl.String), week=calendar.week(pl.col("done")), whole=pl.lit(1)
    )


def near_work(learning: pl.LazyFrame, tickets: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Courses finished, and whether the learner had open work of the skill from 30 days before to 30 after."""
    near = pl.duration(days=NEAR)
    begun, open_ = pl.col("opened") <= pl.col("done") + near, pl.col("ended").is_null() & pl.col("opened").is_not_null()
    return _matched(
        learning, tickets, calendar, begun & (open_ | (pl.col("ended") >= pl.col("done") - near)), pl.lit(True)
    )


def applied(learning: pl.LazyFrame, tickets: pl.LazyFrame, calendar: Calendar, days: int) -> pl.LazyFrame:
    """Courses finished, and whether the learner finished work of the skill within so many days after."""
    used = pl.col("ended").is_between(pl.col("done"), pl.col("done") + pl.duration(days=days))
    return _matched(learning, tickets, calendar, used, pl.col("ended").is_not_null())

"""Action sincerity (R5): whether done means that it works."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.told import telling
from metrics.weeks import Calendar

DAYS = 60


@indicator(
    code="R5", title="Actions proven to work", question="Does done mean that it works?", unit="%",
    better="up", timing="lagging", theme="reflection", source="ISO 9001:2015, 10.2 (corrective action)",
    beware="Whoever verifies their own action finds that it works.",
    kind="share", least=15, reach=ALWAYS, window=13, settles=DAYS, counts="actions",
    paired=("repeat_incidents", "opposite"),
)  # fmt: skip
def action_sincerity(tickets: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of a quarter's closed actions that were verified, and not opened again within 60 days.

    Verified by a test, a measure or a second person, as its system says. Declined actions are left out, and so is a
    source that tells of no verification at all.
    """
    told = telling(tickets, pl.col("verified").is_not_null())
    ended = pl.coalesce("resolved", "closed")
    closed = told.filter(
        pl.col("kind") == "action", ended.is_not_null(), (pl.col("outcome") != "declined").fill_null(True)
    )
    back = (pl.col("reopened").is_between(ended, ended + pl.duration(days=DAYS))).fill_null(False)
    sound = pl.col("verified").fill_null(False) & ~back
    return closed.select("unit", week=calendar.week(ended), person="assignee", part=sound, whole=pl.lit(1))

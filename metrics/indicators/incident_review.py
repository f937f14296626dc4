"""Incident review (R3): whether severe incidents are learnt from."""

from __future__ import annotations

import polars as pl

from metrics.incidents import reviewed
from metrics.indicator import ALWAYS, indicator
from metrics.weeks import Calendar

DAYS = 30


@indicator(
    code="R3", title="Severe incidents reviewed", question="Do we learn from what went badly wrong?", unit="%",
    better="up", timing="leading", theme="reflection", source="Google SRE Book, ch. 15; NIST SP 800-61",
    beware="Calling fewer incidents severe raises it.",
    kind="share", least=10, reach=ALWAYS, window=13, settles=DAYS + 1, counts="severe incidents",
    paired=("repeat_incidents", "opposite"),
)  # fmt: skip
def incident_review(
    tickets: pl.LazyFrame, articles: pl.LazyFrame, links: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """Share of the severe incidents opened in a quarter that were reviewed within 30 days.

    Reviewed: linked, in either direction, to a review, a retrospective or a post-mortem. Incidents that nobody marked
    as severe or not are left out.
    """
    found = reviewed(tickets, articles, links)
    soon = (pl.col("reviewed") <= pl.col("opened") + pl.duration(days=DAYS)).fill_null(False)
    return found.select("unit", week=calendar.week(pl.col("opened")), person="assignee", part=soon, whole=pl.lit(1))

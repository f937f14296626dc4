"""Lead time (O1): how soon work that was asked for is done."""

from __future__ import annotations

import polars as pl

from metrics.flow import flowing
from metrics.indicator import ALWAYS, indicator
from metrics.weeks import Calendar

DAYS = 10


@indicator(
    code="O1", title="Work done in ten days", question="Does what is asked for get done soon?", unit="%",
    better="up", timing="lagging", source="DORA; Little 1961; Kaplan & Meier 1958", theme="outcomes",
    beware="Smaller tickets, or a new meaning of done, raise it without anything being quicker.",
    kind="waiting", target=DAYS, least=30, reach=ALWAYS, window=4, settles=DAYS,
    paired=("reopened_work", "opposite"),
)  # fmt: skip
def lead_time(tickets: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the tickets opened in a week that were resolved within 10 days.

    Tickets still open count for as long as they have waited (Kaplan-Meier), so a growing pile cannot hide. Actions,
    experiments and reviews are no work for others and are left out, and so is what a machine, a duplicate or a refusal
    ended. Nights and weekends count: whoever asked waits through them.
    """
    return flowing(tickets, calendar, DAYS)

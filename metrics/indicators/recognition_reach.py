"""Recognition reach (L2): how many people's contributions are seen."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.recognition import received
from metrics.weeks import Calendar


@indicator(
    code="L2", title="People recognised", question="Are people's contributions seen?", unit="%", better="up",
    timing="leading", theme="leadership", source="Grant & Gino 2010, JPSP 98:946",
    beware="Pairs that praise each other in turn raise it; visible roles are seen more easily.",
    kind="standing", least=10, reach=ALWAYS, window=1, looks=13, counts="people",
)  # fmt: skip
def recognition_reach(feedback: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the people who were recognised at least once in the 13 weeks up to a week.

    Recognition is feedback of that kind, from anybody but themselves.
    """
    found = received(feedback, teams, calendar)
    return found.select("week", "unit", "person", part=pl.col("bucket") > 0, whole=pl.lit(1))

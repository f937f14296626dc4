"""Learning time (L3): whether the time set aside for learning is there when it comes to it."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.spending import spent


@indicator(
    code="L3", title="Learning time used", question="Is the time set aside for learning really there?", unit="%",
    better="up", timing="leading", theme="leadership", source="Garvin, Edmondson & Gino 2008, HBR 86(3):109",
    beware="An hour booked is not an hour learnt, and a small allotment is easily used up.",
    kind="ratio", least=8, reach=ALWAYS, window=13, counts="hours allotted",
)  # fmt: skip
def learning_time(resources: pl.LazyFrame, teams: pl.LazyFrame) -> pl.LazyFrame:
    """Hours of learning used, of the hours allotted to the units, over the periods that began in a quarter.

    Periods whose use is not known yet are left out. It says that time was there, not what it was used for.
    """
    return spent(resources, teams, "hours")

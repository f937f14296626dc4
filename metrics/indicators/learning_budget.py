"""Learning budget (beside L3): whether the money set aside for learning is spent on it."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.spending import spent


@indicator(
    code="L3", title="Learning budget used", question="Is the money set aside for learning spent on it?", unit="%",
    better="up", timing="leading", theme="leadership", source="Garvin, Edmondson & Gino 2008, HBR 86(3):109",
    beware="Money spent is not learning, and what is left in December is spent on anything.",
    kind="ratio", least=8, reach=ALWAYS, window=13, beside="learning_time", counts="money allotted",
)  # fmt: skip
def learning_budget(resources: pl.LazyFrame, teams: pl.LazyFrame) -> pl.LazyFrame:
    """Money spent on learning, of what was planned for the units, over the periods that began in a quarter.

    Periods of which the spending is not known yet are left out.
    """
    return spent(resources, teams, "money")

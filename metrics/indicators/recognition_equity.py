"""Recognition equity (beside L2): whether recognition goes to many or to a few."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.recognition import received
from metrics.weeks import Calendar


@indicator(
    code="L2", title="Recognition on few people", question="Does recognition go to a few?", unit="of 1", better="down",
    timing="leading", theme="leadership", source="Gini 1912; Grant & Gino 2010, JPSP 98:946",
    beware="Where recognition is rare it lies near 1 by arithmetic.",
    kind="gini", least=10, reach=ALWAYS, window=1, beside="recognition_reach", counts="people",
)  # fmt: skip
def recognition_equity(feedback: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Gini's coefficient of how often each person was recognised in 13 weeks, those never recognised included."""
    return received(feedback, teams, calendar).with_columns(holders=pl.lit(1, pl.Int64))

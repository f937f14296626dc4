"""Plan progress (beside S4): whether goals are reached in time."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.told import telling
from metrics.weeks import Calendar, monday


@indicator(
    code="S4", title="Goals reached in time", question="Do plans become skills?", unit="%", better="up",
    timing="leading", theme="skills", source="Locke & Latham 2002, Am. Psychol. 57:705",
    beware="Easy goals are reached in time.",
    kind="share", least=10, reach=ALWAYS, window=13, beside="plan_alignment", counts="development goals",
)  # fmt: skip
def plan_progress(plans: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the development goals due in a quarter that were done by then.

    Goals of a source that never tells that one was done are left out.
    """
    due = telling(plans, pl.col("done").is_not_null()).filter(
        pl.col("due").is_not_null(), pl.col("due") < calendar.today
    )
    return due.select(
        "person", unit=pl.lit(None, pl.String), week=monday(pl.col("due")),
        part=(pl.col("done") <= pl.col("due")).fill_null(False), whole=pl.lit(1),
    )  # fmt: skip

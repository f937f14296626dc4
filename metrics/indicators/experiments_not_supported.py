"""Experiments not supported (beside R7): whether experiments risk anything."""

from __future__ import annotations

import polars as pl

from metrics.experiments import finished
from metrics.indicator import ALWAYS, indicator
from metrics.weeks import Calendar


@indicator(
    code="R7", title="Experiments that did not work", question="Do we try what might fail?", unit="%",
    better="either", timing="leading", theme="reflection", source="Thomke 2020",
    beware="Never a target: none means that nothing was risked, all means that nothing was understood.",
    kind="share", least=8, reach=ALWAYS, window=13, beside="experiment_codification", counts="experiments",
)  # fmt: skip
def experiments_not_supported(tickets: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of a quarter's experiments with a clear outcome whose idea was not supported; not the inconclusive."""
    clear = finished(tickets).filter(pl.col("outcome").is_in(["supported", "not supported"]))
    failed = pl.col("outcome") == "not supported"
    return clear.select("unit", week=calendar.week(pl.col("ended")), person="assignee", part=failed, whole=pl.lit(1))

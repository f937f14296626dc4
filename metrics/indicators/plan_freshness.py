"""Plan freshness (beside S4): how many people have a plan somebody looked at lately."""

from __future__ import annotations

import polars as pl

from metrics.helping import recently
from metrics.indicator import ALWAYS, indicator
from metrics.weeks import Calendar, monday

WEEKS = 13


@indicator(
    code="S4", title="People with a current plan", question="Has everybody a plan that is looked after?", unit="%",
    better="up", timing="leading", theme="skills", source="Locke & Latham 2002, Am. Psychol. 57:705",
    beware="A plan opened is not a plan followed.",
    kind="standing", least=10, reach=ALWAYS, window=1, beside="plan_alignment", counts="people",
)  # fmt: skip
def plan_freshness(plans: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the people with a development goal that was made or updated in the 13 weeks up to a week."""
    touched = pl.concat(
        plans.filter(pl.col(name) < calendar.today).select("person", week=monday(pl.col(name)))
        for name in ("made", "updated")
    ).unique().collect().lazy()  # fmt: skip
    first = touched.select(pl.col("week").min() + pl.duration(weeks=WEEKS - 1)).collect().item()
    seen = recently(touched, pl.lit(calendar.this), WEEKS).unique().with_columns(part=pl.lit(True))
    there = teams.filter(pl.col("week").is_between(pl.lit(first, pl.Date), pl.lit(calendar.this)))
    found = there.join(seen, on=["week", "person"], how="left")
    return found.select("week", "unit", "person", part=pl.col("part").fill_null(False), whole=pl.lit(1))

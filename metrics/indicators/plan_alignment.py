"""Plan alignment (S4): whether what people plan to learn serves where the organisation wants to go."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.planning import underway
from metrics.told import telling
from metrics.weeks import Calendar


@indicator(
    code="S4", title="Plans that serve a priority", question="Do people learn what we will need?", unit="%",
    better="up", timing="leading", theme="skills", source="Locke & Latham 2002, Am. Psychol. 57:705",
    beware="Ticking a priority costs nothing; look at a sample.",
    kind="standing", least=10, reach=ALWAYS, window=1, looks=52, counts="development goals",
)  # fmt: skip
def plan_alignment(plans: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the development goals under way in a week that name a priority of the organisation.

    Under way is what was made and is not done, for a year after it was due at most. A source that names no
    priorities is left out.
    """
    return underway(telling(plans, pl.col("priority").is_not_null()), calendar).select(
        "week", "person", unit=pl.lit(None, pl.String), part=pl.col("priority").is_not_null(), whole=pl.lit(1)
    )

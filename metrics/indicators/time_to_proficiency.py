"""Time to proficiency (S5): how soon those who join can do the work."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.kinds.competing import ages
from metrics.weeks import Calendar, monday

DAYS = 180
PROFICIENT = 3.0


@indicator(
    code="S5", title="Proficient within half a year", question="How soon can those who join do the work?", unit="%",
    better="up", timing="lagging", theme="skills",
    source="Rosenbaum & Williams 2004; Aalen & Johansen 1978, Scand. J. Stat. 5:141",
    beware="Assessments that come late make learning look slow.",
    kind="competing", target=DAYS, least=10, reach=ALWAYS, window=26, settles=DAYS + 1, awaits="days",
    counts="people who joined",
)  # fmt: skip
def time_to_proficiency(people: pl.LazyFrame, skills: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of those who joined in half a year who reached level 3 in any skill within 180 days.

    The level is that of an assessment; 3 is what somebody needs to work on their own. Those who left before count as
    not there (Aalen-Johansen), those still on the way for as long as they have been. They count in the team of their
    first week.
    """
    dated = people.filter(pl.col("joined").is_not_null()).sort("valid_from").group_by("person", maintain_order=True)
    began = dated.agg(pl.col("joined", "unit").first(), left=pl.col("left").max())
    telling = skills.select(pl.col("assessed").min()).collect().item()
    first = skills.filter(pl.col("level") >= PROFICIENT).group_by("person").agg(able=pl.col("assessed").min())
    known = began.filter(pl.col("joined") >= pl.lit(telling, pl.Date)).join(first, on="person", how="left")
    gone = pl.when(pl.col("left") < calendar.today).then("left")
    end = pl.min_horizontal("able", gone, pl.lit(calendar.today))
    age = (end - pl.col("joined")).dt.total_days().cast(pl.Float64).clip(0)
    done = (pl.col("able") <= end).fill_null(False)
    left = (gone <= end).fill_null(False)
    return known.filter(pl.col("joined") < calendar.today).select(
        "person", "unit", week=monday(pl.col("joined")), **ages(age, done, left, DAYS)
    )

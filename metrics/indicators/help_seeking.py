"""Help seeking (N8): how often people ask."""

from __future__ import annotations

import polars as pl

from metrics.exposure import person_weeks
from metrics.helping import asked, known_weeks
from metrics.indicator import indicator
from metrics.told import telling
from metrics.weeks import Calendar


@indicator(
    code="N8", title="Questions asked", question="Do people ask?", unit="per 100 person-weeks", better="either",
    timing="leading", theme="connection", source="Edmondson 1999; Lee 1997",
    beware="A rise can be confusion or safety: read it beside psychological safety and the share of newcomers.",
    kind="rate", least=30, reach=0, window=4,
)  # fmt: skip
def help_seeking(messages: pl.LazyFrame, people: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Questions asked in public channels, per 100 weeks of people at work.

    Work time is what HR says: part-time counts in part, leave not at all. Questions in private or at the table are not
    seen. A question is a message that reads as one; what it asks is never kept.
    """
    told = pl.col("question").is_not_null() & pl.col("public").is_not_null() & pl.col("author").is_not_null()
    messages = telling(messages, told)
    first, last = known_weeks(messages, calendar, 1)
    there = person_weeks(people, calendar).filter(pl.col("week").is_between(first, last))
    questions = asked(messages, calendar).join(people.select("person").unique(), on="person", how="semi")
    none = pl.lit(0, pl.Int64)
    return pl.concat(
        [
            there.select("week", "unit", "person", "exposure", events=none),
            questions.select(
                "week", "person", unit=pl.lit(None, pl.String), exposure=pl.lit(0.0), events=pl.lit(1, pl.Int64)
            ),
        ],
        how="diagonal",
    )

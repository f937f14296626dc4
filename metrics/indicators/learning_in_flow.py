"""Learning in the flow of work (S6): whether people learn what they are working on."""

from __future__ import annotations

import polars as pl

from metrics.flowing_skills import near_work
from metrics.indicator import ALWAYS, indicator
from metrics.weeks import Calendar


@indicator(
    code="S6", title="Learning for the work at hand", question="Do people learn what they are working on?", unit="%",
    better="up", timing="leading", theme="skills", source="Lave & Wenger 1991; Bersin 2018",
    beware="Coarse skill tags match everything; learning ahead of need counts against it.",
    kind="share", least=10, reach=ALWAYS, window=4, settles=30,
)  # fmt: skip
def learning_in_flow(learning: pl.LazyFrame, tickets: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the courses finished in a week whose skill was asked for by the learner's own work within 30 days.

    The learner's work are tickets assigned to them that were open at any time from 30 days before to 30 days after.
    Matched for each person, shown for units alone. Courses without a skill are left out.
    """
    return near_work(learning, tickets, calendar)

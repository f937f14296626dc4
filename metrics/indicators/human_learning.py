"""Learning with people (beside N10): how many learners had another human in it."""

from __future__ import annotations

import polars as pl

from metrics.helping import recently
from metrics.indicator import ALWAYS, indicator
from metrics.modes import DIGITAL, events
from metrics.told import if_any
from metrics.weeks import Calendar

WEEKS = 13


@indicator(
    code="N10", title="Learning with people", question="Do those who learn, learn with others too?", unit="%",
    better="up", timing="lagging", theme="skills", source="A house measure; Vygotsky 1978",
    beware="Learning nobody logs is not seen.",
    kind="standing", least=30, reach=ALWAYS, window=1, optional=("learning", "ties_seen", "ticket_moves"),
    counts="people who learned",
    beside="learning_balance",
)  # fmt: skip
def human_learning(
    learning: pl.LazyFrame, ties_seen: pl.LazyFrame, ticket_moves: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """Share of those who learnt anything in the 13 weeks up to a week who did so with others as well.

    With others is a course with people, a mentor or a peer review. Unknown where systems tell only of one of the two.
    """
    known = events(learning, ties_seen, ticket_moves, calendar)
    alone = pl.col("mode") == DIGITAL
    known = if_any(if_any(known, known.filter(alone)), known.filter(~alone))
    found = known.group_by("week", "person").agg(
        part=(~alone).any()
    ).collect().lazy()  # fmt: skip
    last = pl.lit(found.select(pl.col("week").max()).collect().item(), pl.Date)
    seen = recently(found, last, WEEKS).group_by("week", "person").agg(pl.col("part").any())
    return seen.select("week", "person", "part", unit=pl.lit(None, pl.String), whole=pl.lit(1))

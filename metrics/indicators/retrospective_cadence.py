"""Retrospective cadence (R1): how many teams stop to look back."""

from __future__ import annotations

import polars as pl

from metrics.groups import active, of_team, standing
from metrics.helping import recently
from metrics.indicator import ALWAYS, indicator
from metrics.weeks import Calendar

WEEKS = 4


@indicator(
    code="R1", title="Teams that look back", question="Do teams stop to learn from what they did?", unit="%",
    better="up", timing="leading", theme="reflection", source="Derby & Larsen 2006; Tannenbaum & Cerasoli 2013",
    beware="A ritual without actions counts as well; read it beside the actions completed.",
    kind="standing", least=5, reach=ALWAYS, window=1, counts="teams",
    paired=("action_completion", "same"),
)  # fmt: skip
def retrospective_cadence(tickets: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the teams that held a retrospective in the four weeks up to a week.

    A retrospective is a ticket of that kind, counted for the team of who was assigned. Teams smaller than the smallest
    group shown are left out. Of fewer than five teams it says nothing.
    """
    held = tickets.filter(pl.col("kind") == "retrospective")
    when = pl.coalesce("resolved", "closed", "opened")
    rows = held.select("unit", week=calendar.week(when), person="assignee")
    turned = of_team(rows, teams, "person").select("week", "unit").unique().collect().lazy()
    first = turned.select(pl.col("week").min() + pl.duration(weeks=WEEKS - 1)).collect().item()
    seen = recently(turned, pl.lit(calendar.this), WEEKS).unique().with_columns(part=pl.lit(True))
    grid = active(teams, calendar).filter(pl.col("week").is_between(pl.lit(first, pl.Date), pl.lit(calendar.this)))
    found = grid.join(seen, on=["week", "unit"], how="left")
    return standing(found.select("week", "unit", pl.col("part").fill_null(False), whole=pl.lit(1)), teams, calendar)

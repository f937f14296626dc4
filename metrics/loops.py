"""The five loops by which a team hears how it is doing: which of them turned lately."""

from __future__ import annotations

import polars as pl

from metrics.groups import active, of_team, standing
from metrics.helping import recently
from metrics.weeks import Calendar

LOOPS = {
    "adjustments": 4,
    "reviews": 13,
    "assessments": 13,
    "dialogue": 4,
    "root causes": 13,
}
"""Each loop with the weeks in which it should turn once."""


KINDS = {"action": "adjustments", "change": "adjustments", "review": "reviews", "retrospective": "reviews"}


def alive(
    tickets: pl.LazyFrame, feedback: pl.LazyFrame, messages: pl.LazyFrame, articles: pl.LazyFrame, teams: pl.LazyFrame,
    calendar: Calendar,
) -> pl.LazyFrame:  # fmt: skip
    """Every team, week and loop of which anything is known: `week, unit, loop, alive`.

    adjustments: an action or change done in 4 weeks; reviews: a review or retrospective in 13; assessments: feedback
    in 13; dialogue: an answer in public in 4; root causes: a post-mortem or an incident's cause named in 13.
    """
    rows = [worked(tickets, calendar), assessed(feedback, calendar), talked(messages, calendar)]
    turned = of_team(pl.concat([*rows, explained(articles, calendar)], how="diagonal"), teams, "person")
    known = turned.select("week", "unit", "loop").unique().collect().lazy()
    grid = active(teams, calendar).collect().lazy()
    return pl.concat(_within(loop, known.filter(pl.col("loop") == loop), grid, calendar) for loop in LOOPS)


def turning(loop: str, rows: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """One loop alone, as rows of teams that stand for their members; `rows` are the events that turn it."""
    found = of_team(rows.filter(pl.col("loop") == loop), teams, "person").select("week", "unit").unique()
    seen = _within(loop, found.collect().lazy(), active(teams, calendar), calendar)
    return standing(seen.select("week", "unit", part="alive", whole=pl.lit(1)), teams, calendar)


def _within(loop: str, known: pl.LazyFrame, grid: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Every team in each week from the first of which the whole time is known, and whether the loop turned in it."""
    last, weeks = pl.lit(calendar.this), LOOPS[loop]
    known = known.select("week", "unit")
    spread = recently(known, last, weeks).unique().with_columns(alive=pl.lit(True))
    first = known.select(pl.col("week").min() + pl.duration(weeks=weeks - 1)).collect().item()
    there = grid.filter(pl.col("week").is_between(pl.lit(first, pl.Date), last))
    found = there.join(spread, on=["week", "unit"], how="left")
    return found.select("week", "unit", loop=pl.lit(loop), alive=pl.col("alive").fill_null(False))


def worked(tickets: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Work that turns a loop, when it was done: `week, unit, loop, person`."""
    ended = pl.coalesce("resolved", "closed")
    done = tickets.filter(ended.is_not_null()).with_columns(week=calendar.week(ended))
    loop = pl.col("kind").replace_strict(KINDS, default=None, return_dtype=pl.String)
    caused = (pl.col("kind") == "incident") & pl.col("cause").is_not_null()
    work = done.with_columns(loop=pl.when(caused).then(pl.lit("root causes")).otherwise(loop))
    return work.filter(pl.col("loop").is_not_null()).select("week", "unit", "loop", person="assignee")


def assessed(feedback: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Feedback, by who was given it: `week, unit, loop, person`."""
    return _rows(feedback, calendar.week(pl.col("given")), "assessments", "receiver")


def talked(messages: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Replies in public: `week, unit, loop, person`."""
    said = messages.filter(pl.col("public"), pl.col("reply_to").is_not_null(), pl.col("author").is_not_null())
    return _rows(said, calendar.week(pl.col("sent")), "dialogue", "author")


def explained(articles: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Post-mortems: `week, unit, loop, person`."""
    causes = articles.filter(pl.col("kind") == "post-mortem")
    return _rows(causes, calendar.week(pl.col("created")), "root causes", "author", pl.col("unit"))


def _rows(found: pl.LazyFrame, week: pl.Expr, loop: str, person: str, unit: pl.Expr | None = None) -> pl.LazyFrame:
    nowhere = pl.lit(None, pl.String) if unit is None else unit
    return found.select(week=week, unit=nowhere, loop=pl.lit(loop), person=person)

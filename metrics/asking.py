"""How long who asks in public waits for an answer, on the clock of working hours."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from connectors.tables import MOMENT
from metrics.told import telling
from metrics.weeks import Calendar

NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def asked(messages: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Every public question with how many working hours it waited, so far or until answered: `week, person, waited,
    answered`. An answer is the first reply to the question, or in its thread, by somebody else; a source that tells of
    neither is left out."""
    told = telling(messages, pl.col("reply_to").is_not_null() | pl.col("thread").is_not_null())
    said = told.filter(pl.col("author").is_not_null())
    questions = _in_thread(said).filter(pl.col("question"), pl.col("public"))
    answered = questions.join(_replies(said), on="message", how="left").with_columns(
        answered=pl.min_horizontal("next", "reply")
    )
    waited = calendar.working_hours(pl.col("sent"), calendar.until_now(pl.col("answered")))
    return answered.select(
        week=calendar.week(pl.col("sent")), person="author", waited=waited, answered=pl.col("answered").is_not_null()
    )


def _in_thread(said: pl.LazyFrame) -> pl.LazyFrame:
    """Every message with `next`: when somebody else next wrote in its thread."""
    ordered = said.with_columns(at=pl.coalesce("thread", "message")).sort("at", "sent", "message")
    ends = (pl.col("at").shift(-1) != pl.col("at")).fill_null(True)
    other = pl.col("author").shift(-1) != pl.col("author")
    after = pl.when(ends).then(pl.lit(NEVER, MOMENT)).when(other).then(pl.col("sent").shift(-1))
    return ordered.with_columns(next=after.backward_fill()).with_columns(
        next=pl.when(pl.col("next") < pl.lit(NEVER, MOMENT)).then("next")
    )


def _replies(said: pl.LazyFrame) -> pl.LazyFrame:
    """When somebody else first replied to each message: `message, reply`."""
    replies = said.select("sent", message="reply_to", other="author").filter(pl.col("message").is_not_null())
    to = replies.join(said.select("message", "author"), on="message").filter(pl.col("other") != pl.col("author"))
    return to.group_by("message").agg(reply=pl.col("sent").min())

"""Questions answered (N7): whether who asks in public is answered within three working days."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from connectors.tables import MOMENT
from metrics.indicator import indicator
from metrics.kinds.waiting import ages
from metrics.weeks import Calendar

HOURS = 24
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@indicator(
    code="N7", title="Questions answered", question="Is help available to those who ask?", unit="%",
    better="up", timing="leading", source="CHAOSS, time to first response; Kaplan & Meier 1958", theme="connection",
    kind="waiting", target=HOURS, least=20, reach=0, window=4, settles=5,
)  # fmt: skip
def question_answered(messages: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of a week's public questions that another person answered within 24 working hours (three days of eight).

    The clock runs Monday to Friday, 9 to 17 in the organisation's zone, not on holidays. An answer is the first reply
    to the question, or in its thread, by somebody else; answers by call or in private are not seen. Questions still
    young count for as long as they have waited (Kaplan-Meier). They count for the asker's team.
    """
    said = messages.filter(pl.col("author").is_not_null())
    asked = _in_thread(said).filter(pl.col("question"), pl.col("public"))
    answered = asked.join(_replies(said), on="message", how="left").with_columns(
        answered=pl.min_horizontal("next", "reply")
    )
    waited = calendar.working_hours(pl.col("sent"), calendar.until_now(pl.col("answered")))
    return answered.select(
        unit=pl.lit(None, pl.String),
        week=calendar.week(pl.col("sent")),
        person="author",
        **ages(waited, pl.col("answered").is_not_null(), HOURS),
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

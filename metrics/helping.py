"""Who asked in public, who answered first, and who helped whom in the four weeks up to each."""

from __future__ import annotations

import polars as pl

from metrics.weeks import Calendar

WEEKS = 4
DAYS = 14


def asked(messages: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Public questions by known people: `message, week, person, channel`."""
    questions = messages.filter(pl.col("question"), pl.col("public"), pl.col("author").is_not_null())
    return questions.select("message", "channel", week=calendar.week(pl.col("sent")), person="author")


def answers(messages: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """The first answer to each public question within 14 days: `message, week (of asking), asker, helper`.

    An answer is a message in the question's thread, or a reply to it, by somebody else.
    """
    said = messages.filter(pl.col("author").is_not_null(), pl.col("public"))
    questions = said.filter(pl.col("question")).select(
        "message", asker="author", asked="sent", week=calendar.week(pl.col("sent"))
    )
    heard = pl.concat(
        said.filter(pl.col(name).is_not_null()).select(message=name, helper="author", sent="sent")
        for name in ("reply_to", "thread")
    )
    found = heard.join(questions, on="message", how="left").filter(
        pl.col("asker").is_not_null(), pl.col("helper") != pl.col("asker"), pl.col("sent") >= pl.col("asked"),
        pl.col("sent") <= pl.col("asked") + pl.duration(days=DAYS),
    )  # fmt: skip
    first = found.sort("sent", "helper").group_by("message", maintain_order=True).agg(
        pl.col("week", "asker", "helper").first()
    )  # fmt: skip
    return first.select("message", "week", "asker", "helper")


def recently(rows: pl.LazyFrame, last: pl.Expr, weeks: int = WEEKS) -> pl.LazyFrame:
    """Every row once for each of the weeks up to which it counts, none after `last`."""
    ends = pl.date_ranges("week", pl.min_horizontal(pl.col("week") + pl.duration(weeks=weeks - 1), last), "1w")
    return rows.with_columns(week=ends).filter(pl.col("week").list.len() > 0).explode("week")


def known_weeks(messages: pl.LazyFrame, calendar: Calendar, weeks: int = WEEKS) -> tuple[pl.Expr, pl.Expr]:
    """The first week all of whose weeks before are known from messages, and the last with any."""
    ends = messages.select(first=pl.col("sent").min(), last=pl.col("sent").max())
    found = ends.select(first=calendar.week(pl.col("first")), last=calendar.week(pl.col("last"))).collect().row(0)
    return pl.lit(found[0], pl.Date) + pl.duration(weeks=weeks - 1), pl.lit(found[1], pl.Date)


def answered_by(messages: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """How many questions each member answered first in four weeks, nought included: `week, unit, person, bucket,
    holders`."""
    found = answers(messages, calendar).select("week", person="helper").collect().lazy()
    first, last = known_weeks(messages, calendar, WEEKS)
    counts = recently(found, last, WEEKS).group_by("week", "person").agg(bucket=pl.len().cast(pl.Int64))
    there = teams.filter(pl.col("week").is_between(first, last)).join(counts, on=["week", "person"], how="left")
    return there.select("week", "unit", "person", bucket=pl.col("bucket").fill_null(0), holders=pl.lit(1, pl.Int64))

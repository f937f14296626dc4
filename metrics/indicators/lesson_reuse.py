"""Lesson reuse (beside R4): how soon another team uses what one has learnt."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.insights import first_reuse, insights
from metrics.kinds.waiting import ages
from metrics.weeks import Calendar

DAYS = 90


@indicator(
    code="R4", title="Lessons reused by another team in 90 days", question="Does one team's lesson reach the next?",
    unit="%", better="up", timing="leading", theme="reflection",
    source="A house measure on Kaplan & Meier 1958; Argote & Ingram 2000",
    beware="What is read without being linked or logged is not seen.",
    kind="waiting", target=DAYS, least=15, reach=ALWAYS, window=13, settles=DAYS + 1, beside="learning_latency",
    counts="lessons",
    awaits="days",
    optional=("links",),
)  # fmt: skip
def lesson_reuse(
    tickets: pl.LazyFrame, articles: pl.LazyFrame, article_uses: pl.LazyFrame, links: pl.LazyFrame,
    teams: pl.LazyFrame, calendar: Calendar,
) -> pl.LazyFrame:  # fmt: skip
    """Share of a quarter's written lessons that somebody of another team used within 90 days.

    A written lesson is a post-mortem, or an article linked to a retrospective, review or experiment. Both people count
    in their team of the week of the lesson.
    """
    written = first_reuse(insights(tickets, articles), articles, article_uses, links).with_columns(
        week=calendar.week(pl.col("since"))
    )
    mine = teams.select("week", "person", mine="unit")
    theirs = teams.select("week", user="person", theirs="unit")
    placed = written.join(mine, on=["week", "person"], how="left").join(theirs, on=["week", "user"], how="left")
    home = pl.coalesce("mine", "unit")
    other = (pl.col("theirs") != home) & (pl.col("used") >= pl.col("since"))
    first = placed.group_by("insight").agg(
        pl.col("unit", "person", "week", "since").first(), reused=pl.col("used").filter(other).min()
    )
    age = (calendar.until_now(pl.col("reused")) - pl.col("since")).dt.total_seconds() / 86_400
    return first.select("unit", "person", "week", **ages(age, pl.col("reused").is_not_null(), DAYS))

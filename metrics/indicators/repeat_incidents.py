"""Repeat incidents (K10): whether the same trouble comes back after it was dealt with."""

from __future__ import annotations

from typing import Any

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.told import telling
from metrics.weeks import Calendar

DAYS = 180
AS_OF: dict[str, Any] = {"allow_exact_matches": False, "check_sortedness": False}


@indicator(
    code="K10", title="Repeat incidents", question="Does trouble come back after a lesson was drawn?", unit="%",
    better="down", timing="lagging", source="ITIL, problem management; Weick & Sutcliffe 2007", theme="knowledge",
    beware="Fewer reports lower it: read it beside psychological safety and the number of incidents.",
    kind="share", least=15, reach=ALWAYS, window=4, counts="incidents",
    paired=("incident_review", "opposite"),
)  # fmt: skip
def repeat_incidents(tickets: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of a week's incidents whose cause had one in the 180 days before, and a lesson drawn since.

    The lesson is an action of the same cause, done since the cause first had an incident and before this one. Where no
    action of a source names a cause, the earlier incident only has to be closed before this one. Incidents without a
    cause are left out, and those of the first 180 days of a source; declined actions are no lesson.
    """
    tickets = telling(tickets, pl.coalesce("resolved", "closed").is_not_null())
    named = tickets.filter(pl.col("cause").is_not_null())
    action = named.filter(pl.col("kind") == "action")
    ended = pl.coalesce("resolved", "closed")
    done = action.filter(ended.is_not_null(), (pl.col("outcome") != "declined").fill_null(True))
    lessons = done.select("source", "cause", learnt=ended, lesson=ended).sort("lesson")
    incidents = named.filter(pl.col("kind") == "incident").sort("opened")
    closed = incidents.select("source", "cause", before=ended, earlier=ended).drop_nulls("before").sort("before")
    by = ["source", "cause"]
    seen = incidents.join_asof(closed, left_on="opened", right_on="before", by=by, strategy="backward", **AS_OF)
    seen = seen.join_asof(lessons, left_on="opened", right_on="lesson", by=by, strategy="backward", **AS_OF)
    first = named.filter(pl.col("kind") == "incident").group_by(by).agg(first=pl.col("opened").min())
    lessons_told = action.select("source").unique().with_columns(telling=pl.lit(True))
    known = seen.join(first, on=by, how="left").join(lessons_told, on="source", how="left")
    since = pl.col("opened") - pl.duration(days=DAYS)
    begun = tickets.group_by("source").agg(begun=pl.col("opened").min())
    known = known.join(begun, on="source", how="left").filter(pl.col("begun") <= since)
    had = (pl.col("earlier") >= since).fill_null(False)
    learnt = (pl.col("learnt") >= since) & (pl.col("learnt") > pl.col("first"))
    repeat = had & pl.when("telling").then(learnt.fill_null(False)).otherwise(True)
    return known.select(
        "unit", week=calendar.week(pl.col("opened")), person="assignee", part=repeat.fill_null(False), whole=pl.lit(1)
    )

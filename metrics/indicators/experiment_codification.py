"""Experiment codification (R7): whether what was tried is written down for others."""

from __future__ import annotations

import polars as pl

from metrics.experiments import finished
from metrics.indicator import ALWAYS, indicator
from metrics.weeks import Calendar

DAYS = 30


@indicator(
    code="R7", title="Experiments written up", question="Does what we try become what others know?", unit="%",
    better="up", timing="leading", theme="reflection", source="Thomke 2003; Garvin, Edmondson & Gino 2008",
    beware="Writing up only what worked is half of the truth; look at the share that was not supported.",
    kind="share", least=8, reach=ALWAYS, window=13, settles=DAYS, counts="experiments",
)  # fmt: skip
def experiment_codification(
    tickets: pl.LazyFrame, articles: pl.LazyFrame, links: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """Share of a quarter's finished experiments that were linked to a playbook or an article within 30 days.

    Finished is what has an outcome: supported, not supported or inconclusive.
    """
    wrote = links.join(articles.select(target="article"), on="target", how="semi").select("made", ticket="origin")
    first = wrote.group_by("ticket").agg(pl.col("made").min())
    found = finished(tickets).join(first, on="ticket", how="left")
    soon = (pl.col("made") <= pl.col("ended") + pl.duration(days=DAYS)).fill_null(False)
    return found.select("unit", week=calendar.week(pl.col("ended")), person="assignee", part=soon, whole=pl.lit(1))

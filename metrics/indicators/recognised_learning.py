"""Recognised learning (beside L2): how much recognition is for something learnt."""

from __future__ import annotations

import polars as pl

from metrics.indicator import indicator
from metrics.recognition import KIND
from metrics.weeks import Calendar


@indicator(
    code="L2", title="Recognition for learning", question="Do we praise learning, or only results?", unit="%",
    better="up", timing="leading", theme="leadership", source="Grant & Gino 2010, JPSP 98:946",
    beware="It depends on how people tag their praise.",
    kind="share", least=10, reach=0, window=13, beside="recognition_reach",
)  # fmt: skip
def recognised_learning(feedback: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of a quarter's recognition that is marked as for something learnt; unmarked pieces are left out."""
    told = feedback.filter(pl.col("kind") == KIND, pl.col("learning").is_not_null())
    return told.select(
        unit=pl.lit(None, pl.String), week=calendar.week(pl.col("given")), person="receiver", part="learning",
        whole=pl.lit(1),
    )  # fmt: skip

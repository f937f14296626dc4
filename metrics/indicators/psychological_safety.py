"""Psychological safety (C1): whether people feel safe to speak up, as they say themselves."""

from __future__ import annotations

import polars as pl

from metrics.indicator import indicator
from metrics.weeks import Calendar, monday

WAVE = ["survey", "wave"]
FEW_MISSING = 2 / 7
A_YEAR = 380  # days; whoever last answered longer ago has not been asked in between, or has changed


@indicator(
    code="C1", title="Psychological safety", question="Do people feel safe to speak up?", unit="0 to 100",
    better="up", timing="leading", source="Edmondson 1999, ASQ 44:350", theme="climate",
    kind="scale", least=8, reach=400, window=1, settles=14,
)  # fmt: skip
def psychological_safety(answers: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Mean score of a survey wave on Edmondson's scale, from 0 (not safe at all) to 100 (as safe as can be).

    Each respondent's answers are averaged after negatively worded items are turned round; nobody who left more than 2
    of 7 items out is counted, and nothing is filled in. Scales of different length are never mixed: the commonest of
    a wave is kept, the others are dropped. It is what people say in a survey, wave by wave, not what happens weekly.
    """
    asked = answers.filter(pl.col("construct") == "psychological_safety")
    length = asked.group_by(*WAVE, "low", "high").agg(answers=pl.len())
    commonest = length.sort(["answers", "low", "high"], descending=[True, False, False]).unique(
        WAVE, keep="first", maintain_order=True
    )
    turned = pl.when("reversed").then(pl.col("low") + pl.col("high") - pl.col("score")).otherwise("score")
    kept = asked.join(commonest.drop("answers"), on=[*WAVE, "low", "high"], how="semi").with_columns(score=turned)
    respondents = _scored(kept)
    return respondents.select("unit", "score", "before", "items", week=monday(pl.col("wave")), person="respondent")


def _scored(kept: pl.LazyFrame) -> pl.LazyFrame:
    """One row per respondent and wave: their score, the one before, and their answers in the order of the items."""
    items = kept.select(*WAVE, "item").unique()
    every = items.join(kept.select(*WAVE, "respondent").unique(), on=WAVE)
    answered = every.join(kept, on=[*WAVE, "item", "respondent"], how="left")
    people = answered.group_by(*WAVE, "respondent").agg(
        pl.col("unit", "low", "high").min(),
        missing=pl.col("score").is_null().mean(),
        score=pl.col("score").mean(),
        items=pl.col("score").sort_by("item"),
    )
    span = pl.col("high") - pl.col("low")
    scored = people.filter(pl.col("missing") <= FEW_MISSING + 1e-9).with_columns(
        score=(pl.col("score") - pl.col("low")) / span * 100
    )
    same = ["survey", "respondent", "low", "high"]
    before, when = (pl.col(column).shift(1).over(same, order_by="wave") for column in ("score", "wave"))
    recent = (pl.col("wave") - when).dt.total_days() <= A_YEAR
    return scored.with_columns(before=pl.when(recent).then(before))

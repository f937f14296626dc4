"""Supportive environment (C2): whether the surroundings let people learn, as people say themselves."""

from __future__ import annotations

import polars as pl

from metrics.indicator import indicator
from metrics.respondents import respondents


@indicator(
    code="C2", title="Supportive environment", question="Is this a place where one can learn?", unit="0 to 100",
    better="up", timing="leading", theme="climate",
    source="Garvin, Edmondson & Gino 2008, HBR 86(3):109, block 1",
    beware="Its 0 to 100 is not the published times 100 over 7; do not compare with printed norms.",
    kind="scale", least=8, reach=400, window=1, settles=14,
    paired=("psychological_safety", "same"),
)  # fmt: skip
def supportive_environment(answers: pl.LazyFrame) -> pl.LazyFrame:
    """Mean score on the scale of a supportive learning environment: safety, openness to new ideas, time.

    Each respondent's answers are averaged after those worded negatively are turned round; nobody who left more than 2
    of 7 items out is counted, and nothing is filled in. Scales of different length are never mixed. It runs from 0 to
    100 of what the answers allow. It is what people say in a survey, wave by wave.
    """
    return respondents(answers, "supportive_environment")

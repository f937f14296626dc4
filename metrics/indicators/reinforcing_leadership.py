"""Leadership that reinforces learning (C4): whether leaders make room for learning, as people say themselves."""

from __future__ import annotations

import polars as pl

from metrics.indicator import indicator
from metrics.respondents import respondents


@indicator(
    code="C4", title="Leadership that reinforces learning", question="Do those who lead make room for learning?",
    unit="0 to 100",
    better="up", timing="leading", theme="leadership",
    source="Garvin, Edmondson & Gino 2008, HBR 86(3):109, block 3",
    beware="It rates those who lead: never for one manager, never a ranking.",
    kind="scale", least=8, reach=400, window=1, settles=14,
    paired=("leader_learning", "same"),
)  # fmt: skip
def reinforcing_leadership(answers: pl.LazyFrame) -> pl.LazyFrame:
    """Mean score on the scale of leadership that reinforces learning: managers invite, listen, ask and give time.

    Each respondent's answers are averaged after those worded negatively are turned round; nobody who left more than 2
    of 7 items out is counted, and nothing is filled in. Scales of different length are never mixed. It runs from 0 to
    100 of what the answers allow. It is what people say in a survey, wave by wave.
    """
    return respondents(answers, "reinforcing_leadership")

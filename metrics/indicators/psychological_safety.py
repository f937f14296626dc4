"""Psychological safety (C1): whether people feel safe to speak up, as they say themselves."""

from __future__ import annotations

import polars as pl

from metrics.indicator import indicator
from metrics.respondents import respondents


@indicator(
    code="C1", title="Psychological safety", question="Do people feel safe to speak up?", unit="0 to 100",
    better="up", timing="leading", source="Edmondson 1999, ASQ 44:350", theme="climate",
    beware="Pressure to answer well raises it; a falling response is itself a sign.",
    kind="scale", least=8, reach=400, window=1, settles=14,
    paired=("voice_evenness", "same"),
)  # fmt: skip
def psychological_safety(answers: pl.LazyFrame) -> pl.LazyFrame:
    """Mean score of a survey wave on Edmondson's scale, from 0 (not safe at all) to 100 (as safe as can be).

    Each respondent's answers are averaged after negatively worded items are turned round; nobody who left more than 2
    of 7 items out is counted, and nothing is filled in. Scales of different length are never mixed: the commonest of
    a wave is kept, the others are dropped. It is what people say in a survey, wave by wave, not what happens weekly.
    """
    return respondents(answers, "psychological_safety")

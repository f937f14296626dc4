"""Trust (C7): whether people trust one another, as people say themselves."""

from __future__ import annotations

import polars as pl

from metrics.indicator import indicator
from metrics.respondents import respondents


@indicator(
    code="C7", title="Trust", question="Do people trust those they work with?", unit="0 to 100",
    better="up", timing="leading", theme="climate",
    source="McAllister 1995, AMJ 38:24; Mayer, Davis & Schoorman 1995",
    beware="It often cannot be told apart from psychological safety; do not count both.",
    kind="scale", least=8, reach=400, window=1, settles=14,
    paired=("psychological_safety", "same"),
)  # fmt: skip
def interpersonal_trust(answers: pl.LazyFrame) -> pl.LazyFrame:
    """Mean score on items of trust in colleagues and leads: their care and their competence.

    Each respondent's answers are averaged after those worded negatively are turned round; nobody who left more than 2
    of 7 items out is counted, and nothing is filled in. Scales of different length are never mixed. It runs from 0 to
    100 of what the answers allow. It is what people say in a survey, wave by wave.
    """
    return respondents(answers, "interpersonal_trust")

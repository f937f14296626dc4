"""Climate for learning (C6): whether information flows, as people say themselves."""

from __future__ import annotations

import polars as pl

from metrics.indicator import indicator
from metrics.respondents import respondents


@indicator(
    code="C6", title="Climate for learning", question="Does information flow, and is learning an investment?",
    unit="0 to 100",
    better="up", timing="leading", theme="climate",
    source="Westrum 2004, BMJ Qual. Saf. 13:ii22; Widener 2007",
    beware="Six or seven items of perception are no measure of maturity.",
    kind="scale", least=8, reach=400, window=1, settles=14,
    paired=("learning_culture", "same"),
)  # fmt: skip
def climate_for_learning(answers: pl.LazyFrame) -> pl.LazyFrame:
    """Mean score on items of a generative culture: information is sought, failure leads to inquiry.

    Each respondent's answers are averaged after those worded negatively are turned round; nobody who left more than 2
    of 7 items out is counted, and nothing is filled in. Scales of different length are never mixed. It runs from 0 to
    100 of what the answers allow. It is what people say in a survey, wave by wave.
    """
    return respondents(answers, "climate_for_learning")

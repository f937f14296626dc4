"""Chance to use what was learnt (S8): whether learning could be used, as people say themselves."""

from __future__ import annotations

import polars as pl

from metrics.indicator import indicator
from metrics.respondents import respondents


@indicator(
    code="S8", title="Chance to use what was learnt", question="Could people use at work what they learnt?",
    unit="0 to 100",
    better="up", timing="leading", theme="skills",
    source="Baldwin & Ford 1988; Blume et al. 2010; Holton, LTSI",
    beware="People forget, and remember what they were asked to remember.",
    kind="scale", least=8, reach=400, window=1, settles=14,
)  # fmt: skip
def learning_transfer(answers: pl.LazyFrame) -> pl.LazyFrame:
    """Mean score on items about having used, in the last month, what was learnt, and having had the chance to.

    Each respondent's answers are averaged after those worded negatively are turned round; nobody who left more than 2
    of 7 items out is counted, and nothing is filled in. Scales of different length are never mixed. It runs from 0 to
    100 of what the answers allow. It is what people say in a survey, wave by wave.
    """
    return respondents(answers, "learning_transfer")

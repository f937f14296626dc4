"""Learning culture (DLOQ-A) (C5): whether learning is part of the work, as people say themselves."""

from __future__ import annotations

import polars as pl

from metrics.indicator import indicator
from metrics.respondents import respondents


@indicator(
    code="C5", title="Learning culture (DLOQ-A)", question="Is learning part of how we work?", unit="0 to 100",
    better="up", timing="leading", theme="climate",
    source="Marsick & Watkins 2003; Yang, Watkins & Marsick 2004",
    beware="Its seven dimensions hang together closely: the whole is worth more than the parts.",
    kind="scale", least=8, reach=400, window=1, settles=14,
    paired=("climate_for_learning", "same"),
)  # fmt: skip
def learning_culture(answers: pl.LazyFrame) -> pl.LazyFrame:
    """Mean score over the 21 items of the dimensions of the learning organization.

    Each respondent's answers are averaged after those worded negatively are turned round; nobody who left more than 2
    of 7 items out is counted, and nothing is filled in. Scales of different length are never mixed. It runs from 0 to
    100 of what the answers allow. It is what people say in a survey, wave by wave.
    """
    return respondents(answers, "learning_culture")

"""Learning processes (C3): whether there are ways to learn, as people say themselves."""

from __future__ import annotations

import polars as pl

from metrics.indicator import indicator
from metrics.respondents import respondents


@indicator(
    code="C3", title="Learning processes", question="Do we have ways to learn, not only the wish?", unit="0 to 100",
    better="up", timing="leading", theme="climate",
    source="Garvin, Edmondson & Gino 2008, HBR 86(3):109, block 2",
    beware="It is what people perceive; set it beside what they do.",
    kind="scale", least=8, reach=400, window=1, settles=14,
    paired=("retrospective_cadence", "same"),
)  # fmt: skip
def learning_processes(answers: pl.LazyFrame) -> pl.LazyFrame:
    """Mean score on the scale of concrete learning processes: experiments, gathering, analysis, training, passing on.

    Each respondent's answers are averaged after those worded negatively are turned round; nobody who left more than 2
    of 7 items out is counted, and nothing is filled in. Scales of different length are never mixed. It runs from 0 to
    100 of what the answers allow. It is what people say in a survey, wave by wave.
    """
    return respondents(answers, "learning_processes")

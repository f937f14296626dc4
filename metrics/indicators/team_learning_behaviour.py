"""Team learning behaviour (C8): whether teams learn together, as people say themselves."""

from __future__ import annotations

import polars as pl

from metrics.indicator import indicator
from metrics.respondents import respondents


@indicator(
    code="C8", title="Team learning behaviour", question="Do teams seek feedback and talk about errors?",
    unit="0 to 100",
    better="up", timing="leading", theme="climate",
    source="Edmondson 1999, ASQ 44:350",
    beware="Asked in the same survey as safety, the two agree more than they would otherwise.",
    kind="scale", least=8, reach=400, window=1, settles=14,
    paired=("psychological_safety", "same"),
)  # fmt: skip
def team_learning_behaviour(answers: pl.LazyFrame) -> pl.LazyFrame:
    """Mean score on the items of team learning behaviour: seeking feedback, discussing errors, reflecting.

    Each respondent's answers are averaged after those worded negatively are turned round; nobody who left more than 2
    of 7 items out is counted, and nothing is filled in. Scales of different length are never mixed. It runs from 0 to
    100 of what the answers allow. It is what people say in a survey, wave by wave.
    """
    return respondents(answers, "team_learning_behaviour")

"""Voice evenness (N6): whether many speak, or a few for all."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.voice import evenness
from metrics.weeks import Calendar


@indicator(
    code="N6", title="Evenness of voice", question="Do many speak, or a few for all?", unit="of 1", better="up",
    timing="leading", theme="connection", source="Woolley et al. 2010, Science 330:686; Riedl et al. 2021, PNAS",
    beware="Part-time, leave and shifts look like silence, and counts say nothing of what was said.",
    kind="level", least=10, reach=ALWAYS, window=1, counts="people in channels",
    paired=("psychological_safety", "same"),
)  # fmt: skip
def voice_evenness(messages: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """How evenly people take part in the public channels they are in, on average over people, in four weeks.

    1 if all members of a channel write alike, 0 if one writes everything (1 less Gini's coefficient, put right for
    size). Members are those who wrote in the 8 weeks up to a week, the silent of the last four included. Channels of
    fewer than 5 members or 30 messages are left out. A person's channels count alike.
    """
    return evenness(messages, calendar)

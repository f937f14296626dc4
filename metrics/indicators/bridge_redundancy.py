"""Bridge redundancy (N4): how many links between teams hang on one person."""

from __future__ import annotations

import polars as pl

from metrics.blocks import bridged
from metrics.indicator import indicator


@indicator(
    code="N4", title="Links resting on one person", question="Would links between teams survive one person's holiday?",
    unit="%", better="down", timing="leading", theme="connection",
    source="Burt 1992; Gould & Fernandez 1989; Tushman & Scanlan 1981",
    beware="New links begin with one person: a rise may be growth. Nobody's name belongs beside it.",
    kind="bridges", least=10, reach=56, window=1, optional=("ties_seen",), counts="linked pairs of teams",
    paired=("cross_team_density", "opposite"),
)  # fmt: skip
def bridge_redundancy(pairs: pl.LazyFrame, teams: pl.LazyFrame) -> pl.LazyFrame:
    """Share of the pairs of teams with any tie between them that hang on a single person of one side.

    Over the four weeks up to a week; two people are tied as for cross-team ties. A pair of teams counts for every unit
    that one of the two is in. It says how many links are thin, never who carries them.
    """
    return bridged(pairs, teams)

"""Modularity (N3): how far the teams of the chart are islands."""

from __future__ import annotations

import polars as pl

from metrics.blocks import throughout
from metrics.indicator import indicator


@indicator(
    code="N3", title="Islands (modularity)", question="Are our teams islands?", unit="of 1", better="down",
    timing="leading", theme="connection", source="Newman & Girvan 2004, Phys. Rev. E 69:026113",
    beware="It rises with the number of teams; compare a unit with itself, not with another.",
    kind="modularity", least=30, reach=56, window=1, optional=("ties_seen",), counts="ties",
    paired=("cross_team_density", "opposite"),
)  # fmt: skip
def modularity(pairs: pl.LazyFrame, teams: pl.LazyFrame) -> pl.LazyFrame:
    """How many more of the ties among a unit's teams stay within a team than if ties fell at random.

    The modularity Q of the teams as they were on the chart, over the ties of the four weeks up to a week: 0 if teams
    do not matter, near 1 if hardly a tie leaves a team. Each person keeps as many ties as they have. Unknown where
    fewer than five teams have ties.
    """
    return throughout(pairs, teams)

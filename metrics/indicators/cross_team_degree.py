"""Ties per person (beside N1): to how many people of other teams a person is tied, whatever the size of it all."""

from __future__ import annotations

import polars as pl

from metrics.blocks import degrees
from metrics.indicator import indicator


@indicator(
    code="N1", title="Cross-team ties per person", question="To how many people elsewhere is one of us tied?",
    unit="people", better="up", timing="leading", theme="connection",
    source="Wasserman & Faust 1994; Hansen 1999",
    beware="More is not better without end: every tie takes time to keep.",
    kind="level", least=10, reach=56, window=1, optional=("ties_seen",), beside="cross_team_density",
)  # fmt: skip
def cross_team_degree(pairs: pl.LazyFrame, teams: pl.LazyFrame) -> pl.LazyFrame:
    """To how many people of other teams a member of the unit is tied, on average, in the four weeks up to a week.

    Unlike the density it does not fall by itself when the organisation grows. Those without ties count as nought.
    """
    return degrees(pairs, teams)

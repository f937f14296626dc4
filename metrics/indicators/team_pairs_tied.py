"""Tied teams (beside N1): how many pairs of teams are held together by more than one or two people."""

from __future__ import annotations

import polars as pl

from metrics.blocks import firmly
from metrics.indicator import indicator
from metrics.weeks import Calendar


@indicator(
    code="N1", title="Pairs of teams with three ties", question="How many teams are firmly tied to one another?",
    unit="% of pairs", better="either", timing="leading", theme="connection",
    source="Wasserman & Faust 1994; Hansen 1999",
    beware="Not all teams have business with all others; no organisation comes near 100.",
    kind="paired", least=10, reach=56, window=1, optional=("ties_seen",), beside="cross_team_density",
    counts="pairs of teams",
)  # fmt: skip
def team_pairs_tied(pairs: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the pairs of teams with at least three ties between them, over the four weeks up to a week.

    Only teams of at least the smallest group shown count. A pair counts for every unit that one of the two is in.
    """
    return firmly(pairs, teams, calendar.k)

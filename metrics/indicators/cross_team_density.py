"""Cross-team density (N1): how many of the ties there could be between people of different teams there are."""

from __future__ import annotations

import polars as pl

from metrics.blocks import between
from metrics.indicator import indicator


@indicator(
    code="N1", title="Cross-team ties", question="Do people of different teams turn to one another?",
    unit="per 1,000 possible pairs", better="up", timing="leading", theme="connection",
    beware="It falls by itself as the organisation grows; ties per person, beside it, do not.",
    source="Wasserman & Faust 1994; Hansen 1999; Reagans & McEvily 2003",
    kind="ties", least=30, reach=56, optional=("ties_seen",), window=1,
    paired=("modularity", "opposite"),
)  # fmt: skip
def cross_team_density(pairs: pl.LazyFrame, teams: pl.LazyFrame) -> pl.LazyFrame:
    """Ties between people of different teams, per 1,000 such pairs there could be, in the four weeks up to a week.

    Two people are tied if each turned to the other, by reply or mention, on at least two days, in public channels
    where at most 30 people wrote in those weeks. Replies to what is older than 28 days are not counted. A unit's
    density is that of all pairs with at least one end in it; it falls as the organisation grows. Weeks whose four are
    not all known are left out. What is said in private or at the table is not seen.
    """
    return between(pairs, teams)

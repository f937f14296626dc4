"""E-I index (N2): whether ties go outward or stay within teams."""

from __future__ import annotations

import polars as pl

from metrics.blocks import throughout
from metrics.indicator import indicator


@indicator(
    code="N2", title="Outward ties (E-I index)", question="Do ties go outward, or stay within the team?",
    unit="from -1 to 1", better="either", timing="leading", theme="connection",
    source="Krackhardt & Stern 1988, SPQ 51:123",
    beware="Small teams lie near 1 by arithmetic alone; what size does not explain stands beside it.",
    kind="ei", least=30, reach=56, window=1, optional=("ties_seen",), counts="ties",
)  # fmt: skip
def ei_index(pairs: pl.LazyFrame, teams: pl.LazyFrame) -> pl.LazyFrame:
    """Ties to other teams less ties within the team, over all ties, in the four weeks up to a week.

    1 if all ties go outward, -1 if none does. Two people are tied as for cross-team ties. Its interval takes ties as
    independent, which they are not quite.
    """
    return throughout(pairs, teams)

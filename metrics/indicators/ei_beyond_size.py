"""E-I index beyond size (beside N2): how far ties go outward compared with everybody turning to everybody alike."""

from __future__ import annotations

import polars as pl

from metrics.blocks import throughout
from metrics.indicator import indicator


@indicator(
    code="N2", title="Outward ties beyond what size explains", question="Do people keep to their own team?",
    unit="from -2 to 2", better="either", timing="leading", theme="connection",
    source="Krackhardt & Stern 1988, SPQ 51:123",
    beware="People of one team have more to say to one another: below 0 is the rule, a fall is the sign.",
    kind="ei_beyond", least=30, reach=56, window=1, optional=("ties_seen",), beside="ei_index", counts="ties",
)  # fmt: skip
def ei_beyond_size(pairs: pl.LazyFrame, teams: pl.LazyFrame) -> pl.LazyFrame:
    """The E-I index less what it would be if everybody were tied to everybody alike.

    0 means that teams do not matter for who turns to whom; the lower, the more people keep to their own team.
    """
    return throughout(pairs, teams)

"""Burt's constraint (beside N4): how far a person's ties lead back to the same few people."""

from __future__ import annotations

import polars as pl

from metrics.constraint import constraints
from metrics.indicator import indicator


@indicator(
    code="N4", title="Closed circles (Burt's constraint)", question="Do our ties lead to new people?",
    unit="of 1", better="either", timing="leading", theme="connection", source="Burt 1992, Structural Holes, ch. 2",
    beware="Close circles build trust as well; it is context, not a grade.",
    kind="level", least=10, reach=56, window=1, optional=("ties_seen",), beside="bridge_redundancy",
)  # fmt: skip
def mean_constraint(pairs: pl.LazyFrame, teams: pl.LazyFrame) -> pl.LazyFrame:
    """Burt's constraint of the people of a unit who have ties, on average, over the four weeks up to a week.

    Low if a person's ties lead to people who are not tied to one another, high if they lead back to the same circle.
    All ties weigh the same. A person with one tie has 1.
    """
    return constraints(pairs, teams)

"""Reuse breadth (K3): how much of what is written down is alive."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.reuse import tallied
from metrics.weeks import Calendar


@indicator(
    code="K3", title="Knowledge in use", question="How much of what is written down is used?", unit="%",
    better="up", timing="leading", source="KCS v6, Knowledge Domain Analysis guide", theme="knowledge",
    beware="A long tail of articles that are rarely used is normal; deleting it raises this and teaches nobody.",
    kind="breadth", least=50, reach=ALWAYS, window=1, looks=13, settles=7,
)  # fmt: skip
def reuse_breadth(articles: pl.LazyFrame, article_uses: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the live articles that somebody other than their author used in the 13 weeks up to a week.

    Live is what is written and not retired. Articles count for the team of their author. Use that is neither linked
    nor logged is not seen, so it says at least how much is alive.
    """
    return tallied(articles, article_uses, calendar)

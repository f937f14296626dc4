"""Reuse concentration (beside K3): whether reuse rests on a few articles."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.reuse import tallied
from metrics.weeks import Calendar


@indicator(
    code="K3", title="Reuse on few articles", question="Does reuse rest on a few articles?", unit="of 1",
    better="either", timing="leading", source="Gini 1912; KCS v6, Knowledge Domain Analysis guide", theme="knowledge",
    beware="A few much-used articles are what a good base looks like; only a change is worth a question.",
    kind="gini", least=50, reach=ALWAYS, window=1, settles=7, beside="reuse_breadth",
)  # fmt: skip
def reuse_concentration(articles: pl.LazyFrame, article_uses: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Gini's coefficient of how often each live article was reused in the 13 weeks up to a week, the unused included.

    0 if all were used alike, near 1 if one article had all of it.
    """
    return tallied(articles, article_uses, calendar)

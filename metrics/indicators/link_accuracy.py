"""Link accuracy (K6): whether the article linked to a piece of work was the right one."""

from __future__ import annotations

import polars as pl

from metrics.indicator import indicator
from metrics.weeks import Calendar


@indicator(
    code="K6", title="Right links", question="Are the articles we link the right ones?", unit="%",
    better="up", timing="leading", source="KCS v6 Practices Guide, link accuracy", theme="knowledge",
    beware="Whoever audits their own links finds them right; let a second person look at one in five, unseen.",
    kind="share", least=20, reach=0, window=13, settles=14, counts="links looked at",
    paired=("knowledge_reuse", "same"),
)  # fmt: skip
def link_accuracy(article_uses: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the links looked at in an audit whose article fitted the work, over a quarter.

    An audit of 30 links a unit and quarter is enough. Links nobody looked at are in neither part.
    """
    audited = article_uses.filter(pl.col("fits").is_not_null())
    return audited.select(
        unit=pl.lit(None, pl.String), week=calendar.week(pl.col("used")), person="person", part="fits", whole=pl.lit(1)
    )

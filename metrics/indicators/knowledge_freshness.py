"""Knowledge freshness (K5): whether what is reused has been looked at lately."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.reuse import uses_by_others
from metrics.told import telling
from metrics.weeks import Calendar

DAYS = 180


@indicator(
    code="K5", title="Fresh knowledge", question="Is what people rely on still looked after?", unit="%",
    better="up", timing="leading", source="KCS v6, reuse is review; Argote 2013", theme="knowledge",
    beware="Touching an article without reading it makes it look fresh.",
    kind="share", least=30, reach=ALWAYS, window=4,
    paired=("knowledge_reuse", "same"),
)  # fmt: skip
def knowledge_freshness(articles: pl.LazyFrame, article_uses: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """Share of the uses of articles, by others than their author, whose article was written or reviewed 180 days before
    or later.

    Only the last review of an article is known: where it came after the use, the day it was written counts. Articles
    of a source that tells of no reviews are left out. Much-used articles count as often as they are used.
    """
    known = telling(articles, pl.col("reviewed").is_not_null())
    reviewed = pl.when(pl.col("reviewed") <= pl.col("used")).then("reviewed")
    looked = pl.coalesce(reviewed, "created")
    fresh = (pl.col("used") - looked) <= pl.duration(days=DAYS)
    uses = uses_by_others(known, article_uses).filter(pl.col("created") <= pl.col("used"))
    return uses.select(
        unit=pl.col("written_in"), week=calendar.week(pl.col("used")), person="person", part=fresh, whole=pl.lit(1)
    )

"""Cross-team reuse (K8): whether what one team wrote serves another."""

from __future__ import annotations

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.reuse import uses_by_others
from metrics.weeks import Calendar


@indicator(
    code="K8", title="Reuse across teams", question="Does what one team learns serve another?", unit="%",
    better="up", timing="leading", source="Argote & Ingram 2000; Tsai 2001", theme="knowledge",
    beware="A central team that writes for everybody raises it by itself; look at units without it.",
    kind="share", least=30, reach=ALWAYS, window=4, counts="uses",
    paired=("cross_team_density", "same"),
)  # fmt: skip
def cross_team_reuse(
    articles: pl.LazyFrame, article_uses: pl.LazyFrame, teams: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """Share of the uses of articles, by others than their author, by somebody of another team than the author's.

    Both are in the team of record of the week of the use; an author who has left counts in the unit the article was
    written in. Uses of which either team is unknown are left out. They count for the user's team.
    """
    used = uses_by_others(articles, article_uses).with_columns(week=calendar.week(pl.col("used")))
    used = used.select("week", "person", "author", "written_in").collect().lazy()
    mine = teams.select("week", "person", mine="unit")
    theirs = teams.select("week", author="person", theirs="unit")
    both = used.join(mine, on=["week", "person"], how="left").join(theirs, on=["week", "author"], how="left")
    author = pl.coalesce("theirs", "written_in")
    known = both.filter(pl.col("mine").is_not_null(), author.is_not_null())
    return known.select("week", "person", unit="mine", part=pl.col("mine") != author, whole=pl.lit(1))

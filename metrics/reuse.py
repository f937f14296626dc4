"""What the indicators of knowledge mean by reuse: somebody else's article, used within the weeks looked back over."""

from __future__ import annotations

import polars as pl

from metrics.weeks import Calendar

WEEKS = 13


def uses_by_others(articles: pl.LazyFrame, article_uses: pl.LazyFrame) -> pl.LazyFrame:
    """Uses with what is known of the article; those by its own author are no reuse."""
    written = articles.select("article", "author", "created", "reviewed", written_in="unit")
    own = (pl.col("person") == pl.col("author")).fill_null(False)
    return article_uses.join(written, on="article", how="inner").filter(~own)


def tallied(articles: pl.LazyFrame, article_uses: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """How often each live article was reused in the 13 weeks up to each week: `week, unit, person, bucket, holders`.

    Live: written by then and not retired. Weeks before 13 weeks of uses are known are left out.
    """
    used = uses_by_others(articles, article_uses).select("article", week=calendar.week(pl.col("used")))
    used = used.collect().lazy()
    first = used.select(pl.col("week").min() + pl.duration(weeks=WEEKS - 1)).collect().item()
    weekly = used.group_by("article", "week").len()
    spread = weekly.with_columns(week=pl.date_ranges("week", pl.col("week") + pl.duration(weeks=WEEKS - 1), "1w"))
    counts = spread.explode("week").group_by("article", "week").agg(bucket=pl.col("len").sum())
    begun = pl.max_horizontal(calendar.week(pl.col("created")), pl.lit(first, pl.Date))
    ended = pl.min_horizontal(calendar.week(pl.col("retired")) - pl.duration(weeks=1), pl.lit(calendar.this))
    live = articles.select("article", "unit", person="author", week=pl.date_ranges(begun, ended, "1w"))
    grid = live.filter(pl.col("week").list.len() > 0).explode("week")
    joined = grid.join(counts, on=["article", "week"], how="left")
    return joined.select(
        "unit", "week", "person", bucket=pl.col("bucket").fill_null(0).cast(pl.Int64), holders=pl.lit(1, pl.Int64)
    )

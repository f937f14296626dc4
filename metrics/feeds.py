"""How fresh each source's tables are: the newest week, the rows, and in words what is missing."""

from __future__ import annotations

from datetime import date

import polars as pl

STREAM = ["source", "table"]
NOUNS = {"learning": "learning records", "ties_seen": "mentions and reactions"}
SHAPE = {
    "source": pl.String, "table": pl.String, "newest": pl.Date, "rows": pl.Int64, "state": pl.String, "words": pl.String
}  # fmt: skip


def feeds(rows: pl.DataFrame, held: pl.DataFrame, last: date) -> pl.DataFrame:
    """One row per source and table: `fresh`, or `stale` when its weeks up to the last whole one are held.

    `rows`: source, table, week, rows; `held`: what `metrics.gaps.gaps` gives; `last`: Monday of the last whole week.
    """
    known = rows.group_by(STREAM).agg(newest=pl.col("week").max(), rows=pl.col("rows").sum())
    since = {(source, table): week for source, table, week in silent(held, last).iter_rows()}
    said = [
        ("fresh", "") if (row["source"], row["table"]) not in since
        else ("stale", words(row["source"], row["table"], since[row["source"], row["table"]]))
        for row in known.iter_rows(named=True)
    ]  # fmt: skip
    state = pl.DataFrame(said, schema={"state": pl.String, "words": pl.String}, orient="row")
    return known.hstack(state).select(pl.col(name).cast(kind) for name, kind in SHAPE.items()).sort(STREAM)


def silent(held: pl.DataFrame, last: date) -> pl.DataFrame:
    """Since when a stream has been held without a break up to the last whole week: `source, table, week`."""
    back = held.sort("week", descending=True).with_columns(
        place=pl.int_range(pl.len()).over(STREAM), ago=(pl.lit(last) - pl.col("week")).dt.total_days() // 7
    )
    return back.filter(pl.col("place") == pl.col("ago")).group_by(STREAM).agg(pl.col("week").min())


def words(source: str, table: str, since: date) -> str:
    return f"Hardly any {noun(table)} from {source} since {since.day} {since:%B %Y}; numbers that need them are held."


def noun(table: str) -> str:
    return NOUNS.get(table, table.replace("_", " "))

"""How much of what was done is done by people we know: what has no known author counts for no team."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from connectors.tables import MOMENT, TABLES
from metrics.feeds import noun
from metrics.weeks import Calendar

WEEKS = 12
ENOUGH = 20  # rows, under which a share says nothing
MINIMUM = 60.0
PLACES = ("unit", "ticket")
SHAPE = {"source": pl.String, "table": pl.String, "known": pl.Int64, "placed": pl.Int64, "whole": pl.Int64}


def coverage(facts: Mapping[str, pl.LazyFrame], actors: Mapping[str, str], calendar: Calendar) -> pl.DataFrame:
    """Of the last 12 whole weeks, per source and table: `known`, rows whose author HR knows; `placed`, rows that count
    for a team, because of their author or because they name one; `whole`, all rows.

    `actors` names each table's column of authors, with accounts turned into people and machines left out. A row that
    names no author, but a ticket or a unit that it is for, is left out. Where HR tells of nobody there is no coverage.
    """
    people = facts["people"].select("person").unique().collect().lazy()
    if people.limit(1).collect().is_empty():
        return pl.DataFrame(schema=SHAPE)
    frames = [counted(facts[name], name, actor, people, calendar) for name, actor in actors.items() if name in facts]
    return pl.concat([pl.DataFrame(schema=SHAPE), *pl.collect_all(frames)]).sort("source", "table")


def counted(facts: pl.LazyFrame, table: str, actor: str, people: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    dated, here = TABLES[table].dated, TABLES[table].dtypes
    day = calendar.day(pl.col(dated)) if here[dated] == MOMENT else pl.col(dated)
    recent = facts.filter(day >= begins(calendar), day < calendar.this)
    places = [pl.col(name).is_not_null() for name in PLACES if name in here]
    telling = recent.filter(pl.col(actor).is_not_null() | ~pl.any_horizontal(pl.lit(value=False), *places))
    whose = people.select(pl.col("person").alias(actor), known=pl.lit(value=True))
    rows = telling.join(whose, on=actor, how="left").with_columns(pl.col("known").fill_null(value=False))
    placed = pl.col("known") | pl.col("unit").is_not_null() if "unit" in here else pl.col("known")
    sums = {"known": pl.col("known").sum(), "placed": placed.sum(), "whole": pl.len()}
    counts = rows.group_by("source").agg(expr.cast(pl.Int64).alias(name) for name, expr in sums.items())
    return counts.with_columns(table=pl.lit(table)).select(list(SHAPE))


def begins(calendar: Calendar) -> date:
    return calendar.this - timedelta(weeks=WEEKS)


def too_little(found: pl.DataFrame, minimum: float) -> set[str]:
    """The tables of which, over all sources together, too small a share counts for a team."""
    pooled = found.group_by("table").agg(pl.col("placed").sum(), pl.col("whole").sum())
    low = pooled.filter(pl.col("whole") >= ENOUGH, 100 * pl.col("placed") < minimum * pl.col("whole"))
    return set(low["table"])


def weeks_held(calendar: Calendar) -> pl.DataFrame:
    """The weeks that coverage speaks of: one column `week`."""
    weeks = [begins(calendar) + timedelta(weeks=week) for week in range(WEEKS)]
    return pl.DataFrame({"week": weeks}, schema={"week": pl.Date})


def told(feeds: pl.DataFrame, found: pl.DataFrame, minimum: float) -> pl.DataFrame:
    """The feeds, those without enough known authors in a sentence of their own, as long as nothing worse is said."""
    low = found.filter(
        pl.col("table").is_in(too_little(found, minimum)), 100 * pl.col("placed") < minimum * pl.col("whole")
    )
    said = [
        (source, table, sentence(source, table, 100 * known // whole))
        for source, table, known, whole in low.select("source", "table", "known", "whole").iter_rows()
    ]
    words = pl.DataFrame(said, schema={"source": pl.String, "table": pl.String, "said": pl.String}, orient="row")
    both = feeds.join(words, on=["source", "table"], how="left", maintain_order="left")
    thin = pl.col("said").is_not_null() & (pl.col("state") == "fresh")
    return both.with_columns(
        state=pl.when(thin).then(pl.lit("unknown")).otherwise("state"),
        words=pl.when(thin).then("said").otherwise("words"),
    ).drop("said")


def sentence(source: str, table: str, share: int) -> str:
    return (
        f"Of the {noun(table)} from {source} in the last {WEEKS} weeks only {share} % have an author whom HR knows; "
        "numbers that need them are held."
    )

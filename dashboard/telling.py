"""What is told: the report of the edition, and the order of things: send first, remember after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import polars as pl

from connectors.store.memory import Memory
from dashboard.export import Export
from dashboard.exports.report import COLUMNS, FULL, GROUPS, Report, line
from metrics.indicator import indicators

WEEKS_DRAWN = 53
FINE = ("", "ok", "done", "fresh", "fine")


def deliver(way: Export, made: Report, remember: Callable[[pl.DataFrame], None]) -> str:
    """Send first, remember after; a report without news is not sent."""
    if made.empty:
        return "nothing new to tell"
    words = way.send(made)
    remember(made.flips)
    return words


def report(memory: Memory, changed: pl.DataFrame, link: str = "") -> Report | None:
    """What to tell of these flips (indicator, unit, verdict, side, since, sentence, kind); None before any edition."""
    header = memory.edition()
    if header is None:
        return None
    units, verdicts = memory.units(), memory.verdicts()
    figures = verdicts.select("indicator", "unit", "week", "before", "now", "n", "strength")
    news = named(changed.join(figures, on=["indicator", "unit"], how="left"), units)
    alarms = verdicts.filter(pl.col("verdict") == "alarm", pl.col("folded").is_null())
    still = named(alarms.with_columns(kind=pl.lit("new")), units)
    since = header.as_of - timedelta(weeks=WEEKS_DRAWN)
    cells = memory.cells(units={*news["unit"], *still["unit"]}, since=since)
    news, still = visible(news, cells), visible(still, cells)
    return Report(
        organisation=header.organisation,
        as_of=header.as_of,
        flips=news,
        open=still,
        cells=cells.join(news.head(FULL), on=["indicator", "unit"], how="semi"),
        link=link,
        failing=failing(memory.feeds()),
        notes=header.notes if header.archive else "",
    )


def visible(rows: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Without what stands on a hidden cell: its number is nobody's to tell."""
    return rows.join(cells.filter(pl.col("state") == "hidden"), on=["indicator", "unit", "week"], how="anti")


def named(rows: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """With titles and names; trouble first, then the highest unit, the strongest sign. Unpublished units drop out."""
    facts = [(one.name, one.title, one.unit) for one in indicators().values()]
    titles = pl.DataFrame(facts, dict.fromkeys(["indicator", "title", "measure"], pl.String), orient="row")
    good = (pl.col("side") == "better") & (pl.col("kind") != "over")
    order = pl.col("group").replace_strict({group: n for n, group in enumerate(GROUPS)}, default=len(GROUPS))
    return (
        rows.join(units.select("unit", "name", "depth"), on="unit", how="inner")
        .join(titles, on="indicator", how="inner")
        .with_columns(group=pl.when(good).then(pl.lit("good")).otherwise("kind"))
        .sort(order, "depth", -pl.col("strength").abs(), "title", "name", nulls_last=True)
        .select(*COLUMNS, "verdict", "side")
    )


def failing(feeds: pl.DataFrame) -> list[str]:
    """One sentence for each source that does not deliver."""
    bad = feeds.filter(~pl.col("state").is_in(FINE)).select("source", "words").unique(maintain_order=True)
    return [line(words or f"Data from {source} is missing.") for source, words in bad.iter_rows()]

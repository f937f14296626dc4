"""What is told: the report of the edition, made for one recipient from what they may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from connectors.store.memory import Header, Memory
from dashboard import figures
from dashboard.exports.report import COLUMNS, FULL, GROUPS, Report, in_words, line
from dashboard.planned import Planned
from metrics.indicator import indicators

WEEKS_DRAWN = 53
FINE = ("", "ok", "done", "fresh", "fine")
OLD = timedelta(days=2)
NIGHTLY = Planned(to=["every way out"], content=["alerts"])


@dataclass(frozen=True)
class Asked:
    """For whom and of what a report is made. `sees`: the units they may see, each with all below it, None for all;
    `today`: the day on which it is made."""

    name: str = ""
    plan: Planned = NIGHTLY
    sees: Collection[str] | None = None
    link: str = ""
    today: date | None = None


def report(memory: Memory, changed: pl.DataFrame, asked: Asked) -> Report | None:
    """What to tell one recipient of the edition on show; None before any edition.

    `changed`: what is news to them (indicator, unit, verdict, side, since, sentence, kind).
    """
    header = memory.edition()
    if header is None:
        return None
    units = seen(memory.units(), asked.sees)
    places = seen(units, asked.plan.units) if asked.plan.units else units
    standing = within(memory.verdicts(), places, asked.plan.themes)
    changed = changed if "alerts" in asked.plan.content else changed.clear()
    tops = places.filter(~pl.col("parent").is_in(places["unit"].implode()).fill_null(False))
    wanted = places.filter(pl.col("unit").is_in(asked.plan.units)) if asked.plan.units else tops
    made = told(memory, header, units, standing, changed, asked)
    content = asked.plan.content
    if "indicators" in content:
        made = made.with_figures(figures.figures(memory, wanted, asked.plan.themes))
    if "scores" in content:
        made = made.with_scores(figures.scores(memory, wanted, header.as_of, asked.plan.themes))
    return made


def told(
    memory: Memory,
    header: Header,
    units: pl.DataFrame,
    standing: pl.DataFrame,
    changed: pl.DataFrame,
    asked: Asked,
) -> Report:
    """The report without its figures: what changed, what is open, and what is amiss with the data."""
    facts = standing.select("indicator", "unit", "week", "before", "now", "n", "strength")
    news = named(changed.join(facts, on=["indicator", "unit"], how="inner"), units)
    alarms = standing.filter(pl.col("verdict") == "alarm", pl.col("folded").is_null())
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
        link=asked.link,
        failing=[*aged(header, asked.today), *failing(memory.feeds())],
        notes=header.notes if header.archive else "",
        name=asked.name,
        title=asked.plan.title,
        content=tuple(asked.plan.content),
    )


def seen(units: pl.DataFrame, tops: Collection[str] | None) -> pl.DataFrame:
    """These units and all below them, in the order of the tree; all where nothing narrows it. Unknown ones are none."""
    if tops is None:
        return units
    found = set(tops)
    for unit, parent in units.sort("depth").select("unit", "parent").iter_rows():
        if parent in found:
            found.add(unit)
    return units.filter(pl.col("unit").is_in(list(found)))


def within(verdicts: pl.DataFrame, units: pl.DataFrame, themes: Collection[str] = ()) -> pl.DataFrame:
    """The verdicts on these units and themes; what an alarm outside of them explains stands for itself here."""
    known = units["unit"].implode()
    rows = verdicts.filter(pl.col("unit").is_in(known))
    if themes:
        wanted = [name for name, one in indicators().items() if one.theme in themes]
        rows = rows.filter(pl.col("indicator").is_in(wanted))
    return rows.with_columns(folded=pl.when(pl.col("folded").is_in(known)).then("folded"))


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


def aged(header: Header, today: date | None) -> list[str]:
    """That nothing was counted for days, which no source can say of itself."""
    if today is None or header.archive or today - header.as_of <= OLD:
        return []
    return [f"The newest numbers are as of {in_words(header.as_of)}; nothing has been counted since."]

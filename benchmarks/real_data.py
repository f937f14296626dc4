"""What the indicators say on real, public data: docs/real-data.md.

python -m benchmarks.real_data FOLDER [--write]     FOLDER holds the data sets (../shared/data); --write writes the page
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.real_sets import SETS, DataSet
from connectors.store.lake import Lake
from connectors.store.memory import Edition
from connectors.tables import TABLES
from dashboard import jobs
from dashboard.counting import Counted, count
from dashboard.workers import workers
from metrics.evidence import added, read, roll_up
from metrics.indicator import Indicator, indicators
from metrics.sentence import amount, day, number, span
from metrics.tree import closure

PAGE = Path(__file__).parent.parent / "docs" / "real-data.md"
ALL_TIME = ("share", "mean", "waiting", "median", "p85", "rate", "ratio", "covered", "gain", "competing", "uplift")
EVER = date(1970, 1, 5)
HEAD = """# On real data

What the indicators say of public data that others recorded, each figure for the whole organisation, with its 95 %
interval as on the screen. The data are no part of this project; where they come from stands below. This page is written
by `python -m benchmarks.real_data FOLDER --write`, where FOLDER holds the data sets; a test makes it anew and compares.

Kinds whose evidence adds over time are read over all weeks; of the others the middle week is told, of surveys
the first and the last wave of each series.
"""
TABLE = "| indicator | figure | 95 % interval | n | over | what it means |\n|---|---|---|---|---|---|\n"


def found(one: Indicator, counted: Counted) -> Iterator[dict[str, Any]]:
    """The figure of the whole organisation over all weeks, or of the middle week."""
    evidence = counted.evidence[one.name]
    if evidence.is_empty():
        return
    root = counted.tree.filter(pl.col("parent").is_null())["unit"][0]
    rolled = roll_up(evidence, closure(counted.tree)).filter(pl.col("unit") == root)
    settled = rolled.filter(pl.col("week") < counted.calendar.this)
    weeks = settled["week"].n_unique()
    if one.kind in ALL_TIME:
        settled = added(settled.with_columns(week=pl.lit(EVER)))
    values = read(settled, one).drop_nulls("value").sort("value", "week")
    if values.height:
        yield values.row(values.height // 2, named=True) | {"over": f"{weeks} week{'s' if weeks > 1 else ''}"}


def waves(one: Indicator, edition: Edition) -> Iterator[dict[str, Any]]:
    """The first and the last wave of each series of a survey scale, as they are published for the whole."""
    root = edition.units.filter(pl.col("parent").is_null())["unit"][0]
    cells = edition.cells.filter(indicator=one.name, unit=root, state="shown").drop_nulls("value")
    series = edition.surveys.select("indicator", "unit", "week", "series")
    told = cells.join(series, on=["indicator", "unit", "week"]).sort("week")
    for row in told.iter_rows(named=True):
        mine = told.filter(series=row["series"])["week"]
        if row["week"] in (mine[0], mine[-1]):
            yield row | {"over": f"series {row['series']}, week of {day(row['week'])}"}


def line(one: Indicator, row: dict[str, Any], means: str) -> str:
    likely = span(row["low"], row["high"], one.unit) if row["low"] is not None else "none for this kind"
    figure, words = amount(row["value"], one.unit), means.format(value=number(row["value"]))
    return f"| {one.title} ({one.code}) | {figure} | {likely} | {row['n']:,} | {row['over']} | {words} |\n"


def silent(one: Indicator, lake: Lake, about: DataSet) -> str:
    """Why an indicator says nothing of a data set."""
    tables = {name: lake.scan(name) for name in lake.tables() if name in TABLES}
    lacking = one.missing(tables)
    if lacking or not any(name in tables for name in one.tables):
        *more, last = (name.replace("_", " ") for name in lacking or one.tables)
        return f"no {', '.join(more)} or {last}" if more else f"no {last}"
    if one.kind == "scale":
        return "its survey asks none of their items"
    return about.because.get(one.beside) or about.because.get(one.name, "nothing in it counts")


def without(silenced: list[tuple[str, Indicator]]) -> str:
    """What a data set cannot feed, by what it lacks; those that stand beside another such are not named."""
    silent = {one.name for _, one in silenced}
    named = sorted((why, one.code, one.title) for why, one in silenced if one.beside not in silent)
    told = [(why, "; ".join(f"{title} ({code})" for _, code, title in each))
            for why, each in groupby(named, key=lambda row: row[0])]  # fmt: skip
    head = "What it cannot feed, by the reason (and with each what stands beside it):"
    return f"{head}\n\n" + "".join(f"- {why}: {titles}\n" for why, titles in told)


def section(about: DataSet, data: Path, whole: bool = True) -> str:
    """One data set as a section of the page; `whole`: with what it cannot feed."""
    with tempfile.TemporaryDirectory() as folder:
        settings = about.fill(data, Path(folder))
        lake, memory = jobs.stores(settings)
        with workers() as pool:
            counted = count(lake, memory, settings, settings.organisation.today, jobs.silent, pool)
        scales = any(not counted.evidence[one.name].is_empty() for one in indicators().values() if one.kind == "scale")
        edition = jobs.edition(counted, memory, jobs.silent) if scales else None
        lines, silenced = "", []
        for one in indicators().values():
            rows = list(waves(one, edition) if edition and one.kind == "scale" else found(one, counted))
            lines += "".join(line(one, row, about.means.get(one.name, one.question)) for row in rows)
            if not rows:
                silenced.append((silent(one, lake, about), one))
    text = f"\n## {about.name}\n\n{about.words}\n\n{TABLE}{lines}"
    return f"{text}\n{without(silenced)}" if whole else text


def page(data: Path) -> str:
    """docs/real-data.md. What the survey cannot feed is the same whichever way it is read, and stands once."""
    surveys = [one.name for one in SETS if one.name.startswith("People survey")]
    return HEAD + "".join(section(one, data, one.name not in surveys[:-1]) for one in SETS)


def main(*arguments: str) -> None:
    data = Path(next((one for one in arguments if not one.startswith("--")), "../shared/data"))
    if not data.is_dir():
        raise SystemExit(
            f"{data} is no folder; name the one with the data sets, see docs/real-data.md for where they are"
        )
    text = page(data)
    print(text)
    if "--write" in arguments:
        PAGE.write_text(text)


if __name__ == "__main__":
    main(*sys.argv[1:])

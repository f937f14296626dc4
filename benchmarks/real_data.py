"""What the indicators say on real, public data: docs/real-data.md.

python -m benchmarks.real_data FOLDER [--write]     FOLDER holds the data sets (../shared/data); --write writes the page
"""

from __future__ import annotations

import gzip
import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx2
import polars as pl

from connectors.people import Pseudonyms
from connectors.sources.xapi import xapi
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync
from dashboard import jobs
from dashboard.counting import Counted, count
from dashboard.settings import Settings, load_settings
from dashboard.workers import workers
from metrics.evidence import added, read, roll_up
from metrics.indicator import Indicator, indicators
from metrics.sentence import amount, span
from metrics.tree import closure

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "real-data.md"
WHOLE = ("share", "mean", "waiting", "rate", "competing", "uplift")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
HEAD = """# On real data

What the indicators say of public data that others recorded, each value for the whole organisation. The data are no part
of this project; where they come from stands below. Written by `python -m benchmarks.real_data FOLDER --write`.

Kinds whose evidence adds over time are read over all of it; the others give the middle of their weeks or waves.
"""


@dataclass(frozen=True)
class DataSet:
    """A public data set: what it is, and how to make a project's folder of it."""

    name: str
    words: str
    fill: Callable[[Path, Path], Settings]


def by_settings(name: str, *files: str) -> Callable[[Path, Path], Settings]:
    """A data set that settings alone can read: those of the tests with real data."""

    def fill(data: Path, folder: Path) -> Settings:
        for file in files:
            shutil.copy(data / file, folder)
        shutil.copy(HERE.parent / "tests" / "real" / f"{name}.toml", folder / "settings.toml")
        (folder / ".key").write_text("0" * 64)
        settings = load_settings(folder / "settings.toml")
        lake, memory = Lake(settings.store.lake), Memory.open(settings.store.memory)
        for source in settings.sources:
            sync(settings.source(source), lake, memory, Pseudonyms(bytes(32)), NOW)
        return settings

    return fill


def statements(data: Path, folder: Path) -> Settings:
    """The learning records, as a store gives them page by page."""
    with gzip.open(data / "learning_xapi" / "fun_mooc_statements.ndjson.gz") as lines:
        found = [json.loads(line) for line in lines]

    def answer(request: httpx2.Request) -> httpx2.Response:
        start = int(request.url.params.get("from", "0"))
        more = f"/xAPI/statements?from={start + 500}" if start + 500 < len(found) else ""
        return httpx2.Response(200, json={"statements": found[start : start + 500], "more": more})

    (folder / "settings.toml").write_text(
        '[organisation]\nname = "A platform for courses"\n[store]\nlake = "lake"\nmemory = "memory.db"\n'
    )
    settings = load_settings(folder / "settings.toml")
    source = {"url": "https://lrs.example.org/xAPI", "user": "u", "password": "p"}
    transport: dict[str, Any] = {"transport": httpx2.MockTransport(answer)}
    lake, memory = Lake(settings.store.lake), Memory.open(settings.store.memory)
    sync(xapi("fun", source | transport), lake, memory, Pseudonyms(bytes(32)), NOW)
    return settings


SETS = (
    DataSet(
        "Service desk",
        "24,918 incidents of a ServiceNow desk, 2016 (UCI Machine Learning Repository, data set 498, CC BY 4.0).",
        by_settings("servicenow", "servicenow_uci/incident_event_log.csv.zip"),
    ),
    DataSet(
        "Software company",
        "The public handbook of Sourcegraph: who reported to whom, and 22,168 edits (Apache-2.0).",
        by_settings(
            "handbook",
            *(f"sourcegraph_company/{name}.parquet" for name in ("hr_team_history", "kb_page_edits")),
        ),
    ),
    DataSet(
        "Course platform",
        "22,000 xAPI statements of 1,452 learners of a video platform (openfun/ralph, MIT).",
        statements,
    ),
)


def whole(one: Indicator, counted: Counted) -> dict[str, Any] | None:
    """The value for the whole organisation over all weeks, or the middle of the weeks; None without evidence."""
    evidence = counted.evidence[one.name]
    if evidence.is_empty():
        return None
    root = counted.tree.filter(pl.col("parent").is_null())["unit"].first()
    rolled = roll_up(evidence, closure(counted.tree)).filter(pl.col("unit") == root)
    settled = rolled.filter(pl.col("week") < counted.calendar.this)
    weeks = settled["week"].n_unique()
    if one.kind in WHOLE:
        settled = added(settled.with_columns(week=pl.lit(date(1970, 1, 5))))
    values = read(settled, one).drop_nulls("value").sort("value")
    if values.is_empty():
        return None
    return values.row(values.height // 2, named=True) | {"weeks": weeks}


def table(found: DataSet, data: Path) -> tuple[str, list[str]]:
    """One data set as rows of a page, and the indicators that it cannot feed."""
    with tempfile.TemporaryDirectory() as folder:
        settings = found.fill(data, Path(folder))
        lake, memory = jobs.stores(settings)
        with workers() as pool:
            counted = count(lake, memory, settings, None, jobs.silent, pool)
        rows, without = [], []
        for one in indicators().values():
            row = whole(one, counted)
            if row is None:
                without.append(one.title)
                continue
            likely = span(row["low"], row["high"], one.unit) if row["low"] is not None else "–"
            value = amount(row["value"], one.unit)
            rows.append(
                f"| {one.title} ({one.code}) | {value} | {likely} | {row['n']:,} | {row['weeks']} | {one.question} |"
            )
    head = "| indicator | value | 95 % interval | n | weeks | it answers |\n|---|---|---|---|---|---|\n"
    return f"\n## {found.name}\n\n{found.words}\n\n{head}" + "\n".join(rows) + "\n", without


def main(*arguments: str) -> None:
    data = Path(next((one for one in arguments if not one.startswith("--")), "../shared/data"))
    if not data.is_dir():
        raise SystemExit(
            f"{data} is no folder; name the one with the data sets, see docs/real-data.md for where they are"
        )
    parts = [HEAD]
    for found in SETS:
        text, _ = table(found, data)
        parts.append(text)
    print("".join(parts))
    if "--write" in arguments:
        PAGE.write_text("".join(parts))


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Sync, refresh, tell: the three things that happen on a schedule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import polars as pl

from connectors.errors import SourceError
from connectors.people import Pseudonyms
from connectors.store.lake import Lake
from connectors.store.memory import Edition, Memory
from connectors.sync import sync as carry
from dashboard.counting import Counted, count
from dashboard.export import ExportError, make
from dashboard.settings import Settings
from dashboard.telling import deliver, report
from metrics.alerts import flips
from metrics.indicator import indicators
from metrics.publishing import Setting, published

Tick = Callable[..., None]
ARCHIVE = "These data end long before today. They are judged as of the last week that was still well filled."
FAILED = ("refused", "busy", "changed", "interrupted")


def silent(*_: Any) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Told:
    """How one way out fared."""

    export: str
    words: str
    failed: bool = False


def stores(settings: Settings) -> tuple[Lake, Memory]:
    return Lake(settings.store.lake, settings.store.lake_options or None), Memory.open(settings.store.memory)


def sync(settings: Settings, tick: Tick | None = None) -> None:
    """Carry what is new from every configured source into the lake; how each fared stands in the runs."""
    lake, memory = stores(settings)
    pseudonyms = Pseudonyms(settings.key())
    for name in settings.sources:
        now = datetime.now(UTC)
        try:
            source = settings.source(name)
        except SourceError as error:
            memory.finish_run(
                memory.start_run(name, "settings", now),
                "refused",
                at=now,
                received=0,
                landed=0,
                refused=0,
                words=str(error),
            )
            continue
        carry(source, lake, memory, pseudonyms, now, tick or silent)


def refresh(settings: Settings, today: date | None = None, tick: Tick | None = None) -> Edition:
    """Count the weeks that new facts touched, judge all of them, publish one edition in one swap."""
    lake, memory = stores(settings)
    counted = count(lake, memory, settings, today or settings.organisation.today, tick or silent)
    made = edition(counted, memory, tick or silent)
    memory.publish(made)
    memory.settle(counted.touched)
    return made


def edition(counted: Counted, memory: Memory, tick: Tick) -> Edition:
    """What is published as of the counted day."""
    setting = Setting.of(counted.calendar, counted.tree, counted.teams, counted.rows)
    frames = published(counted.evidence, counted.crowds, indicators(), setting, counted.rows, tick)
    return Edition(
        as_of=counted.calendar.today,
        organisation=counted.organisation,
        archive=counted.archive,
        notes=ARCHIVE if counted.archive else "",
        **(frames | {"feeds": with_runs(frames["feeds"], memory.runs())}),
    )


def with_runs(feeds: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """The feeds, those whose last run failed in the words of that run."""
    failed = runs.filter(pl.col("state").is_in(FAILED)).select("source", "table", failed="state", why="words")
    told = failed.unique(["source", "table"], keep="last")
    both = feeds.join(told, on=["source", "table"], how="left")
    reason = pl.format(
        "The last read of {} from {} failed: {}", pl.col("table").str.replace_all("_", " "), "source", "why"
    )
    return both.with_columns(
        state=pl.coalesce("failed", "state"),
        words=pl.when(pl.col("failed").is_not_null()).then(reason).otherwise("words"),
    ).drop("failed", "why")


def tell(settings: Settings, now: datetime) -> list[Told]:
    """Send each export what changed since it was last told; one that fails remembers nothing and stops no other."""
    memory = Memory.open(settings.store.memory)
    return [told(settings, memory, name, now) for name in settings.exports]


def told(settings: Settings, memory: Memory, name: str, now: datetime) -> Told:
    news = flips(memory.verdicts(), memory.told(name))
    made = report(memory, news, settings.organisation.link)
    if made is None:
        return Told(name, "nothing has been counted yet; run `bellwether refresh` first")
    try:
        way = make(name, settings.exports[name].kind, settings.exports[name].options, settings.file.parent)
        return Told(name, deliver(way, made, partial(memory.tell, name, at=now)))
    except ExportError as error:
        return Told(name, str(error), failed=True)

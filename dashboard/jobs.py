"""Sync, refresh, tell and report: what happens on a schedule."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from connectors.errors import SourceError
from connectors.people import Pseudonyms
from connectors.store.lake import Lake
from connectors.store.memory import Edition, Memory
from connectors.sync import sync as carry
from dashboard import lifetime
from dashboard.alarm_budget import limits
from dashboard.counting import Counted, count
from dashboard.delivering import Step, Told, ticking, unwatched
from dashboard.looking_ahead import all_begun, foreseen
from dashboard.own_scores import goalposts
from dashboard.rounds import Round
from dashboard.settings import Settings
from dashboard.workers import workers
from metrics.budget import Limits, unlimited
from metrics.coverage import MINIMUM
from metrics.divisions import divisions
from metrics.goalposts import Goalposts
from metrics.indicator import indicators
from metrics.publishing import Each, Setting, published
from metrics.record import OUTCOMES, record
from metrics.summing_up import summed_up
from metrics.tie_sensitivity import sensitivity
from metrics.who_with_whom import FROM, densities

Tick = Callable[..., None]
ARCHIVE = "These data end long before today. They are judged as of the last week that was still well filled."
FAILED = ("refused", "busy", "changed", "interrupted")


def silent(*_: Any) -> None:
    """Nobody watches."""


def stores(settings: Settings) -> tuple[Lake, Memory]:
    return Lake(settings.store.lake, settings.store.lake_options or None), Memory.open(settings.store.memory)


def sync(settings: Settings, tick: Tick | None = None) -> None:
    """Carry what is new from every configured source into the lake; how each fared stands in the runs."""
    lake, memory = stores(settings)
    pseudonyms = Pseudonyms(settings.key())
    for name in settings.sources:
        now = datetime.now(UTC)
        try:
            source = settings.source(name, memory.waits(name))
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
    coverage, outcomes = settings.organisation.coverage, settings.alerts.outcomes
    with workers(settings.cluster.scheduler) as pool:
        counted = count(lake, memory, settings, today or settings.organisation.today, tick or silent, pool)
    kept_to, posts = limits(settings.alerts.at_most, memory, counted.calendar.today, tick or silent), settings.scores
    with workers() as pool:
        made = edition(counted, memory, tick or silent, coverage, goalposts(posts), outcomes, pool.map, kept_to)
    memory.publish(made)
    memory.fare(made.as_of, made.backtests)
    memory.settle(counted.touched)
    lifetime.tick(memory, datetime.now(UTC), settings.alerts.patience)
    return made


def edition(
    counted: Counted,
    memory: Memory,
    tick: Tick,
    minimum: float = MINIMUM,
    posts: Goalposts | None = None,
    outcomes: Collection[str] = OUTCOMES,
    each: Each = map,
    kept_to: Limits = unlimited,
) -> Edition:
    """What is published as of the counted day.

    `minimum`: the percentage of authors that must be known; `posts`: the organisation's own goalposts;
    `outcomes`: the indicators whose alarms the others are to foretell; `each` maps, over many at once if it can;
    `kept_to`: what alarms are kept to.
    """
    known = {"coverage": counted.known, "minimum": minimum, "surveys": counted.surveys}
    setting = Setting.of(counted.calendar, counted.tree, counted.teams, counted.rows, **known)
    begun = all_begun(counted.ahead.begun, memory)
    frames = published(
        counted.evidence, counted.crowds, indicators(), setting, counted.rows, tick, begun, each, kept_to
    )
    frames["tie_rules"] = sensitivity(counted.ties, indicators(), setting, frames["cells"])
    frames["who_with_whom"] = densities(counted.evidence.get(FROM), frames["cells"], setting)
    frames["divisions"] = divisions(counted.network, frames["cells"], setting)
    frames |= foreseen(counted.ahead, setting, frames, memory)
    tick("scores")
    frames |= summed_up(frames["cells"], frames["units"], indicators(), setting, posts)
    frames["record"] = record(frames["cells"], outcomes)
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


def tell(settings: Settings, now: datetime, step: Step = unwatched) -> list[Told]:
    """Send each recipient what changed since they were last told; one that fails stops no other."""
    return Round(settings, Memory.open(settings.store.memory), ticking(now), step).tell()


def report(settings: Settings, name: str, now: datetime, step: Step = unwatched) -> list[Told]:
    """Send a report for the last time it was due, to whoever has not got it yet."""
    return Round(settings, Memory.open(settings.store.memory), ticking(now), step).report(name)


def settle(settings: Settings, now: datetime, step: Step = unwatched) -> list[Told]:
    """Try again what waits for it and whose time has come."""
    return Round(settings, Memory.open(settings.store.memory), ticking(now), step).settle()

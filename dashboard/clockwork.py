"""The clock that runs: each report when it is due, what failed when its time comes, late rather than lost."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.base import BaseTrigger

from connectors.store.memory import Memory
from dashboard import jobs
from dashboard.delivering import Told
from dashboard.rounds import Round
from dashboard.settings import Settings, SettingsError, load_settings
from dashboard.timetable import Timetable

KEPT, HERE = "kept", "here"
Say = Callable[[list[Told]], Any]
EVERY = timedelta(minutes=1)
"""How often what waits is looked at, and whether the plans have changed."""


class Due(BaseTrigger):  # type: ignore[misc]
    """A timetable, as the scheduler asks for it."""

    def __init__(self, words: str, zone: str) -> None:
        self.words, self.zone = words, zone

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        return Timetable.of(self.words, self.zone).after(previous or now)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Due) and (self.words, self.zone) == (other.words, other.zone)

    def __hash__(self) -> int:
        return hash((self.words, self.zone))

    def __str__(self) -> str:
        return f"{self.words} ({self.zone})"


def run(settings: Settings, night: str | None, say: Say) -> None:
    """Until it is stopped."""
    scheduler = BlockingScheduler(**made(settings))
    begin(scheduler, settings, night, say)
    try:
        scheduler.start()
    except (KeyboardInterrupt, SystemExit):
        scheduler.shutdown(wait=False)


def made(settings: Settings) -> dict[str, Any]:
    """Jobs of reports are kept in the database, so that what was due while nobody ran is known. Late is better than
    never, however late; many missed ones are one."""
    Memory.open(settings.store.memory).close()
    url = settings.store.memory
    patient = {"connect_args": {"timeout": 60}} if url.startswith("sqlite") else {"pool_pre_ping": True}
    return {
        "jobstores": {KEPT: SQLAlchemyJobStore(url=url, engine_options=patient), "default": MemoryJobStore()},
        "executors": {"default": ThreadPoolExecutor(1)},
        "job_defaults": {"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        "timezone": UTC,
    }


def begin(scheduler: BaseScheduler, settings: Settings, night: str | None, say: Say) -> None:
    """What runs: the plans as they are now, and a look every minute at what waits."""
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    file = str(settings.file)
    zone = settings.organisation.time_zone
    if night is not None:
        try:
            Timetable.of(night, zone)
        except ValueError as error:
            raise SettingsError(f"--night {error}") from None
        scheduler.add_job(nightly, Due(night, zone), args=[file, say], id="night")
    scheduler.add_listener(overheard, EVENT_JOB_ERROR)
    seconds = EVERY.total_seconds()
    scheduler.add_job(
        look, "interval", seconds=seconds, args=[scheduler, file, say], id="look", next_run_time=datetime.now(UTC)
    )


def look(scheduler: BaseScheduler, file: str, say: Say) -> None:
    """Take up what was planned or changed since, then try again what waits."""
    settings = load_settings(file)
    arrange(scheduler, settings)
    say(jobs.settle(settings, datetime.now(UTC)))


def arrange(scheduler: BaseScheduler, settings: Settings) -> None:
    """One kept job per report that has a time; while that does not change, it keeps its next one, even a missed one."""
    plans = Round(settings, Memory.open(settings.store.memory), lambda: datetime.now(UTC)).plans
    zone = settings.organisation.time_zone
    wanted = {name: Due(plan.when, plan.time_zone or zone) for name, plan in plans.items() if plan.when}
    there = {job.id: job for job in scheduler.get_jobs(jobstore=KEPT)}
    for name in there.keys() - wanted.keys():
        try:
            scheduler.remove_job(name, jobstore=KEPT)
        except JobLookupError:  # another schedule was quicker
            continue
    for name, trigger in wanted.items():
        if name not in there or there[name].trigger != trigger:
            args = [str(settings.file), name]
            scheduler.add_job(due, trigger, args=args, id=name, jobstore=KEPT, replace_existing=True)


def due(file: str, name: str) -> None:
    """One report, now; kept by name, so that it can be read back by another process."""
    from dashboard.reporting import said

    said(jobs.report(load_settings(file), name, datetime.now(UTC)))


def nightly(file: str, say: Say) -> None:
    """What every night brings; a source that fails keeps nothing else from running."""
    settings = load_settings(file)
    jobs.sync(settings)
    jobs.refresh(settings)
    say(jobs.tell(settings, datetime.now(UTC)))


def overheard(event: JobExecutionEvent) -> None:
    """A job that broke is said; the clock goes on."""
    logging.getLogger("bellwether").error("%s broke: %s", event.job_id, event.exception)

"""One delivery, step by step: held, packed, handed over, arrived; each kept in the outbox before the next begins."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from connectors.store.memory import Errand, Hold, Memory
from dashboard.export import Export, ExportError
from dashboard.exports.report import Report

HELD = timedelta(minutes=10)
FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=1)
SELDOM = timedelta(hours=6)
Clock = Callable[[], datetime]
Step = Callable[[str], None]
STEPS = ("planned", "held", "packed", "handing", "handed", "arrived")


class Gone(Exception):
    """Whom or what an errand was for is no longer there: it is not sent, and the outbox says why."""


@dataclass(frozen=True)
class Told:
    """How one delivery fared; `lasting`: it will not get better by itself."""

    export: str
    words: str
    failed: bool = False
    errand: Errand | None = None
    tries: int = 0
    lasting: bool = False


@dataclass(frozen=True)
class Parcel:
    """By which way out an errand goes, and how what it carries is made: None where there is nothing to make it of."""

    way: Export
    make: Callable[[], Report]


def unwatched(step: str) -> None:
    """Nobody stops between two steps."""


def ticking(now: datetime) -> Clock:
    """A clock that shows `now` when it is made."""
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)


@dataclass
class Courier:
    """Carries errands. `parcel` says by which way and what; `chance` spreads the tries of many."""

    memory: Memory
    clock: Clock
    parcel: Callable[[Errand], Parcel]
    step: Step = unwatched
    chance: Callable[[], float] = random.random

    def carry(self, errand: Errand) -> Told:
        """One errand as far as it goes now; whatever stops it, the outbox knows how to go on."""
        now = self.clock()
        hold = self.memory.hold(errand, uuid4().hex, now, now + HELD)
        if hold is None:
            return Told(errand.way, "is being sent by another, or waits for an earlier one", errand=errand)
        self.step("held")
        try:
            return self.carried(hold)
        except Gone as reason:
            self.memory.nothing(hold, self.clock(), str(reason))
            return Told(errand.way, str(reason), errand=errand, tries=hold.tries)
        except ExportError as error:
            return self.failed(hold, error)

    def carried(self, hold: Hold) -> Told:
        errand = hold.errand
        parcel = self.parcel(errand)
        packed, news = hold.packed, hold.news
        if packed is None:
            report = parcel.make()
            if report.empty:
                raise Gone("nothing new to tell")
            packed, news = wrapped(parcel.way, report, errand), report.flips
        self.step("packed")

        def ready() -> None:
            if not self.memory.handing(hold, packed, news, self.clock() + HELD):
                raise Gone("another has taken it over")
            self.step("handing")

        words = parcel.way.hand(packed, errand.recipient, errand.id, ready)
        self.step("handed")
        self.memory.arrived(errand, news, self.clock(), words)
        self.step("arrived")
        return Told(errand.way, words, errand=errand, tries=hold.tries)

    def failed(self, hold: Hold, error: ExportError) -> Told:
        """Later and later, never all at once, and no sooner than the other side asks for."""
        wait = SELDOM if error.lasting else min(FIRST * 2 ** min(hold.tries - 1, 12), LONGEST)
        wait = max(wait * (0.5 + self.chance() / 2), timedelta(seconds=error.later))
        doubt = hold.packed is not None or error.doubtful
        self.memory.failed(hold, self.clock() + wait, str(error), doubt)
        words = str(error).removeprefix(f"{hold.errand.way}: ")
        return Told(hold.errand.way, words, True, hold.errand, hold.tries, error.lasting)


def wrapped(way: Export, report: Report, errand: Errand) -> bytes:
    """The report as this way out carries it; what cannot be laid out is said, and keeps nobody else from theirs."""
    try:
        return way.pack(report, errand.recipient, errand.id)
    except (ValueError, RuntimeError, TypeError) as error:
        raise ExportError(f"{way.name}: the report cannot be laid out ({error}); tell whoever cares for it") from error

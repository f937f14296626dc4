"""How fast we may ask: the requests and the waiting of one run, shared by all threads that read a source."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from threading import RLock
from typing import Protocol

from connectors.errors import Busy

PASSING = (408, 425, 429, 500, 502, 503, 504, *range(520, 530))
RESETS = ("X-RateLimit-Reset", "RateLimit-Reset", "X-Rate-Limit-Reset")
REMAINING = ("X-RateLimit-Remaining", "RateLimit-Remaining", "X-Rate-Limit-Remaining")
EPOCH = 10**9
NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)


class Waits(Protocol):
    """Until when a host asked us to stay away, kept from one run to the next."""

    def until(self, host: str) -> datetime | None: ...

    def wait(self, host: str, until: datetime) -> None: ...


@dataclass
class InMind:
    """Waits of this process only."""

    moments: dict[str, datetime] = field(default_factory=dict)

    def until(self, host: str) -> datetime | None:
        return self.moments.get(host)

    def wait(self, host: str, until: datetime) -> None:
        self.moments[host] = until


@dataclass
class Pace:
    """What is left of a run's requests and patience, and the gate all wait at when one is told to wait."""

    budget: int
    patience: timedelta
    sleep: Callable[[float], None] = field(repr=False)
    clock: Callable[[], datetime] = field(repr=False)
    skew: timedelta | None = None
    gate: datetime | None = None
    held: dict[str, datetime | None] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock, repr=False)

    def start(self, host: str, waits: Waits, *, patient: bool = True) -> None:
        """Before every request: stay away, wait, count; in this order."""
        with self.lock:
            first = host not in self.held
            if first:
                self.held[host] = waits.until(host)
            until = self.held[host]
            if until is not None and (left := (until - self.clock()).total_seconds()) > 0:
                if not first or self.delay(left, patient=patient) is not None:
                    raise Busy(f"{host} asked us to stay away; come back at {utc(until)}")
                self.held[host] = None  # a run that was cut off while it waited: this one waits for the rest
        self.rest()
        with self.lock:
            if self.budget <= 0:
                raise Busy(f"{host}: the requests of this run are used up; the next run goes on")
            self.budget -= 1

    def rest(self) -> None:
        """Wait as long as anyone was told to; whoever wakes first opens the gate."""
        while (gate := self.gate) is not None:
            if (seconds := (gate - self.clock()).total_seconds()) > 0:
                self.sleep(seconds)
            with self.lock:
                if self.gate == gate:
                    self.gate = None

    def delay(self, seconds: float, *, patient: bool = True) -> datetime | None:
        """Shut the gate for so long; or the moment it would open, where that is longer than we are ready to wait."""
        now = self.clock()
        until = now + timedelta(seconds=min(seconds, EPOCH))
        with self.lock:
            longer = max(timedelta(0), until - max(now, self.gate or now))
            if not patient or longer > self.patience:
                return until
            self.patience -= longer
            self.gate = max(until, self.gate or until)
        return None

    def stay_away(self, host: str, until: datetime, waits: Waits) -> None:
        with self.lock:
            self.held[host] = until
            waits.wait(host, until)

    def notice(self, headers: Mapping[str, str]) -> None:
        """How far the server's clock is ahead of ours."""
        if (said := moment(headers.get("Date", ""))) is not None:
            self.skew = said - self.clock()


def passing(code: int, headers: Mapping[str, str]) -> bool:
    """Whether trying again can help; some say 403 where they mean 429."""
    return code in PASSING or (code == 403 and ("Retry-After" in headers or spent(headers)))


def spent(headers: Mapping[str, str]) -> bool:
    return any(headers.get(name) == "0" for name in REMAINING)


def told(code: int, headers: Mapping[str, str], now: datetime) -> float | None:
    """How long the server asks us to wait, by its own clock; None where it does not say.

    When a limit is counted anew matters only to who has used it up.
    """
    here = moment(headers.get("Date", "")) or now
    said = [headers.get("Retry-After", "")]
    if spent(headers) or (code == 429 and not any(name in headers for name in REMAINING)):
        said += [headers.get(name, "") for name in RESETS]
    waits = (seconds(one.strip(), here) for one in said)
    return next((one for one in waits if one is not None), None)


def seconds(said: str, here: datetime) -> float | None:
    """Seconds, a moment in seconds since 1970, or a date."""
    if NUMBER.fullmatch(said):
        return max(0.0, float(said) - here.timestamp()) if float(said) > EPOCH else float(said)
    found = moment(said)
    return None if found is None else max(0.0, (found - here).total_seconds())


def moment(said: str) -> datetime | None:
    """A date as HTTP or as ISO 8601 writes it; UTC where it names no zone."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read(said)
        except (ValueError, TypeError, OverflowError):
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"

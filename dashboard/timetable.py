"""When a report is due: `Mondays 07:00` or a cron expression, on the clock of a time zone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ALWAYS = {"daily": "*", "every day": "*", "weekdays": "1-5", "on weekdays": "1-5", "weekends": "6,0"}
NICKNAMES = {"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *"}
HOW = (
    "is no time; write it like `Mondays 07:00`, `weekdays 06:30`, `first Monday 08:00`, `monthly 07:00` or a cron line"
)
FARTHEST = 366 * 9  # from one 29 February to the next, over a year 2100
FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7))


@dataclass(frozen=True)
class Timetable:
    """The minutes of a week, month or year at which something is due, on the clock of a zone.

    An hour that summer time leaves out is made up for by the one after it; one that comes twice counts once, unless
    every hour counts.
    """

    words: str
    zone: ZoneInfo
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int] | None
    months: frozenset[int]
    weekdays: frozenset[int] | None
    first: bool = False

    @classmethod
    def of(cls, words: str, zone: str) -> Self:
        """Raises ValueError, in words to put after the setting's name, where nothing is meant by them."""
        said = " ".join(words.lower().split())
        first, line = translated(NICKNAMES.get(said, said))
        parts = line.split()
        if len(parts) != len(FIELDS):
            raise ValueError(HOW)
        minutes, hours, days, months, weekdays = (
            field(part, *bounds) for part, bounds in zip(parts, FIELDS, strict=True)
        )
        assert minutes is not None and hours is not None and months is not None
        if weekdays is not None and parts[4] != "*":
            weekdays = frozenset((day - 1) % 7 for day in weekdays)
        made = cls(
            " ".join(words.split()), ZoneInfo(zone), minutes, hours, None if parts[2] == "*" else days, months,
            None if parts[4] == "*" else weekdays, first,
        )  # fmt: skip
        if made.after(datetime(2024, 1, 1, tzinfo=UTC)) is None:
            raise ValueError("never comes; no month of any year has that day")
        return made

    def on(self, day: date) -> bool:
        """As cron does: where both a day of the month and a weekday are named, either will do."""
        if day.month not in self.months:
            return False
        if self.first:
            return day.day <= 7 and day.weekday() in (self.weekdays or ())
        if self.days is not None and self.weekdays is not None:
            return day.day in self.days or day.weekday() in self.weekdays
        return (self.days is None or day.day in self.days) and (self.weekdays is None or day.weekday() in self.weekdays)

    def at(self, day: date) -> list[datetime]:
        """The moments of a day, in UTC."""
        if not self.on(day):
            return []
        folds = (0, 1) if len(self.hours) == 24 else (0,)
        clock = ((hour, minute, fold) for hour in self.hours for minute in self.minutes for fold in folds)
        walls = (
            datetime(day.year, day.month, day.day, hour, minute, fold=fold, tzinfo=self.zone)
            for hour, minute, fold in clock
        )
        return sorted({wall.astimezone(UTC) for wall in walls})

    def after(self, moment: datetime) -> datetime | None:
        """The next moment after this one."""
        return next((one for day in self.course(moment, 1) for one in self.at(day) if one > moment), None)

    def before(self, moment: datetime) -> datetime | None:
        """The last moment up to this one, this one included."""
        return next((one for day in self.course(moment, -1) for one in self.at(day)[::-1] if one <= moment), None)

    def course(self, moment: datetime, step: int) -> Iterator[date]:
        start = moment.astimezone(self.zone).date() - timedelta(days=step)
        return (start + timedelta(days=step * number) for number in range(FARTHEST))

    def local(self, moment: datetime) -> str:
        """`Monday 23 November 2026, 07:00`."""
        there = moment.astimezone(self.zone)
        return f"{there:%A} {there.day} {there:%B %Y, %H:%M}"


def translated(said: str) -> tuple[bool, str]:
    """A cron line, and whether its weekday means the first of a month."""
    found = re.fullmatch(r"(.+?)(?:,? at)? (\d{1,2}):(\d\d)", said)
    if found is None:
        return False, said
    days, hour, minute = found[1], int(found[2]), int(found[3])
    if hour > 23 or minute > 59:
        raise ValueError(HOW)
    if days in ALWAYS:
        return False, f"{minute} {hour} * * {ALWAYS[days]}"
    if days in ("monthly", "first of the month", "1st of the month"):
        return False, f"{minute} {hour} 1 * *"
    first = days.startswith("first ")
    names = re.split(r",\s*(?:and\s+)?|\s+and\s+", days.removeprefix("first ").removesuffix(" of the month"))
    return first, f"{minute} {hour} * * {','.join(str(weekday(name) + 1) for name in names)}"


def weekday(name: str) -> int:
    """`Monday`, `mondays`, `mon`: 0."""
    bare = name.removeprefix("on ").removeprefix("every ").strip()
    known = [n for n, day in enumerate(DAYS) if bare in (day, f"{day}s", day[:3], day[:2])]
    if not known:
        raise ValueError(HOW)
    return known[0]


def field(part: str, name: str, low: int, high: int) -> frozenset[int]:
    """The numbers that one field of a cron line means."""
    found: set[int] = set()
    for piece in part.split(","):
        span, _, step = piece.partition("/")
        if step and (not step.isdigit() or int(step) == 0):
            raise ValueError(HOW)
        if span == "*":
            first, last = low, high
        else:
            start, _, end = span.partition("-")
            first = number(start, name)
            last = number(end, name) if end else high if step else first
        if not low <= first <= last <= high:
            raise ValueError(f"has {piece!r} for the {name}, which goes from {low} to {high}")
        found.update(range(first, last + 1, int(step or 1)))
    return frozenset(found)


def number(text: str, name: str) -> int:
    if text.isdigit():
        return int(text)
    names = MONTHS if name == "month" else tuple(day[:3] for day in (DAYS[-1], *DAYS[:-1])) if name == "weekday" else ()
    if text[:3] not in names or not text.isalpha():
        raise ValueError(HOW)
    return names.index(text[:3]) + (1 if name == "month" else 0)

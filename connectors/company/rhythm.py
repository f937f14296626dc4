"""The rhythm of the made-up company: how busy each day is, when people work, and how rates wander."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from zlib import crc32

import holidays
import numpy as np
import numpy.typing as npt
import polars as pl

from connectors.company.names import COUNTRY
from connectors.company.planted import christmas, monday

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

DAY = 86_400
WEEK = 7 * DAY
WEEKDAYS = (1.0, 1.08, 1.06, 1.02, 0.84, 0.02, 0.02)
OPENS, HOURS = 9, 8
DECEMBER = 0.35
BEYOND = 400


def seeded(seed: int, people: int, today: date, section: str) -> np.random.Generator:
    """Chance for one section of the company, independent of every other section's."""
    return np.random.default_rng([seed, people, today.toordinal(), crc32(section.encode())])


@dataclass(frozen=True)
class Rhythm:
    """Days and weeks from the first Monday to `today`; moments are whole seconds since that Monday, UTC."""

    today: date
    years: float

    @cached_property
    def start(self) -> date:
        return monday(self.today) - timedelta(weeks=round(self.years * 52.18))

    @property
    def days(self) -> int:
        return (self.today - self.start).days

    @property
    def end(self) -> int:
        return self.days * DAY

    @property
    def weeks(self) -> int:
        return -(-self.days // 7)

    def day(self, moment: date) -> int:
        return (moment - self.start).days

    def week(self, moment: date) -> int:
        return self.day(moment) // 7

    @cached_property
    def _free(self) -> Bools:
        years = range(self.start.year, self.today.year + 3)
        free = [self.day(day) for day in holidays.country_holidays(COUNTRY, years=years)]
        found = np.zeros(self.days + BEYOND, dtype=bool)
        found[[day for day in free if 0 <= day < len(found)]] = True
        return found

    @cached_property
    def _working(self) -> Bools:
        return (np.arange(len(self._free)) % 7 < 5) & ~self._free

    @cached_property
    def activity(self) -> Floats:
        """How busy each day is: 1 is an ordinary working day; nothing happens from `today` on."""
        busy = np.resize(np.array(WEEKDAYS), self.weeks * 7)
        busy[self._free[: len(busy)] & (busy > 0.1)] = 0.06
        for year in range(self.start.year, self.today.year + 1):
            summer = slice(*(max(self.day(date(year, *when)), 0) for when in ((7, 12), (8, 24))))
            busy[summer] *= 0.88
            first, last = (self.day(day) for day in christmas(year))
            for week in range(max(first, 0), min(last, len(busy)), 7):
                busy[week : week + 7] *= DECEMBER * 5 / busy[week : week + 7].sum()
        busy[self.days :] = 0
        return busy

    @cached_property
    def weekly(self) -> Floats:
        """How busy each week is: 1 is an ordinary week."""
        return np.asarray(self.activity.reshape(self.weeks, 7).sum(axis=1) / 5)

    @cached_property
    def december(self) -> Floats:
        """1 in the two weeks around Christmas, else 0."""
        found = np.zeros(self.weeks)
        for year in range(self.start.year, self.today.year + 1):
            first, last = (self.week(day) for day in christmas(year))
            found[max(first, 0) : max(last, 0)] = 1
        return found

    def moments(self, rng: np.random.Generator, weeks: Ints) -> Ints:
        """A moment within each of these weeks, when people are at work."""
        upto = np.concatenate([[0.0], np.cumsum(self.activity)])
        low, high = upto[weeks * 7], upto[weeks * 7 + 7]
        day = np.searchsorted(upto, low + rng.random(len(weeks)) * (high - low), side="right") - 1
        clock = 8 * 3600 + rng.beta(2.2, 2.2, len(weeks)) * 10 * 3600
        return np.asarray(np.minimum(day, self.days - 1) * DAY + clock.astype(np.int64))

    @cached_property
    def _worked(self) -> Floats:
        """Working hours since the start at each midnight."""
        return np.concatenate([[0.0], np.cumsum(self._working * float(HOURS))])

    def after(self, moments: Ints, hours: Floats) -> Ints:
        """The moment so many working hours later; what lies far beyond `today` stays beyond it."""
        day = np.clip(moments // DAY, 0, len(self._working) - 1)
        today = np.clip((moments % DAY) / 3600 - OPENS, 0, HOURS) * self._working[day]
        worked = self._worked[day] + today + np.maximum(hours, 0.01)
        then = np.clip(np.searchsorted(self._worked, worked) - 1, 0, len(self._working) - 1)
        clock = np.minimum(OPENS + worked - self._worked[then], 24.0)
        return np.asarray(np.maximum(then * DAY + (clock * 3600).astype(np.int64), moments + 30))

    def moment(self, seconds: Ints, *, known: Bools | None = None) -> pl.Series:
        """Seconds as moments; null where not known, or where they lie in the future."""
        past = (seconds < self.end) if known is None else known & (seconds < self.end)
        found = pl.Series(seconds) * 1_000_000 + self.day_epoch * DAY * 1_000_000
        return found.set(pl.Series(~past), None).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")

    @property
    def day_epoch(self) -> int:
        return (self.start - date(1970, 1, 1)).days

    def date(self, days: Ints, *, known: Bools | None = None) -> pl.Series:
        """Days since the start as dates; null where not known."""
        found = pl.Series(days + self.day_epoch).cast(pl.Int32)
        return (found if known is None else found.set(pl.Series(~known), None)).cast(pl.Date)


def wander(rng: np.random.Generator, rows: int, weeks: int, spread: float, memory: float = 0.45) -> Floats:
    """Noise with a memory from week to week: one row per unit, steady in mean and spread."""
    noise = rng.standard_normal((rows, weeks)) * spread
    for week in range(1, weeks):
        noise[:, week] = memory * noise[:, week - 1] + np.sqrt(1 - memory**2) * noise[:, week]
    return noise


def logit(share: float) -> float:
    return float(np.log(share / (1 - share)))


def shares(logits: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-logits)))


def at(values: pl.Series, index: Ints) -> pl.Series:
    """The values at these places; null where the place is -1."""
    places = pl.Series(index)
    return values.gather(places.set(places < 0, None))


def numbered(prefix: str, numbers: Ints) -> pl.Series:
    """Ids made of a prefix and a number; null where the number is -1."""
    places = pl.Series(numbers)
    return pl.DataFrame({"n": places.set(places < 0, None)}).select(pl.format(prefix + "{}", "n")).to_series()

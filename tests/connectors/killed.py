"""A sync that is made to be killed: two days of a small, always equal source into a lake and a memory."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import polars as pl

import connectors.loads
import connectors.sync
from connectors.people import Pseudonyms
from connectors.source import Health, Stream
from connectors.store.lake import Lake
from connectors.store.memory import Memory

FIRST, SECOND = datetime(2026, 3, 2, 6, tzinfo=UTC), datetime(2026, 3, 9, 6, tzinfo=UTC)
ROWS, PAGES = 40, 2


@dataclass(frozen=True)
class Small:
    """On the second day some rows are new, some have changed, and one breaks a rule."""

    day: datetime
    name: str = "small"

    def streams(self):
        return [Stream(table, getattr(self, table)) for table in ("people", "tickets", "messages")]

    def check(self):
        return Health(True, "always equal")

    def people(self, since):
        left = date(2026, 3, 6) if self.day == SECOND else None
        for page in range(PAGES):
            names = [f"p{number}@example.org" for number in range(page * ROWS, page * ROWS + ROWS)]
            yield pl.DataFrame({"person": names}).with_columns(
                unit=pl.lit("sales"), valid_from=date(2025, 1, 6), valid_to=pl.lit(left if page == 1 else None, pl.Date)
            )

    def tickets(self, since):
        for page in range(PAGES + (self.day == SECOND)):
            number = pl.int_range(page * ROWS, page * ROWS + ROWS, eager=True)
            opened = FIRST - pl.duration(days=number)
            yield pl.DataFrame({"ticket": pl.select(pl.format("T{}", number)).to_series()}).with_columns(
                kind=pl.lit("incident"), opened=opened, changed=pl.lit(self.day), cause=pl.lit(f"word of {self.day:%d}")
            )

    def messages(self, since):
        for page in range(PAGES):
            names = [f"{self.day:%d}-{number}" for number in range(page * ROWS, page * ROWS + ROWS)]
            sent = pl.select(self.day + pl.duration(minutes=pl.int_range(len(names)))).to_series()
            channel = ["" if page == number == 0 else "c" for number in range(ROWS)]
            yield pl.DataFrame({"message": names, "sent": sent, "channel": channel, "author": "p1@example.org"})


def run(folder):
    """Both days, each landing small, so that there are many moments to be killed at."""
    connectors.loads.LANDING = ROWS
    lake, memory = Lake(f"{folder}/lake"), Memory.open(f"sqlite:///{folder}/memory.db")
    for day in (FIRST, SECOND):
        connectors.sync.sync(Small(day), lake, memory, Pseudonyms(bytes(32)), day + timedelta(hours=1))

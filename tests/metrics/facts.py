"""Small tables of facts for the tests of indicators: what a test does not name is null."""

from datetime import UTC, date, datetime, timedelta

import polars as pl

from connectors.tables import TABLES
from metrics.evidence import read
from metrics.indicator import indicators
from metrics.weeks import Calendar

CALENDAR = Calendar(today=date(2026, 11, 22))
MONDAY = date(2026, 9, 7)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def at(day, hour=9, minute=0):
    """A moment so many days after Monday 7 September 2026."""
    return datetime(2026, 9, 7, hour, minute, tzinfo=UTC) + day * DAY


def table(name, rows):
    known = {column: kind for column, kind in TABLES[name].dtypes.items() if any(column in row for row in rows)}
    return pl.DataFrame(rows, schema=known) if rows else pl.DataFrame(schema=TABLES[name].dtypes)


def facts(**rows):
    return {name: table(name, listed) for name, listed in rows.items()}


def live(units, since=date(2026, 1, 1)):
    """The table of people from `person: unit`."""
    return [{"person": person, "unit": unit, "valid_from": since} for person, unit in units.items()]


def evidence(name, calendar=CALENDAR, weeks=None, **rows):
    return indicators()[name].evidence(facts(**rows), calendar, weeks)


def reading(name, calendar=CALENDAR, **rows):
    return read(evidence(name, calendar, **rows), indicators()[name]).rows(named=True)

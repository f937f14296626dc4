"""The SQL tables of what cannot be fetched again: bookmarks, runs, quarantine, editions, what was told.

Who is who has its tables in `identities`, alerts in `alerts`, the time ahead in `ahead`, what is on its way to people
in `outbox` and `plans`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy import Column

VERSION = "0016"


class Moment(sa.TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps it as text without a zone, so the zone is taken off and put back here."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone; give it in UTC")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Text, Date, Real, Count, Flag = sa.String, sa.Date, sa.Double, sa.BigInteger, sa.Boolean
metadata = sa.MetaData()


def word(name: str, *, key: bool = False) -> Column[Any]:
    return Column(name, Text, primary_key=key, nullable=False)


def counter() -> Column[Any]:
    return Column("id", sa.Integer, primary_key=True, autoincrement=True)


def of_edition() -> Column[Any]:
    return Column("edition", sa.Integer, primary_key=True)


bookmarks = sa.Table(
    "bookmarks",
    metadata,
    word("source", key=True),
    word("stream", key=True),
    Column("moment", Moment, nullable=False),
)
runs = sa.Table(
    "runs",
    metadata,
    counter(),
    word("source"),
    word("stream"),
    word("table"),
    Column("started", Moment, nullable=False),
    Column("ended", Moment),
    word("state"),
    Column("asked", Moment),
    Column("received", Count),
    Column("landed", Count),
    Column("refused", Count),
    Column("newest", Moment),
    Column("counted", Count),
    word("words"),
    sa.Index("runs_latest", "source", "stream", "id"),
)
quarantine = sa.Table(
    "quarantine",
    metadata,
    word("source", key=True),
    word("table", key=True),
    word("rule", key=True),
    word("key", key=True),
)
touched = sa.Table(
    "touched",
    metadata,
    counter(),
    word("table"),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
)
current = sa.Table("current", metadata, Column("id", sa.Integer, primary_key=True), Column("edition", sa.Integer))
editions = sa.Table(
    "editions",
    metadata,
    counter(),
    Column("as_of", Date, nullable=False),
    Column("made", Moment, nullable=False),
    word("organisation"),
    Column("archive", Flag, nullable=False),
    word("notes"),
)
cells = sa.Table(
    "cells",
    metadata,
    of_edition(),
    word("unit", key=True),
    word("indicator", key=True),
    Column("week", Date, primary_key=True),
    word("state"),
    word("mark"),
    Column("value", Real),
    Column("low", Real),
    Column("high", Real),
    Column("n", Count),
    Column("people", Count),
    word("verdict"),
    word("side"),
    Column("usual_low", Real),
    Column("usual_high", Real),
    sqlite_with_rowid=False,
)
verdicts = sa.Table(
    "verdicts",
    metadata,
    of_edition(),
    word("indicator", key=True),
    word("unit", key=True),
    Column("week", Date),
    word("verdict"),
    word("side"),
    Column("since", Date),
    Column("before", Real),
    Column("now", Real),
    Column("n", Count),
    Column("strength", Real),
    Column("p", Real),
    Column("folded", Text),
    word("nature"),
    word("sentence"),
    *(Column(name, Date) for name in ("began", "began_early", "began_late")),
)
units = sa.Table(
    "units",
    metadata,
    of_edition(),
    word("unit", key=True),
    Column("parent", Text),
    word("name"),
    Column("depth", Count, nullable=False),
)
events = sa.Table(
    "events",
    metadata,
    Column("edition", sa.Integer, nullable=False),
    Column("week", Date, nullable=False),
    Column("unit", Text),
    word("text"),
    sa.Index("events_of_an_edition", "edition"),
)
feeds = sa.Table(
    "feeds",
    metadata,
    of_edition(),
    word("source", key=True),
    word("table", key=True),
    Column("newest", Date),
    Column("rows", Count),
    word("state"),
    word("words"),
)
coverage = sa.Table(
    "coverage",
    metadata,
    of_edition(),
    word("source", key=True),
    word("table", key=True),
    Column("known", Count),
    Column("placed", Count),
    Column("whole", Count),
)
told = sa.Table(
    "told",
    metadata,
    word("export", key=True),
    word("indicator", key=True),
    word("unit", key=True),
    word("verdict"),
    word("side"),
    Column("since", Date),
    Column("at", Moment, nullable=False),
)

PUBLISHED = {table.name: table for table in (cells, verdicts, units, events, feeds, coverage)}
DTYPES: list[tuple[type[sa.types.TypeEngine[Any]], pl.DataType]] = [
    (Moment, pl.Datetime("us", "UTC")),
    (Flag, pl.Boolean()),
    (sa.Date, pl.Date()),
    (sa.Double, pl.Float64()),
    (sa.Integer, pl.Int64()),
    (sa.String, pl.String()),
]


def dtype(column: sa.ColumnElement[Any]) -> pl.DataType:
    return next(theirs for ours, theirs in DTYPES if isinstance(column.type, ours))


def shape(table: sa.Table, *without: str) -> dict[str, pl.DataType]:
    """The columns of a table as polars sees them."""
    return {column.name: dtype(column) for column in table.columns if column.name not in without}

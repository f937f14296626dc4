"""Editions: everything published as of one day, swapped in whole, the only thing that screen and exports read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from connectors.store import ahead, alert_tables, evidence_tables, score_tables, survey_tables
from connectors.store import schema as before
from connectors.store.database import Database, frame, insert, upsert
from connectors.store.schema import cells, coverage, current, editions, events, feeds, shape, units, verdicts

PUBLISHED = before.PUBLISHED | ahead.PUBLISHED | score_tables.PUBLISHED | alert_tables.PUBLISHED
PUBLISHED |= survey_tables.PUBLISHED | evidence_tables.PUBLISHED


def nothing(name: str) -> pl.DataFrame:
    return pl.DataFrame(schema=shape(PUBLISHED[name], "edition"))


@dataclass(frozen=True)
class Edition:
    """What is to be published as of one day: cells, verdicts, units, events, feeds, coverage, the time ahead, scores.

    `archive` says that it looks back on data whose newest day is long past.
    """

    as_of: date
    organisation: str
    archive: bool = False
    notes: str = ""
    cells: pl.DataFrame = field(default_factory=lambda: nothing("cells"))
    verdicts: pl.DataFrame = field(default_factory=lambda: nothing("verdicts"))
    units: pl.DataFrame = field(default_factory=lambda: nothing("units"))
    events: pl.DataFrame = field(default_factory=lambda: nothing("events"))
    feeds: pl.DataFrame = field(default_factory=lambda: nothing("feeds"))
    coverage: pl.DataFrame = field(default_factory=lambda: nothing("coverage"))
    outlook: pl.DataFrame = field(default_factory=lambda: nothing("outlook"))
    backtests: pl.DataFrame = field(default_factory=lambda: nothing("backtests"))
    modules: pl.DataFrame = field(default_factory=lambda: nothing("modules"))
    effects: pl.DataFrame = field(default_factory=lambda: nothing("effects"))
    relations: pl.DataFrame = field(default_factory=lambda: nothing("relations"))
    interventions: pl.DataFrame = field(default_factory=lambda: nothing("interventions"))
    scores: pl.DataFrame = field(default_factory=lambda: nothing("scores"))
    score_courses: pl.DataFrame = field(default_factory=lambda: nothing("score_courses"))
    score_parts: pl.DataFrame = field(default_factory=lambda: nothing("score_parts"))
    score_drivers: pl.DataFrame = field(default_factory=lambda: nothing("score_drivers"))
    score_checks: pl.DataFrame = field(default_factory=lambda: nothing("score_checks"))
    comparisons: pl.DataFrame = field(default_factory=lambda: nothing("comparisons"))
    record: pl.DataFrame = field(default_factory=lambda: nothing("record"))
    alarm_budget: pl.DataFrame = field(default_factory=lambda: nothing("alarm_budget"))
    surveys: pl.DataFrame = field(default_factory=lambda: nothing("surveys"))
    survey_items: pl.DataFrame = field(default_factory=lambda: nothing("survey_items"))
    agreements: pl.DataFrame = field(default_factory=lambda: nothing("agreements"))
    curves: pl.DataFrame = field(default_factory=lambda: nothing("curves"))
    tie_rules: pl.DataFrame = field(default_factory=lambda: nothing("tie_rules"))
    who_with_whom: pl.DataFrame = field(default_factory=lambda: nothing("who_with_whom"))
    divisions: pl.DataFrame = field(default_factory=lambda: nothing("divisions"))


@dataclass(frozen=True)
class Header:
    """What the edition on show says of itself."""

    id: int
    as_of: date
    made: datetime
    organisation: str
    archive: bool
    notes: str


class Editions(Database):
    """Publishing and reading; a reader sees one edition or the next, never some of each."""

    def publish(self, edition: Edition) -> int:
        """Everything in one transaction: until it ends, all see the edition before. Two at once: the last one wins."""
        with self.writing() as connection:
            number = write_header(connection, edition)
            for name, table in PUBLISHED.items():
                wanted = list(shape(table, "edition"))
                order = [column.name for column in table.primary_key if column.name != "edition"]
                rows: pl.DataFrame = getattr(edition, name).select(wanted)
                insert(connection, table, rows.sort(order) if order else rows, edition=number)
            upsert(connection, current, [{"id": 1, "edition": number}])
        self.sweep()
        return number

    def sweep(self) -> None:
        """Delete what is no longer on show, a piece at a time so that other writers get their turn."""
        shown = sa.select(current.c.edition).where(current.c.id == 1).scalar_subquery()
        with self.reading() as connection:
            old = connection.scalars(sa.select(editions.c.id).where(editions.c.id != shown)).all()
        for number in old:
            for table in (*PUBLISHED.values(), editions):
                column = table.c["id" if table is editions else "edition"]
                with self.writing() as connection:
                    connection.execute(sa.delete(table).where(column == number, column != shown))

    def edition(self) -> Header | None:
        with self.reading() as connection:
            return read_header(connection)

    def published(self) -> Edition | None:
        """The whole edition on show, read in one piece; None where nothing was published yet."""
        with self.reading() as connection:
            header = read_header(connection)
            if header is None:
                return None
            frames = {name: frame(connection, of_current(table)) for name, table in PUBLISHED.items()}
        return Edition(header.as_of, header.organisation, header.archive, header.notes, **frames)

    def cells(
        self,
        *,
        indicator: str | None = None,
        unit: str | None = None,
        units: Collection[str] | None = None,
        since: date | None = None,
    ) -> pl.DataFrame:
        """Published cells: of one indicator, one unit or several, from the week that holds a day; all by default.

        Name the units where you can: cells lie by unit.
        """
        query = of_current(cells).order_by(cells.c.unit, cells.c.indicator, cells.c.week)
        if indicator is not None:
            query = query.where(cells.c.indicator == indicator)
        if unit is not None:
            query = query.where(cells.c.unit == unit)
        if units is not None:
            query = query.where(cells.c.unit.in_(units))
        if since is not None:
            query = query.where(cells.c.week >= since)
        return self.read(query)

    def latest(self, unit: str) -> pl.DataFrame:
        """The newest cell of each indicator of a unit."""
        newest = (
            of_current(cells)
            .with_only_columns(cells.c.indicator, sa.func.max(cells.c.week).label("week"))
            .where(cells.c.unit == unit)
            .group_by(cells.c.indicator)
            .subquery()
        )
        same = (newest.c.indicator == cells.c.indicator) & (newest.c.week == cells.c.week)
        query = of_current(cells).join(newest, same).where(cells.c.unit == unit)
        return self.read(query.order_by(cells.c.indicator))

    def units(self) -> pl.DataFrame:
        return self.read(of_current(units).order_by(units.c.depth, units.c.name, units.c.unit))

    def verdicts(self, unit: str | None = None) -> pl.DataFrame:
        query = of_current(verdicts).order_by(verdicts.c.indicator, verdicts.c.unit)
        return self.read(query if unit is None else query.where(verdicts.c.unit == unit))

    def events(self) -> pl.DataFrame:
        return self.read(of_current(events).order_by(events.c.week, events.c.text))

    def feeds(self) -> pl.DataFrame:
        return self.read(of_current(feeds).order_by(feeds.c.source, feeds.c.table))

    def coverage(self) -> pl.DataFrame:
        return self.read(of_current(coverage).order_by(coverage.c.source, coverage.c.table))

    def section(self, table: str) -> pl.DataFrame:
        """One published table by its name: outlook, backtests, modules, effects, relations, interventions."""
        found = PUBLISHED[table]
        keys = (column for column in found.primary_key if column.name != "edition")
        return self.read(of_current(found).order_by(*keys))


def of_current(table: sa.Table) -> sa.Select[Any]:
    """The rows of the edition on show; which one that is, is looked up in the same statement."""
    shown = sa.select(current.c.edition).where(current.c.id == 1).scalar_subquery()
    return sa.select(*(column for column in table.columns if column.name != "edition")).where(table.c.edition == shown)


def write_header(connection: sa.Connection, edition: Edition) -> int:
    said = editions.insert().values(
        as_of=edition.as_of,
        made=datetime.now(UTC),
        organisation=edition.organisation,
        archive=edition.archive,
        notes=edition.notes,
    )
    return int(connection.execute(said).inserted_primary_key[0])  # type: ignore[index]


def read_header(connection: sa.Connection) -> Header | None:
    shown = sa.select(current.c.edition).where(current.c.id == 1).scalar_subquery()
    row = connection.execute(sa.select(editions).where(editions.c.id == shown)).one_or_none()
    return None if row is None else Header(*row)

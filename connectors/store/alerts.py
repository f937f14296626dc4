"""Alerts as they are remembered: each with every change there ever was, mutes, and who asked to be told of what.

Nothing is ever overwritten here: a change adds a row, and what no longer holds gets an end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl
import sqlalchemy as sa

from connectors.store.alert_tables import alerts, changes, mutes, subscriptions
from connectors.store.database import Database, frame
from connectors.store.editions import of_current
from connectors.store.schema import cells, verdicts

LOCK = 7_246_106  # any number, the same in all who change alerts


@dataclass(frozen=True)
class Book:
    """All alerts, held so that nobody else changes any until this one is done."""

    connection: sa.Connection

    def alerts(self) -> pl.DataFrame:
        return frame(self.connection, every_alert())

    def changes(self) -> pl.DataFrame:
        return frame(self.connection, every_change())

    def verdicts(self) -> pl.DataFrame:
        """The verdicts of the edition on show at this moment."""
        return frame(self.connection, of_current(verdicts).order_by(verdicts.c.indicator, verdicts.c.unit))

    def cells(self, units: Collection[str], since: date) -> pl.DataFrame:
        """The cells of these units from a week on, of the edition on show at this moment."""
        return frame(self.connection, of_current(cells).where(cells.c.unit.in_(units), cells.c.week >= since))

    def begin(self, indicator: str, unit: str, side: str, since: date | None) -> int:
        """A new alert, to which nothing has happened yet; gives its number."""
        said = alerts.insert().values(indicator=indicator, unit=unit, side=side, since=since)
        return int(self.connection.execute(said).inserted_primary_key[0])  # type: ignore[index]

    def add(self, alert: int, number: int, change: Mapping[str, Any]) -> None:
        """One more thing that happened to an alert: the `number`-th, from 1."""
        self.connection.execute(changes.insert().values(alert=alert, number=number, **change))


class Alerts(Database):
    """Reading alerts, changing them, and what is asked for and muted."""

    @contextmanager
    def book(self) -> Iterator[Book]:
        """All alerts to change; whoever else wants to waits. What is written is written whole or not at all."""
        with self.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            yield Book(connection)

    def alerts(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Every alert (id, indicator, unit, side, since) and every change of one, read as of one moment."""
        with self.reading() as connection:
            return frame(connection, every_alert()), frame(connection, every_change())

    def mute(self, said: Mapping[str, Any]) -> int:
        """Keep one mute: unit, below, indicator, theme, until, who, why, at; gives its number."""
        return self.keep(mutes, said)

    def mutes(self, history: bool = False) -> pl.DataFrame:
        """The mutes that nobody ended, whatever their day; or every one there ever was."""
        query = sa.select(mutes).order_by(mutes.c.id)
        return self.read(query if history else query.where(mutes.c.ended.is_(None)))

    def unmute(self, number: int, who: str, at: datetime) -> bool:
        """Whether there was such a mute to end."""
        return self.end(mutes, number, who, at)

    def subscribe(self, said: Mapping[str, Any]) -> int:
        """Keep what somebody asks to be told of: address, unit, theme, tier, by, at; gives its number."""
        return self.keep(subscriptions, said)

    def subscriptions(self) -> pl.DataFrame:
        query = sa.select(subscriptions).where(subscriptions.c.ended.is_(None))
        return self.read(query.order_by(subscriptions.c.id))

    def unsubscribe(self, number: int, who: str, at: datetime) -> bool:
        """Whether there was such a subscription to end."""
        return self.end(subscriptions, number, who, at)

    def keep(self, table: sa.Table, said: Mapping[str, Any]) -> int:
        with self.writing() as connection:
            row = table.insert().values(ended_by="", **said)
            return int(connection.execute(row).inserted_primary_key[0])  # type: ignore[index]

    def end(self, table: sa.Table, number: int, who: str, at: datetime) -> bool:
        mine = (table.c.id == number) & table.c.ended.is_(None)
        with self.writing() as connection:
            return connection.execute(table.update().where(mine).values(ended=at, ended_by=who)).rowcount > 0


def every_alert() -> sa.Select[Any]:
    return sa.select(alerts).order_by(alerts.c.id)


def every_change() -> sa.Select[Any]:
    return sa.select(changes).order_by(changes.c.alert, changes.c.number)

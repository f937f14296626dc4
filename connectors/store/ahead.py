"""What is remembered of the time ahead: outlooks, effects and relations of an edition, and what people began.

How the forecasts fared on each day stays beside the editions, so that they are withdrawn when they fail twice.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy import Column

from connectors.store.database import Database, upsert
from connectors.store.schema import Count, Date, Flag, Moment, Real, Text, metadata, of_edition, word

NUMBERS = ("stock", "stay", "stay_weight", "trained", "trained_shape", "joined", "joined_shape", "headcount", "drift",
           "spread", "free", "chance", "missing", "low", "high")  # fmt: skip


def reals(*names: str) -> list[Column[Any]]:
    return [Column(name, Real) for name in names]


def counts(*names: str) -> list[Column[Any]]:
    return [Column(name, Count) for name in names]


outlook = sa.Table(
    "outlook", metadata, of_edition(), word("unit", key=True), word("skill", key=True),
    Column("ahead", Count, primary_key=True, autoincrement=False), Column("week", Date), word("state"),
    *reals("level", *NUMBERS), Column("dots", Text), Column("now", Flag),
)  # fmt: skip
backtests = sa.Table(
    "backtests", metadata, of_edition(), Column("ahead", Count, primary_key=True, autoincrement=False), word("state"),
    *counts("misses", "origins", "n"),
    *reals("brier", "persistence", "share", "skill", "skill_share", "slope", "covered", "covered_needed"),
)  # fmt: skip
modules = sa.Table(
    "modules", metadata, of_edition(), word("unit", key=True),
    Column("place", Count, primary_key=True, autoincrement=False), word("module"), word("skills"),
    *reals("covers", "together", "uplift", "low", "high"), Column("n", Count),
)  # fmt: skip
effects = sa.Table(
    "effects", metadata, of_edition(), word("intervention", key=True), word("indicator", key=True),
    word("method", key=True), word("name"), word("unit"), Column("began", Date), *reals("value", "low", "high"),
    *counts("before", "after"), Column("alike", Flag), Column("clear", Flag), word("sentence"),
)  # fmt: skip
relations = sa.Table(
    "relations", metadata, of_edition(), word("first", key=True), word("second", key=True),
    Column("lag", Count, primary_key=True, autoincrement=False), word("expected"),
    *reals("value", "low", "high", "p", "q"), *counts("units", "n"), word("said"),
)  # fmt: skip
interventions = sa.Table(
    "interventions", metadata, of_edition(), word("intervention", key=True), word("name"), Column("kind", Text),
    Column("unit", Text), Column("began", Date),
)  # fmt: skip
days = sa.Table(
    "outlook_days", metadata, Column("ahead", Count, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True), word("state"), Column("misses", Count, nullable=False), *reals("skill"),
)  # fmt: skip
begun = sa.Table(
    "begun", metadata, word("intervention", key=True), word("name"), Column("kind", Text), Column("unit", Text),
    Column("began", Date, nullable=False), word("who"), Column("at", Moment, nullable=False),
)  # fmt: skip

PUBLISHED = {table.name: table for table in (outlook, backtests, modules, effects, relations, interventions)}


class Ahead(Database):
    """How forecasts fared, and what people said they began."""

    def fared(self, before: date) -> pl.DataFrame:
        """How the forecasts of each horizon fared on the last day before: `ahead, day, state, misses, skill`."""
        last = sa.select(days.c.ahead, sa.func.max(days.c.day).label("day")).where(days.c.day < before)
        newest = last.group_by(days.c.ahead).subquery()
        same = (newest.c.ahead == days.c.ahead) & (newest.c.day == days.c.day)
        return self.read(sa.select(days).join(newest, same).order_by(days.c.ahead))

    def fare(self, day: date, tests: pl.DataFrame) -> None:
        """Remember `ahead, state, misses, skill` of a day; the same day again replaces it."""
        rows = tests.select("ahead", "state", "misses", "skill").to_dicts()
        with self.writing() as connection:
            upsert(connection, days, [{**row, "day": day} for row in rows])

    def begin(self, name: str, began: date, unit: str | None, kind: str | None, who: str, at: datetime) -> str:
        """Somebody says that something was begun; the same name, unit and day again replaces it. Returns its id."""
        key = f"said:{began.isoformat()}:{unit or ''}:{name}"
        row = {"intervention": key, "name": name, "kind": kind, "unit": unit, "began": began, "who": who, "at": at}
        with self.writing() as connection:
            upsert(connection, begun, [row])
        return key

    def unbegin(self, intervention: str) -> bool:
        """Take back what somebody said; False where nobody did."""
        with self.writing() as connection:
            gone = connection.execute(sa.delete(begun).where(begun.c.intervention == intervention))
            return bool(gone.rowcount)

    def begun(self) -> pl.DataFrame:
        """What people said was begun, oldest first: `intervention, name, kind, unit, began, who, at`."""
        return self.read(sa.select(begun).order_by(begun.c.began, begun.c.intervention))

"""The first tables: bookmarks, runs, quarantine, editions, what was told."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def word(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String, nullable=False)


def dated(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Date, nullable=False)


def moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, MOMENT, nullable=nullable)


def number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger)


def real(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Double)


def upgrade() -> None:
    way_in()
    editions()
    cells()
    beside_the_cells()
    what_was_told()


def way_in() -> None:
    op.create_table(
        "bookmarks", word("source"), word("stream"), moment("moment"), sa.PrimaryKeyConstraint("source", "stream")
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        *map(word, ("source", "stream", "table", "state", "words")),
        moment("started"),
        *(moment(name, nullable=True) for name in ("ended", "asked", "newest")),
        *map(number, ("received", "landed", "refused", "counted")),
    )
    op.create_index("runs_latest", "runs", ["source", "stream", "id"])
    op.create_table(
        "quarantine",
        *map(word, ("source", "table", "rule", "key")),
        sa.PrimaryKeyConstraint("source", "table", "rule", "key"),
    )
    op.create_table(
        "touched",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        word("table"),
        dated("first"),
        dated("last"),
    )


def editions() -> None:
    op.create_table(
        "current", sa.Column("id", sa.Integer, primary_key=True), sa.Column("edition", sa.Integer, nullable=True)
    )
    op.create_table(
        "editions",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        dated("as_of"),
        moment("made"),
        word("organisation"),
        sa.Column("archive", sa.Boolean, nullable=False),
        word("notes"),
    )


def cells() -> None:
    op.create_table(
        "cells",
        sa.Column("edition", sa.Integer, nullable=False),
        *map(word, ("unit", "indicator")),
        dated("week"),
        *map(word, ("state", "mark")),
        *map(real, ("value", "low", "high")),
        *map(number, ("n", "people")),
        *map(word, ("verdict", "side")),
        *map(real, ("usual_low", "usual_high")),
        sa.PrimaryKeyConstraint("edition", "unit", "indicator", "week"),
        sqlite_with_rowid=False,
    )
    op.create_index("cells_of_an_indicator", "cells", ["edition", "indicator", "week"])


def beside_the_cells() -> None:
    op.create_table(
        "verdicts",
        sa.Column("edition", sa.Integer, nullable=False),
        *map(word, ("indicator", "unit")),
        sa.Column("week", sa.Date),
        *map(word, ("verdict", "side")),
        sa.Column("since", sa.Date),
        *map(real, ("before", "now")),
        number("n"),
        *map(real, ("strength", "p")),
        sa.Column("folded", sa.String),
        word("sentence"),
        sa.PrimaryKeyConstraint("edition", "indicator", "unit"),
    )
    op.create_table(
        "units",
        sa.Column("edition", sa.Integer, nullable=False),
        word("unit"),
        sa.Column("parent", sa.String),
        word("name"),
        sa.Column("depth", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("edition", "unit"),
    )
    edition = sa.Column("edition", sa.Integer, nullable=False)
    op.create_table("events", edition, dated("week"), sa.Column("unit", sa.String), word("text"))
    op.create_index("events_of_an_edition", "events", ["edition"])
    op.create_table(
        "feeds",
        sa.Column("edition", sa.Integer, nullable=False),
        *map(word, ("source", "table")),
        sa.Column("newest", sa.Date),
        number("rows"),
        *map(word, ("state", "words")),
        sa.PrimaryKeyConstraint("edition", "source", "table"),
    )


def what_was_told() -> None:
    op.create_table(
        "told",
        *map(word, ("export", "indicator", "unit", "verdict", "side")),
        sa.Column("since", sa.Date),
        moment("at"),
        sa.PrimaryKeyConstraint("export", "indicator", "unit"),
    )
    op.create_table(
        "acknowledgements",
        *map(word, ("indicator", "unit")),
        dated("since"),
        *map(word, ("who", "note")),
        moment("at"),
        sa.PrimaryKeyConstraint("indicator", "unit", "since"),
    )

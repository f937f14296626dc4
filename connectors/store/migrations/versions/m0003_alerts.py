"""Alerts with every change of them, mutes, and who asked to be told of what; acknowledgements become changes."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
MOVED = "acknowledged before alerts had a history"


def word(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String, nullable=False)


def counter() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def moments() -> list[sa.Column[Any]]:
    return [sa.Column("at", MOMENT, nullable=False), sa.Column("ended", MOMENT), word("ended_by")]


def upgrade() -> None:
    alerts = op.create_table(
        "alerts", counter(), *map(word, ("indicator", "unit", "side")), sa.Column("since", sa.Date)
    )
    changes = op.create_table(
        "alert_changes",
        *(sa.Column(name, sa.Integer, primary_key=True, autoincrement=False) for name in ("alert", "number")),
        sa.Column("at", MOMENT, nullable=False),
        *map(word, ("act", "who", "note", "owner", "outcome")),
        *(sa.Column(name, sa.Date) for name in ("due", "until", "week")),
    )
    op.create_table(
        "mutes",
        counter(),
        *map(word, ("unit", "indicator", "theme")),
        sa.Column("below", sa.Boolean, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        *map(word, ("who", "why")),
        *moments(),
    )
    op.create_table("subscriptions", counter(), *map(word, ("address", "unit", "theme", "tier", "by")), *moments())
    acknowledged(alerts, changes)
    op.drop_table("acknowledgements")


def acknowledged(alerts: sa.Table, changes: sa.Table) -> None:
    """Each becomes an alert that was raised and acknowledged; all but the newest of a place are over."""
    table = sa.table("acknowledgements", *(sa.column(name, sa.String) for name in ("indicator", "unit", "who", "note")),
                     sa.column("since", sa.Date), sa.column("at", MOMENT))  # fmt: skip
    connection = op.get_bind()
    rows = connection.execute(sa.select(table).order_by(table.c.since)).mappings().all()
    newest = {(row["indicator"], row["unit"]): row["since"] for row in rows}
    for row in rows:
        place = {"indicator": row["indicator"], "unit": row["unit"]}
        born = alerts.insert().values(**place, side="worse", since=row["since"]).returning(alerts.c.id)
        alert = connection.execute(born).scalar_one()
        happened = [("raised", "", "", row["since"]), ("acknowledged", row["who"], row["note"], None)]
        if newest[(row["indicator"], row["unit"])] != row["since"]:
            happened.append(("recovered", "", MOVED, row["since"]))
        for number, (act, who, note, week) in enumerate(happened, start=1):
            blank = {"owner": "", "outcome": "", "due": None, "until": None}
            key = {"alert": alert, "number": number, "at": row["at"], "week": week}
            connection.execute(changes.insert().values(**key, act=act, who=who, note=note, **blank))

"""The outbox: one row per report, time and recipient; and the reports that were made up on the screen."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def word(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String, nullable=nullable)


def moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "deliveries",
        *map(word, ("report", "period", "way", "recipient")),
        moment("due"),
        word("state"),
        sa.Column("tries", sa.Integer, nullable=False),
        moment("next"),
        word("holder", nullable=True),
        *(moment(name, nullable=True) for name in ("until", "ended")),
        sa.Column("packed", sa.LargeBinary),
        sa.Column("news", sa.Text),
        word("words"),
        sa.PrimaryKeyConstraint("report", "period", "way", "recipient"),
    )
    op.create_index("deliveries_open", "deliveries", ["state", "next"])
    op.create_table(
        "plans",
        word("name"),
        sa.Column("plan", sa.Text, nullable=False),
        word("by"),
        moment("at"),
        sa.PrimaryKeyConstraint("name"),
    )

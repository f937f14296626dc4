"""Who is who: links of accounts to people, what people decided about them, sealed names, and what share is known."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def word(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String, nullable=nullable)


def moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def counter() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def upgrade() -> None:
    op.create_table(
        "identity_links",
        counter(),
        word("account"),
        word("person", nullable=True),
        *map(word, ("why", "evidence", "state")),
        moment("since"),
        moment("until", nullable=True),
    )
    op.create_index("identity_links_now", "identity_links", ["until", "account"])
    op.create_table(
        "identity_batches",
        counter(),
        moment("at"),
        *map(word, ("by", "act", "note")),
        sa.Column("undone", sa.Integer),
    )
    op.create_table(
        "identity_decisions",
        counter(),
        sa.Column("batch", sa.Integer, nullable=False),
        word("account"),
        word("person", nullable=True),
        word("act"),
    )
    op.create_index("identity_decisions_of_a_batch", "identity_decisions", ["batch"])
    op.create_table("identities", word("token"), word("sealed"), sa.PrimaryKeyConstraint("token"))
    op.create_table(
        "coverage",
        sa.Column("edition", sa.Integer, nullable=False),
        *map(word, ("source", "table")),
        *(sa.Column(name, sa.BigInteger) for name in ("known", "placed", "whole")),
        sa.PrimaryKeyConstraint("edition", "source", "table"),
    )

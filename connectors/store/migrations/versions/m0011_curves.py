"""Curves of waits: how many still wait at a few fixed ages, by unit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "curves",
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("indicator", sa.String, nullable=False),
        sa.Column("unit", sa.String, nullable=False),
        sa.Column("week", sa.Date),
        sa.Column("age", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.BigInteger) for name in ("waiting", "low", "high", "at_risk", "median")),
        sa.PrimaryKeyConstraint("edition", "indicator", "unit", "age"),
    )

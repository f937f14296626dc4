"""The record of an edition's alarms, and of their rivals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "record",
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("rival", sa.String, nullable=False),
        *(sa.Column(name, sa.BigInteger) for name in ("alarms", "true", "events", "found")),
        *(sa.Column(f"{name}{end}", sa.Double) for name in ("precision", "recall") for end in ("", "_low", "_high")),
        *(sa.Column(name, sa.Double) for name in ("lead", "false_a_year", "years")),
        sa.PrimaryKeyConstraint("edition", "rival"),
    )

"""What the numbers of ties would be under other rules, by unit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tie_rules",
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("indicator", sa.String, nullable=False),
        sa.Column("unit", sa.String, nullable=False),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("turns", "weeks", "crowded")),
        sa.Column("week", sa.Date),
        *(sa.Column(name, sa.Double) for name in ("value", "ours")),
        sa.Column("alike", sa.Boolean),
        sa.PrimaryKeyConstraint("edition", "indicator", "unit", "turns", "weeks", "crowded"),
    )

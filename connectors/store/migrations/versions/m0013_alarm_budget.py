"""What the alarms of an edition are kept to, and how many a month that gives."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alarm_budget",
        sa.Column("edition", sa.Integer, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("month", "version")),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in ("series", "weeks")),
        *(sa.Column(name, sa.Double, nullable=False) for name in ("at_most", "ceiling")),
        sa.Column("given", sa.Double),
        sa.PrimaryKeyConstraint("edition", "month"),
    )

"""Whether people work as the chart says: groups that ties alone make, and teams dealt out by lot."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "divisions",
        sa.Column("edition", sa.Integer, primary_key=True),
        sa.Column("unit", sa.String, primary_key=True),
        sa.Column("week", sa.Date),
        *(sa.Column(name, sa.Double) for name in ("by_chance", "found", "found_by_lot")),
        sa.Column("groups", sa.BigInteger),
        *(sa.Column(name, sa.Double) for name in ("alike", "alike_by_lot")),
    )

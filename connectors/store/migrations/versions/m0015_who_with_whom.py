"""How closely the units right below another are tied to one another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "who_with_whom",
        sa.Column("edition", sa.Integer, nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in ("unit", "one", "other")),
        sa.Column("week", sa.Date),
        *(sa.Column(name, sa.Double) for name in ("density", "times")),
        sa.PrimaryKeyConstraint("edition", "unit", "one", "other"),
    )

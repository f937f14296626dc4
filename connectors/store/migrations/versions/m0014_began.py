"""When what rings began, looked back upon."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("began", "began_early", "began_late"):
        op.add_column("verdicts", sa.Column(name, sa.Date))

"""Cells without an index that no question needs: everybody asks by unit, and writing it took most of the time."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("cells_of_an_indicator", "cells")

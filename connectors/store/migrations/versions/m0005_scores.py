"""Scores of units, what they are made of and how far they may be believed; units beside their siblings."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def words(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.String, nullable=False) for name in names]


def reals(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Double) for name in names]


def count(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def made(name: str, keys: list[sa.Column[Any]], *rest: sa.Column[Any]) -> None:
    edition = sa.Column("edition", sa.Integer, nullable=False)
    op.create_table(name, edition, *keys, *rest, sa.PrimaryKeyConstraint("edition", *(key.name for key in keys)))


def upgrade() -> None:
    made(
        "scores",
        words("unit", "score"),
        *words("version", "missing", "changed", "colour"),
        *reals("value", "low", "high", "error", "present", "difference", "difference_low", "difference_high"),
        *reals("flips", "bottom", "place_low", "place_high", "quality", "coverage", "response", "reliability"),
        count("among"),
    )
    dated = [*words("unit", "score"), sa.Column("week", sa.Date, nullable=False)]
    made("score_courses", dated, *words("version"), *reals("value", "low", "high", "present"))
    made(
        "score_parts",
        words("unit", "score", "indicator"),
        count("place", nullable=False),
        *words("why", "mark"),
        sa.Column("week", sa.Date),
        *reals("weight", "used", "low_post", "high_post", "value", "points", "error"),
        count("n"),
    )
    made("score_drivers", words("unit", "score", "factor"), *reals("first", "total"))
    made(
        "score_checks",
        words("score", "kind", "indicator", "other"),
        *reals("value"),
        count("units"),
        sa.Column("flagged", sa.Boolean),
    )
    made(
        "comparisons",
        words("indicator", "parent", "unit"),
        sa.Column("week", sa.Date),
        *(count(name) for name in ("n", "peers")),
        *reals("value", "expected", "shrunk", "shrunk_low", "shrunk_high", "low95", "high95", "low998", "high998"),
        *reals("reliability", "scatter", "spread", "phi"),
        *words("said", "compare", "scale"),
    )

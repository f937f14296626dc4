"""The time ahead: outlooks and how they fare, modules, effects and relations, and what people say was begun."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBERS = ("stock", "stay", "stay_weight", "trained", "trained_shape", "joined", "joined_shape", "headcount", "drift",
           "spread", "free", "chance", "missing", "low", "high")  # fmt: skip
TESTED = ("brier", "persistence", "share", "skill", "skill_share", "slope", "covered", "covered_needed")


def word(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String, nullable=nullable)


def count(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def day(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Date, nullable=nullable)


def real(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Double)


def flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean)


def of_edition(name: str, *columns: Any, key: tuple[str, ...]) -> None:
    edition = sa.Column("edition", sa.Integer, nullable=False)
    op.create_table(name, edition, *columns, sa.PrimaryKeyConstraint("edition", *key))


def upgrade() -> None:
    of_edition(
        "outlook", word("unit"), word("skill"), count("ahead", nullable=False), day("week"), word("state"),
        *map(real, ("level", *NUMBERS)), word("dots", nullable=True), flag("now"), key=("unit", "skill", "ahead"),
    )  # fmt: skip
    of_edition(
        "backtests", count("ahead", nullable=False), word("state"), *map(count, ("misses", "origins", "n")),
        *map(real, TESTED), key=("ahead",),
    )  # fmt: skip
    of_edition(
        "modules", word("unit"), count("place", nullable=False), word("module"), word("skills"),
        *map(real, ("covers", "together", "uplift", "low", "high")), count("n"), key=("unit", "place"),
    )  # fmt: skip
    of_edition(
        "effects", *map(word, ("intervention", "indicator", "method", "name", "unit")), day("began"),
        *map(real, ("value", "low", "high")), *map(count, ("before", "after")), flag("alike"), flag("clear"),
        word("sentence"), key=("intervention", "indicator", "method"),
    )  # fmt: skip
    of_edition(
        "relations", word("first"), word("second"), count("lag", nullable=False), word("expected"),
        *map(real, ("value", "low", "high", "p", "q")), *map(count, ("units", "n")), word("said"),
        key=("first", "second", "lag"),
    )  # fmt: skip
    of_edition(
        "interventions", word("intervention"), word("name"), word("kind", nullable=True), word("unit", nullable=True),
        day("began"), key=("intervention",),
    )  # fmt: skip
    op.create_table(
        "outlook_days", count("ahead", nullable=False), day("day", nullable=False), word("state"),
        count("misses", nullable=False), real("skill"), sa.PrimaryKeyConstraint("ahead", "day"),
    )  # fmt: skip
    op.create_table(
        "begun", word("intervention"), word("name"), word("kind", nullable=True), word("unit", nullable=True),
        day("began", nullable=False), word("who"), sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("intervention"),
    )  # fmt: skip

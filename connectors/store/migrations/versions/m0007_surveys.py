"""The evidence of surveys: what is told of each scale and wave, of its items, and of behaviour beside it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

COUNTS = ("series", "points", "items", "n", "invited", "teams", "split")
AMOUNTS = (
    *("low", "high", "mean", "favourable", "response", "answered"),
    *("gap", "gap_d", "representative", "weighted", "worst_low", "worst_high"),
    *("alpha", "alpha_low", "alpha_high", "alpha_within", "omega", "left_over"),
    *("rest_low", "rest_straight", "rest_reversed", "ad", "agreed"),
    *("r_star", "r_star_skew", "rwg", "rwg_skew"),
    *("icc1", "icc2", "icc_p", "team_size", "reliability"),
    *("change", "change_low", "change_high", "detectable", "held_change"),
)
VERDICTS = ("rely", "aggregate", "compare", "changed")
WORDS = ("rely_words", "aggregate_words", "compare_words", "change_words")


def word(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String, nullable=nullable)


def edition() -> sa.Column[Any]:
    return sa.Column("edition", sa.Integer, nullable=False)


def upgrade() -> None:
    op.create_table(
        "surveys",
        edition(),
        *map(word, ("indicator", "unit")),
        sa.Column("week", sa.Date, nullable=False),
        *(sa.Column(name, sa.BigInteger) for name in COUNTS),
        *(sa.Column(name, sa.Double) for name in AMOUNTS),
        sa.Column("team", sa.Boolean),
        sa.Column("then", sa.Date),
        *(word(name, nullable=True) for name in ("of", "apart", "moved_items")),
        *map(word, (*VERDICTS, *WORDS)),
        sa.PrimaryKeyConstraint("edition", "indicator", "unit", "week"),
    )
    op.create_table(
        "survey_items",
        edition(),
        *map(word, ("indicator", "unit")),
        sa.Column("week", sa.Date, nullable=False),
        word("item"),
        sa.Column("reversed", sa.Boolean),
        sa.Column("rest", sa.Double),
        sa.Column("moved", sa.Boolean),
        sa.PrimaryKeyConstraint("edition", "indicator", "unit", "week", "item"),
    )
    op.create_table(
        "agreements",
        edition(),
        *map(word, ("unit", "indicator")),
        sa.Column("week", sa.Date),
        *map(word, ("says", "does", "flag", "words")),
        sa.PrimaryKeyConstraint("edition", "unit", "indicator"),
    )

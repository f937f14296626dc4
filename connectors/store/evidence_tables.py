"""The SQL tables of what stands beside a number so that it may be believed: curves of waits, other rules,
who works with whom, and whether that is as the chart says."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column

from connectors.store.schema import Count, Date, Flag, Real, metadata, of_edition, word

curves = sa.Table(
    "curves",
    metadata,
    of_edition(),
    word("indicator", key=True),
    word("unit", key=True),
    Column("week", Date),
    Column("age", Count, primary_key=True, autoincrement=False),
    *(Column(name, Count) for name in ("waiting", "low", "high", "at_risk", "median")),
)

tie_rules = sa.Table(
    "tie_rules",
    metadata,
    of_edition(),
    word("indicator", key=True),
    word("unit", key=True),
    *(Column(name, Count, primary_key=True, autoincrement=False) for name in ("turns", "weeks", "crowded")),
    Column("week", Date),
    *(Column(name, Real) for name in ("value", "ours")),
    Column("alike", Flag),
)

who_with_whom = sa.Table(
    "who_with_whom",
    metadata,
    of_edition(),
    *(word(name, key=True) for name in ("unit", "one", "other")),
    Column("week", Date),
    *(Column(name, Real) for name in ("density", "times")),
)

divisions = sa.Table(
    "divisions",
    metadata,
    of_edition(),
    word("unit", key=True),
    Column("week", Date),
    *(Column(name, Real) for name in ("by_chance", "found", "found_by_lot")),
    Column("groups", Count),
    *(Column(name, Real) for name in ("alike", "alike_by_lot")),
)

PUBLISHED = {table.name: table for table in (curves, tie_rules, who_with_whom, divisions)}

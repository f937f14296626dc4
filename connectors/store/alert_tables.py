"""The SQL tables of alerts: each, every change of one, mutes, subscriptions; record and budget of an edition."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column

from connectors.store.schema import Count, Date, Flag, Moment, Real, counter, metadata, of_edition, word

alerts = sa.Table("alerts", metadata, counter(), *map(word, ("indicator", "unit", "side")), Column("since", Date))
changes = sa.Table(
    "alert_changes",
    metadata,
    Column("alert", sa.Integer, primary_key=True, autoincrement=False),
    Column("number", sa.Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    *map(word, ("act", "who", "note", "owner", "outcome")),
    *(Column(name, Date) for name in ("due", "until", "week")),
)
mutes = sa.Table(
    "mutes",
    metadata,
    counter(),
    *map(word, ("unit", "indicator", "theme")),
    Column("below", Flag, nullable=False),
    Column("until", Date, nullable=False),
    *map(word, ("who", "why")),
    Column("at", Moment, nullable=False),
    Column("ended", Moment),
    word("ended_by"),
)
subscriptions = sa.Table(
    "subscriptions",
    metadata,
    counter(),
    *map(word, ("address", "unit", "theme", "tier", "by")),
    Column("at", Moment, nullable=False),
    Column("ended", Moment),
    word("ended_by"),
)
record = sa.Table(
    "record",
    metadata,
    of_edition(),
    word("rival", key=True),
    *(Column(name, Count) for name in ("alarms", "true", "events", "found")),
    *(Column(f"{name}{end}", Real) for name in ("precision", "recall") for end in ("", "_low", "_high")),
    *(Column(name, Real) for name in ("lead", "false_a_year", "years")),
)
alarm_budget = sa.Table(
    "alarm_budget",
    metadata,
    of_edition(),
    word("month", key=True),
    word("version"),
    *(Column(name, Count, nullable=False) for name in ("series", "weeks")),
    *(Column(name, Real, nullable=False) for name in ("at_most", "ceiling")),
    Column("given", Real),
)
PUBLISHED = {record.name: record, alarm_budget.name: alarm_budget}

"""Reports that somebody planned on the screen: what, when and to whom, and who said so."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from connectors.store.database import Database, upsert
from connectors.store.schema import Moment, metadata, word

plans = sa.Table(
    "plans",
    metadata,
    word("name", key=True),
    sa.Column("plan", sa.Text, nullable=False),
    word("by"),
    sa.Column("at", Moment, nullable=False),
)


class Plans(Database):
    """Plans by name; those in the settings are not here."""

    def plan_report(self, name: str, plan: Mapping[str, Any], by: str, at: datetime) -> None:
        """Keep a plan; a second one of this name replaces the first."""
        with self.writing() as connection:
            upsert(connection, plans, [{"name": name, "plan": json.dumps(dict(plan)), "by": by, "at": at}])

    def drop_plan(self, name: str) -> None:
        with self.writing() as connection:
            connection.execute(sa.delete(plans).where(plans.c.name == name))

    def plans(self) -> dict[str, dict[str, Any]]:
        """Each plan as it was given, and `by`, who made it."""
        with self.reading() as connection:
            rows = connection.execute(sa.select(plans.c.name, plans.c.plan, plans.c.by).order_by(plans.c.name)).all()
        return {name: json.loads(plan) | {"by": by} for name, plan, by in rows}

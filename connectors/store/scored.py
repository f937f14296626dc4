"""Reading what an edition makes of its cells: scores, their parts and courses, units beside their
siblings, the curves of waits, what ties would be by another rule, and
who works with whom."""

from __future__ import annotations

import polars as pl
import sqlalchemy as sa

from connectors.store.database import Database
from connectors.store.editions import of_current
from connectors.store.evidence_tables import curves, divisions, tie_rules, who_with_whom
from connectors.store.score_tables import (
    comparisons,
    score_checks,
    score_courses,
    score_drivers,
    score_parts,
    scores,
)


class Scored(Database):
    """The scores of the edition on show."""

    def scores(self, unit: str | None = None) -> pl.DataFrame:
        return self.read(asked(scores, unit=unit))

    def score_courses(self, unit: str, score: str | None = None) -> pl.DataFrame:
        return self.read(asked(score_courses, unit=unit, score=score))

    def score_parts(self, unit: str, score: str | None = None) -> pl.DataFrame:
        return self.read(asked(score_parts, unit=unit, score=score).order_by(None).order_by("score", "place"))

    def score_drivers(self, unit: str, score: str) -> pl.DataFrame:
        return self.read(asked(score_drivers, unit=unit, score=score))

    def score_checks(self, score: str) -> pl.DataFrame:
        return self.read(asked(score_checks, score=score))

    def comparisons(self, indicator: str, parent: str | None = None) -> pl.DataFrame:
        return self.read(asked(comparisons, indicator=indicator, parent=parent))

    def curves(self, indicator: str) -> pl.DataFrame:
        return self.read(asked(curves, indicator=indicator))

    def tie_rules(self, indicator: str) -> pl.DataFrame:
        return self.read(asked(tie_rules, indicator=indicator))

    def who_with_whom(self, unit: str) -> pl.DataFrame:
        return self.read(asked(who_with_whom, unit=unit))

    def divisions(self, unit: str) -> pl.DataFrame:
        return self.read(asked(divisions, unit=unit))


def asked(table: sa.Table, **which: str | None) -> sa.Select[tuple[object, ...]]:
    """The rows of the edition on show in which these columns are so, by their keys."""
    wanted = {name: value for name, value in which.items() if value is not None}
    query = of_current(table).where(*(table.c[name] == value for name, value in wanted.items()))
    return query.order_by(*(column for column in table.primary_key if column.name != "edition"))

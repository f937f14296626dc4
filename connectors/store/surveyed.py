"""Reading the evidence of surveys: how far each scale may be trusted, its items, and behaviour beside it."""

from __future__ import annotations

import polars as pl

from connectors.store.database import Database
from connectors.store.editions import of_current
from connectors.store.survey_tables import agreements, survey_items, surveys


class Surveyed(Database):
    """The evidence of surveys in the edition on show."""

    def surveys(self, indicator: str | None = None, unit: str | None = None) -> pl.DataFrame:
        """The evidence of survey scales, oldest first: of one scale, of one unit; all by default."""
        query = of_current(surveys).order_by(surveys.c.indicator, surveys.c.unit, surveys.c.week)
        if indicator is not None:
            query = query.where(surveys.c.indicator == indicator)
        return self.read(query if unit is None else query.where(surveys.c.unit == unit))

    def survey_items(self, indicator: str, unit: str) -> pl.DataFrame:
        """The items of one scale in one unit, wave by wave."""
        table = survey_items
        mine = (table.c.indicator == indicator) & (table.c.unit == unit)
        return self.read(of_current(table).where(mine).order_by(table.c.week, table.c.item))

    def agreements(self, unit: str) -> pl.DataFrame:
        """Whether what the people of a unit say and what they do moved the same way, by behaviour."""
        return self.read(of_current(agreements).where(agreements.c.unit == unit).order_by(agreements.c.indicator))

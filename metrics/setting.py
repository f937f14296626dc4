"""What all indicators are seen in: the tree of each week, weeks held, quiet or beginning anew, and the surveys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import polars as pl

from metrics.coverage import MINIMUM, SHAPE
from metrics.gaps import gaps, quiet
from metrics.leaders import lifts
from metrics.reorganisation import breaks
from metrics.survey.published import Surveys
from metrics.tree import closure
from metrics.weeks import Calendar, spine


@dataclass(frozen=True)
class Setting:
    """What all indicators are seen in: the tree of each week, which weeks are held, quiet, or begin anew."""

    calendar: Calendar
    parents: pl.DataFrame
    above: pl.DataFrame
    teams: pl.DataFrame
    moves: pl.DataFrame
    held: pl.DataFrame
    quiet: pl.DataFrame
    breaks: pl.DataFrame
    coverage: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SHAPE))
    minimum: float = MINIMUM
    surveys: Surveys = field(default_factory=Surveys)

    @classmethod
    def of(
        cls, calendar: Calendar, parents: pl.DataFrame, teams: pl.DataFrame, rows: pl.DataFrame, **known: Any
    ) -> Setting:
        """`parents`: week, unit, parent, name; `teams`: person, week, unit; `rows`: source, table, week, rows.

        `known`: the `coverage` and the `minimum` share of it, where HR tells of anybody; the `surveys`.
        """
        first = parents["week"].min()
        weeks = spine(first if first else calendar.last, calendar.last)  # type: ignore[arg-type]
        return cls(
            calendar,
            parents,
            closure(parents),
            teams,
            lifts(teams, parents, calendar.k),
            gaps(rows, weeks, calendar),
            quiet(rows, weeks, calendar),
            breaks(teams, parents),
            **known,
        )

    @property
    def depth(self) -> pl.DataFrame:
        """How far below the root each unit is now."""
        now = self.above.filter(pl.col("week") == pl.col("week").max())
        return now.group_by("unit").agg(depth=pl.col("distance").max().cast(pl.Int64))

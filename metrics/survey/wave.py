"""One scale in one wave: what each respondent answered, in which team, and the units above the teams."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from metrics.respondents import parts
from metrics.scales import Floats

Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
FINEST = 11  # answers a scale may have for its points to be worded, "agree" and the like


@dataclass(frozen=True)
class Wave:
    """Rows of `metrics.respondents` of one week as arrays.

    `answers` (people, items) are points of the scale, NaN where left out; `team` is the place of each respondent's
    unit among `units`, `below` and `above` the places of each unit that has respondents and of each that holds it.
    """

    week: date
    series: str
    answers: Floats
    scores: Floats
    team: Places
    units: tuple[str, ...]
    below: Places
    above: Places

    @classmethod
    def all(cls, rows: pl.DataFrame, tree: pl.DataFrame) -> Iterator[Wave]:
        """The waves in `rows`, oldest first; `tree` is the closure `week, unit, ancestor`."""
        for (week,), mine in rows.sort("week", "unit", "person").group_by("week", maintain_order=True):
            direct = mine["unit"].unique().to_list()
            held = tree.filter(pl.col("week") == week, pl.col("unit").is_in(direct)).select("unit", "ancestor")
            units = sorted({*direct, *held["ancestor"].to_list()})
            at = {unit: place for place, unit in enumerate(units)}
            places = [np.array([at[unit] for unit in held[end]], np.int64) for end in ("unit", "ancestor")]
            answers = np.array(mine["items"].to_list(), dtype=float).reshape(mine.height, -1)
            team = np.array([at[unit] for unit in mine["unit"]], np.int64)
            yield cls(week, mine["series"][0], answers, mine["score"].to_numpy(), team, tuple(units), *places)

    @cached_property
    def asked(self) -> tuple[float, float, list[str], list[bool]]:
        """The ends of the scale, the items by name, and which of them are turned round."""
        return parts(self.series)

    @property
    def points(self) -> int:
        """How many answers there are to choose from."""
        low, high, _, _ = self.asked
        return round(high - low) + 1

    @cached_property
    def people(self) -> Floats:
        """How many answered, by unit and in all below."""
        return self.rolled(np.ones(len(self.team)))

    @cached_property
    def teams(self) -> Flags:
        """The units with respondents of their own and nobody's unit above them."""
        direct, holds = np.zeros(len(self.units), bool), np.zeros(len(self.units), bool)
        direct[self.team] = True
        holds[self.above[self.below != self.above]] = True
        return np.asarray(direct & ~holds)

    def direct(self, values: Floats) -> Floats:
        """Sums of respondents' values by the unit they are in themselves."""
        found = np.zeros((len(self.units), *values.shape[1:]))
        np.add.at(found, self.team, values)
        return found

    def up(self, sums: Floats) -> Floats:
        """Sums by unit, added up the tree."""
        found = np.zeros_like(sums)
        np.add.at(found, self.above, sums[self.below])
        return found

    def rolled(self, values: Floats) -> Floats:
        return self.up(self.direct(values))

    def of(self, by_unit: dict[str, float]) -> Floats:
        """What stands for each unit of this wave by its name, 0 where nothing does."""
        return np.array([by_unit.get(unit, 0.0) for unit in self.units])

    def frame(self, columns: dict[str, Any]) -> pl.DataFrame:
        """Columns by unit as a frame: `unit, week` and the columns, NaN as null."""
        made = pl.DataFrame({"unit": list(self.units), **columns}).with_columns(week=pl.lit(self.week))
        return made.with_columns(pl.selectors.float().fill_nan(None))

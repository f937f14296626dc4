"""One score of many units and days at once: what its parts bring, their mean, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from metrics.goalposts import Score
from metrics.spc import Flags, Floats

PRESENT = 0.6
Z90 = 1.6448536269514722


@dataclass(frozen=True)
class Grid:
    """One score of many units and days (rows of both): of each part its points, their error, how far it lies between
    or beyond its goalposts, and its week; nan where it lacks. `together`: how far errors of parts go together."""

    score: Score
    rows: pl.DataFrame
    points: Floats
    error: Floats
    share: Floats
    week: Floats
    together: Floats

    @classmethod
    def of(cls, score: Score, found: pl.DataFrame, r: pl.DataFrame) -> Grid:
        """`found`: points of this score alone; `r`: how far errors go together."""
        names = [part.indicator for part in score.parts]
        rows = found.select("unit", "at").unique().sort("unit", "at")
        at = rows.with_row_index("row")
        placed = found.join(at, on=["unit", "at"])
        where = placed["row"].to_numpy(), np.array([names.index(name) for name in placed["indicator"]], int)

        def laid(column: str) -> Floats:
            array = np.full((rows.height, len(names)), np.nan)
            array[where] = placed[column].to_physical().cast(pl.Float64).fill_null(np.nan).to_numpy()
            return array

        matrix = np.eye(len(names))
        for one, other, value, _ in r.iter_rows():
            a, b = names.index(one), names.index(other)
            matrix[a, b] = matrix[b, a] = value
        return cls(score, rows, laid("points"), laid("error"), laid("share"), laid("week"), matrix)

    @property
    def weights(self) -> Floats:
        return np.array(list(self.score.weights.values()))

    @property
    def used(self) -> Floats:
        """The weights of the parts that are there, those of the others spread over them."""
        there = np.where(np.isfinite(self.points), self.weights, 0.0)
        return np.asarray(there / self.present[:, None].clip(1e-12))

    @property
    def present(self) -> Floats:
        return np.asarray(np.where(np.isfinite(self.points), self.weights, 0.0).sum(axis=1))

    def scored(self) -> tuple[Floats, Floats]:
        """The score and its standard error: nan under 60 % of the weight; an error nan where that of a part is."""
        enough = self.present >= PRESENT - 1e-9
        value = np.where(enough, (self.used * np.nan_to_num(self.points)).sum(axis=1), np.nan)
        return value, np.where(enough, self.spread(self.used, self.error), np.nan)

    def spread(self, used: Floats, error: Floats) -> Floats:
        """The root of w' Sigma w, Sigma from the errors and how far they go together."""
        parts = np.where(used > 0, used * np.where(used > 0, error, 0.0), 0.0)
        return np.asarray(np.sqrt(np.maximum(np.einsum("ri,ij,rj->r", parts, self.together, parts), 0)))

    def at(self, day: date) -> Grid:
        return self.only((self.rows["at"] == day).to_numpy())

    def of_units(self, units: pl.Series) -> Grid:
        return self.only(self.rows["unit"].is_in(units.implode()).to_numpy())

    def only(self, chosen: Flags) -> Grid:
        kept = self.rows.filter(pl.Series(chosen))
        points, error, share, week = (one[chosen] for one in (self.points, self.error, self.share, self.week))
        return Grid(self.score, kept, points, error, share, week, self.together)


def ends(value: Floats, error: Floats) -> tuple[Floats, Floats]:
    """The 90 % interval within 0 to 100."""
    return np.maximum(value - Z90 * error, 0.0), np.minimum(value + Z90 * error, 100.0)

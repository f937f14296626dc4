"""What is told of the time ahead: each need that may be shown, with its futures; and what would change them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from metrics.chances import STATED, futures
from metrics.outlook import QUARTER
from metrics.pools import open_pools
from metrics.spc import Floats

SHAPE = {
    "unit": pl.String, "skill": pl.String, "ahead": pl.Int64, "week": pl.Date, "state": pl.String, "level": pl.Float64,
    **dict.fromkeys(STATED, pl.Float64), "chance": pl.Float64, "missing": pl.Float64, "low": pl.Float64,
    "high": pl.Float64, "dots": pl.String, "now": pl.Boolean,
}  # fmt: skip
DOTS = 20
NUMBERS = ("value", "low", "high", "n", "people", "usual_low", "usual_high")
TAILS = (0.05, 0.95)


@dataclass(frozen=True)
class Step:
    """What one might do for a skill of a unit within the horizon: people trained to the level, hired, moved in."""

    train: int = 0
    hire: int = 0
    move: int = 0


@dataclass(frozen=True)
class Answer:
    """What may come: chance of a shortage, people missing (under 0: to spare) on average, and their 90 % range."""

    chance: float
    missing: float
    low: float
    high: float
    dots: tuple[float, ...]

    @property
    def of_ten(self) -> int:
        return of_ten(self.chance)


def of_ten(chance: float) -> int:
    """In how many of ten futures; never 0 or 10 unless it is as good as sure."""
    return min(max(round(chance * 10), 1 if chance > 0.02 else 0), 9 if chance < 0.98 else 10)


def outlook(forecasts: pl.DataFrame, parents: pl.DataFrame, units: pl.DataFrame, k: int) -> pl.DataFrame:
    """The newest forecasts of the units that may be shown (`SHAPE`); of those that may not, name and state alone."""
    newest = forecasts.filter(pl.col("week") == pl.col("week").max())
    if newest.is_empty():
        return pl.DataFrame(schema=SHAPE)
    may = open_pools(newest, parents, k).with_columns(state=pl.lit("shown"))
    seen = newest.join(units.select("unit"), on="unit", how="semi").join(may, on=["unit", "skill"], how="left")
    rows = [row | _told(row) if row["state"] else _hidden(row) for row in seen.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=SHAPE).sort("unit", "skill", "ahead")


def what_if(row: Mapping[str, Any], step: Step, *, lands: float = 1.0) -> Answer:
    """What may come of one need (a row of `outlook`) if that were done, in the same futures as without.

    `lands`: the share of those trained who reach the level within the horizon. Whoever is hired or moved in holds it
    from the first day, and stays as others do. Where those who move in come from is not looked at.
    """
    if min(step.train, step.hire, step.move) < 0 or not 0 <= lands <= 1:
        raise ValueError(f"{step} with {lands:.0%} reaching the level cannot be; give counts from 0 and a share")
    needed, there = futures(row)
    rng = np.random.default_rng(2)
    stay = rng.beta(row["stay"] * row["stay_weight"], (1 - row["stay"]) * row["stay_weight"], len(there))
    more = rng.binomial(step.train, lands, len(there)) + rng.binomial(step.hire + step.move, stay)
    return _answer(needed - there - more)


def _answer(missing: Floats) -> Answer:
    low, high = np.quantile(missing, TAILS)
    dots = np.quantile(missing, (np.arange(DOTS) + 0.5) / DOTS)
    return Answer(float((missing > 0).mean()), float(missing.mean()), float(low), float(high), tuple(dots.tolist()))


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    found = what_if(row, Step())
    dots = " ".join(f"{dot:.1f}" for dot in found.dots)
    return {"chance": found.chance, "missing": found.missing, "low": found.low, "high": found.high, "dots": dots}


def _hidden(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("unit", "skill", "ahead", "week")} | {"state": "hidden"}


def labelled(cells: pl.DataFrame, states: Mapping[int, str], indicator: str = "skill_shortage") -> pl.DataFrame:
    """The cells, those of forecasts one quarter ahead under the name they deserve: `states` by weeks ahead.

    What has not yet beaten persistence is marked "experimental"; what was withdrawn keeps no number.
    """
    state = states.get(QUARTER, "experimental")
    mine = pl.col("indicator") == indicator
    if state == "forecast":
        return cells
    if state == "withdrawn":
        gone = [pl.when(~mine).then(name).alias(name) for name in NUMBERS]
        return cells.with_columns(*gone, mark=pl.when(mine).then(pl.lit("withdrawn")).otherwise("mark"))
    plain = mine & (pl.col("mark") == "") & pl.col("value").is_not_null()
    return cells.with_columns(mark=pl.when(plain).then(pl.lit("experimental")).otherwise("mark"))


def likely(rows: pl.DataFrame) -> tuple[int, int, int, int]:
    """Of the needs of one horizon: how many are more likely short than not, how many of these are not short now, how
    many are seen, how many hidden."""
    seen = rows.filter(pl.col("state") == "shown")
    short = seen.filter(pl.col("chance") > 0.5)
    return short.height, short.filter(~pl.col("now")).height, seen.height, rows.height - seen.height


def ordered(rows: pl.DataFrame) -> pl.DataFrame:
    """The needs that may be shown: first what is likely to become short, then what is short and stays so, then the
    rest; the likelier first, and of two alike the one that lacks more."""
    seen = rows.filter(pl.col("state") == "shown")
    group = pl.when(pl.col("chance") <= 0.5).then(2).otherwise(pl.col("now").cast(pl.Int64))
    return seen.sort(group, -pl.col("chance").round(1), -pl.col("missing"), "skill", "unit")

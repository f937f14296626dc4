"""Whether forecasts deserve the name: put to the test on the past, against rivals that cost nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from metrics.chances import covered
from metrics.outlook import AHEAD
from metrics.spc import Floats

LEAST = 8
LEARNT = 52  # weeks of history before the first forecast that is tested
MISSES = 2
SHAPE = {
    "ahead": pl.Int64, "origins": pl.Int64, "n": pl.Int64, "brier": pl.Float64, "persistence": pl.Float64,
    "share": pl.Float64, "skill": pl.Float64, "skill_share": pl.Float64, "slope": pl.Float64, "covered": pl.Float64,
    "covered_needed": pl.Float64,
}  # fmt: skip


def brier(chance: npt.ArrayLike, came: npt.ArrayLike) -> float:
    """Mean squared distance of chances from what came (Brier 1950): 0 is perfect, .25 is a coin's."""
    p, y = np.asarray(chance, float), np.asarray(came, float)
    if p.shape != y.shape or not p.size:
        raise ValueError(f"each chance takes one outcome, and there is one at least; got {p.shape} and {y.shape}")
    return float(((p - y) ** 2).mean())


def skill(score: float, rival: float) -> float | None:
    """Brier skill score: the share of the rival's error that is saved; None where the rival makes none."""
    return 1 - score / rival if rival > 0 else None


def slope(chance: npt.ArrayLike, came: npt.ArrayLike) -> float | None:
    """Calibration slope (Cox 1958): 1 if chances are as extreme as they may be, under 1 if they are too sure.

    Logistic regression on the logit, chances kept within .01 and .99. None where all came or none did.
    """
    p, y = np.clip(np.asarray(chance, float), 0.01, 0.99), np.asarray(came, float)
    logit = np.log(p / (1 - p))
    if y.size < 3 or y.min() == y.max() or np.ptp(logit) < 1e-9:
        return None
    x, beta = np.column_stack([np.ones(len(y)), logit]), np.array([0.0, 1.0])
    for _ in range(50):
        fitted = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        weight = fitted * (1 - fitted)
        step = np.linalg.solve(x.T @ (x * weight[:, None]) + 1e-9 * np.eye(2), x.T @ (y - fitted))
        beta = beta + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-10:
            break
    return float(beta[1])


def backtest(forecasts: pl.DataFrame) -> pl.DataFrame:
    """One row per horizon (`SHAPE`) of the forecasts whose end has come, made when a year of history was known.

    Each forecast knew only what could be known when it was made (see `metrics.outlook.forecasts`). `persistence`: the
    Brier score of saying that what is short stays short; `share`: of saying, each time, the share that had been short
    until then. `skill` and `skill_share` are against these. `covered`: how often the 90 % range of those who hold the
    level held what came, `covered_needed` that of those needed.
    """
    if forecasts.is_empty():
        return pl.DataFrame(schema=SHAPE)
    first: date = forecasts["week"].min()  # type: ignore[assignment]
    over = forecasts.filter(pl.col("short").is_not_null())
    rows = [
        _tested(weeks, mine.filter(pl.col("week") >= first + timedelta(weeks=LEARNT)), mine)
        for (weeks,), mine in over.group_by("ahead", maintain_order=True)
    ]
    return pl.DataFrame([row for row in rows if row], schema=SHAPE, orient="row").sort("ahead")


def _tested(weeks: Any, mine: pl.DataFrame, past: pl.DataFrame) -> tuple[Any, ...] | None:
    if mine.is_empty():
        return None
    came, chance = mine["short"].cast(pl.Float64).to_numpy(), mine["chance"].to_numpy()
    score = brier(chance, came)
    stays, share = brier(mine["now"].cast(pl.Float64), came), brier(_shares(mine, past, weeks), came)
    held = covered(mine)
    return (
        weeks, mine["week"].n_unique(), len(mine), score, stays, share, skill(score, stays), skill(score, share),
        slope(chance, came), held["there"].mean(), held["needed"].mean(),
    )  # fmt: skip


def _shares(mine: pl.DataFrame, past: pl.DataFrame, weeks: int) -> Floats:
    """For each forecast the share that had been short among those whose end had come when it was made."""
    known = past.group_by(week=pl.col("week") + pl.duration(weeks=weeks)).agg(
        many=pl.len(), short=pl.col("short").sum()
    )
    run = known.sort("week").with_columns(pl.col("many", "short").cum_sum())
    each = mine.select("week").with_row_index().sort("week").join_asof(run, on="week").sort("index")
    return each.select((pl.col("short") / pl.col("many")).fill_null(0.5)).to_series().to_numpy()


def standing(found: Mapping[str, Any] | None, before: Mapping[str, Any] | None) -> tuple[str, int]:
    """What the forecasts of a horizon may be called, and how many refreshes in a row they have not beaten persistence.

    `forecast` while they beat it on eight origins or more, `withdrawn` once they have not in two refreshes running,
    `experimental` before either is known. `before`: the same of the refresh before (`state`, `misses`).
    """
    misses, state = (int(before["misses"]), str(before["state"])) if before else (0, "experimental")
    if found is None or found["skill"] is None or found["origins"] < LEAST:
        return ("experimental" if state == "experimental" else state), misses
    if found["skill"] > 0:
        return "forecast", 0
    misses += 1
    if misses >= MISSES:
        return "withdrawn", misses
    return state, misses


def stood(tests: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """The tests of all horizons with `state` and `misses`, given those of the day before (`ahead, state, misses`)."""
    found = {row["ahead"]: row for row in tests.iter_rows(named=True)}
    known = {row["ahead"]: row for row in before.iter_rows(named=True)}
    rows = []
    for weeks in sorted({*AHEAD, *found, *known}):
        state, misses = standing(found.get(weeks), known.get(weeks))
        rows.append({"ahead": weeks, "origins": 0, "n": 0} | found.get(weeks, {}) | {"state": state, "misses": misses})
    return pl.DataFrame(rows, schema=SHAPE | {"state": pl.String, "misses": pl.Int64})

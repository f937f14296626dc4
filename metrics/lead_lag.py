"""Does one indicator move before another within the same units? With its interval, and for how many were asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import stats

from metrics.regression import clustered, two_sided
from metrics.spc import Floats, adjusted

BLOCK = 4
LAGS = (1, 2, 3)
FEWEST = 8
FALSE = 0.10
TOGETHER = 0.3  # two that share so much within a month share its chance too, and neither leads
FIRST = pl.date(1970, 1, 5)
SHAPE = {
    "first": pl.String, "second": pl.String, "expected": pl.String, "lag": pl.Int64, "value": pl.Float64,
    "low": pl.Float64, "high": pl.Float64, "p": pl.Float64, "q": pl.Float64, "units": pl.Int64, "n": pl.Int64,
    "said": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Expected:
    """A relation expected before looking: `first` should move before `second`, `up` the same way or against it."""

    first: str
    second: str
    up: bool
    after: str


EXPECTED = (
    Expected("link_rate", "knowledge_reuse", True, "KCS v6: what is linked can be reused"),
    Expected("knowledge_reuse", "lead_time", True, "Markus 2001: known answers are quicker answers"),
    Expected("action_completion", "reopened_work", False, "Google SRE Book, ch. 15: done lessons are not learnt twice"),
    Expected("question_answered", "knowledge_reuse", True, "Hansen 1999: who is helped passes it on"),
    Expected("cross_team_density", "cross_team_reuse", True, "Tsai 2001: knowledge travels along ties"),
    Expected("peer_review", "reopened_work", False, "Bacchelli & Bird 2013: what is reviewed comes back less"),
    Expected("knowledge_freshness", "link_accuracy", True, "KCS v6: reuse is review"),
)


def lead_lag(series: Mapping[str, pl.DataFrame], pairs: Iterable[Expected] = EXPECTED) -> pl.DataFrame:
    """One row per expected relation and lag of 1 to 3 blocks of four weeks (`SHAPE`).

    `series`: per indicator the weekly `unit, week, value, n, ok`. Within units (each unit's own level, and what all
    units share in a block, taken out) the second indicator is explained by itself one block before and by the first
    so many blocks before, both in standard deviations within units; errors by unit,
    without the bias of short series. `value` is the change of the
    second, in SD, that follows one SD of the first. `q` is corrected (Benjamini & Hochberg) for everything asked here.
    Relations between units are not relations between people. Fewer than 8 units: no row.
    """
    blocks = {name: _blocks(frame) for name, frame in series.items()}
    rows = [
        (one, lag, *found, _together(blocks[one.first], blocks[one.second]))
        for one in pairs
        if one.first in blocks and one.second in blocks
        for lag in LAGS
        if (found := _related(blocks[one.first], blocks[one.second], lag))
    ]
    corrected = adjusted([p for *_, p, _, _, _ in rows]) if rows else np.empty(0)
    told = [
        (one.first, one.second, "same" if one.up else "opposite", lag, value, low, high, p, q, units, n,
         said(one, value, q, same))
        for (one, lag, value, low, high, p, units, n, same), q in zip(rows, map(float, corrected), strict=True)
    ]  # fmt: skip
    return pl.DataFrame(told, schema=SHAPE, orient="row")


def said(one: Expected, value: float, q: float, together: float = 0.0) -> str:
    """as expected, the other way round, or not seen here; and where it cannot be told, that they move together."""
    if q > FALSE:
        return "not seen here"
    if abs(together) >= TOGETHER:
        return "together in the same month"
    return "as expected" if (value > 0) == one.up else "the other way round"


def _blocks(frame: pl.DataFrame) -> pl.DataFrame:
    """Means of blocks of four weeks counted from 1970, weighted by the events behind them: `unit, block, value`."""
    weight = pl.col("n").cast(pl.Float64).fill_null(1.0)
    block = ((pl.col("week") - FIRST).dt.total_days() // (7 * BLOCK)).alias("block")
    known = frame.filter(pl.col("ok"), pl.col("value").is_finite(), weight > 0)
    return known.group_by("unit", block).agg(
        value=(pl.col("value") * weight).sum() / weight.sum(), weeks=pl.len()
    ).filter(pl.col("weeks") >= BLOCK // 2).drop("weeks")  # fmt: skip


def _related(first: pl.DataFrame, second: pl.DataFrame, lag: int) -> tuple[float, float, float, float, int, int] | None:
    """The coefficient of the first with its 90 % interval and p, the units and the blocks behind it."""
    own = second.select("unit", pl.col("block") + 1, before="value")
    led = first.select("unit", pl.col("block") + lag, led="value")
    rows = second.join(own, on=["unit", "block"]).join(led, on=["unit", "block"]).sort("unit", "block")
    rows = rows.filter(pl.len().over("unit") >= FEWEST, pl.len().over("block") >= FEWEST // 2)
    units = rows["unit"].n_unique()
    if units < FEWEST:
        return None
    unit = rows["unit"].rank("dense").to_numpy().astype(np.int64) - 1
    within = _all_within(rows)
    spread = [float(part.std()) for part in within]
    if min(spread) < 1e-12:
        return None
    value, before, led_by = (part / sd for part, sd in zip(within, spread, strict=True))
    beta, covariance, free = clustered(np.column_stack([led_by, before]), value, unit)
    error = float(np.sqrt(covariance[0, 0]))
    half = float(stats.t.ppf(0.95, free)) * error
    at = float(beta[0]) + _bias(rows, float(beta[0]), spread[2] / spread[0])
    return at, at - half, at + half, two_sided(at, error, free), units, len(rows)


def _bias(rows: pl.DataFrame, whole: float, scale: float) -> float:
    """What short series take away from a coefficient within units: the half-panel jackknife (Dhaene & Jochmans 2015).

    Each unit's own level is known from a few blocks only, which bends the coefficient by as much again in each half of
    the time; so the halves tell by how much. `scale` turns raw units into standard deviations.
    """
    middle = rows["block"].median()
    halves = [_plain(rows.filter(there)) for there in (pl.col("block") <= middle, pl.col("block") > middle)]
    known = [half * scale for half in halves if half is not None]
    return whole - float(np.mean(known)) if len(known) == 2 else 0.0


def _together(first: pl.DataFrame, second: pl.DataFrame) -> float:
    """How far the two move alike within the same block, within units: a correlation."""
    rows = first.join(second.rename({"value": "other"}), on=["unit", "block"])
    if rows.is_empty():
        return 0.0
    unit, block = (rows[name].rank("dense").to_numpy().astype(np.int64) - 1 for name in ("unit", "block"))
    one, two = (_within(rows[name].to_numpy().astype(float), unit, block) for name in ("value", "other"))
    spread = float(one.std() * two.std())
    return float((one * two).mean() / spread) if spread > 1e-12 else 0.0


def _plain(rows: pl.DataFrame) -> float | None:
    """The coefficient of the first in raw units, of units with four blocks or more."""
    rows = rows.filter(pl.len().over("unit") >= FEWEST // 2, pl.len().over("block") >= FEWEST // 2)
    if rows["unit"].n_unique() < FEWEST:
        return None
    value, before, led = _all_within(rows)
    x = np.column_stack([led, before])
    return float((np.linalg.pinv(x.T @ x) @ x.T @ value)[0])


def _all_within(rows: pl.DataFrame) -> list[Floats]:
    unit, block = (rows[name].rank("dense").to_numpy().astype(np.int64) - 1 for name in ("unit", "block"))
    return [_within(rows[name].to_numpy().astype(float), unit, block) for name in ("value", "before", "led")]


def _within(values: Floats, unit: np.ndarray, block: np.ndarray) -> Floats:
    """Without the mean of each unit and of each block, taken in turns until nothing is left to take."""
    left = values - values.mean()
    for _ in range(200):
        taken = left
        for group in (unit, block):
            counts = np.bincount(group)
            left = left - (np.bincount(group, left) / np.maximum(counts, 1))[group]
        if np.abs(taken - left).max() < 1e-12:
            break
    return np.asarray(left)

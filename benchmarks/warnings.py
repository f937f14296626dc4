"""How early the judge warns and how often it cries: `python -m benchmarks.warnings`.

A made-up panel whose truth is known; the same with its history shuffled in blocks of four weeks; and, where the folder
../shared/warning lies beside the repository, its simulated organisation.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
import polars as pl

from metrics.judge import judge

FIRST = date(2023, 1, 2)
SHARED = Path(__file__).parents[1].parent / "shared" / "warning"


def noise(rng: np.random.Generator, series: int, weeks: int, phi: float) -> np.ndarray:
    draw = rng.normal(size=(series, weeks))
    for week in range(1, weeks):
        draw[:, week] = phi * draw[:, week - 1] + np.sqrt(1 - phi**2) * draw[:, week]
    return draw


def long(values: np.ndarray, indicators: int = 3, **facts: Any) -> pl.DataFrame:
    """Values by series and week as the judge takes them; the series dealt out over some indicators."""
    series, weeks = values.shape
    days = pl.Series("week", [FIRST + timedelta(weeks=week) for week in range(weeks)])
    known = {"n": 100.0, "kind": "mean", "better": "up", "depth": 2, "ok": True} | facts
    columns = [pl.lit(fact).alias(name) for name, fact in known.items()]
    number = pl.Series("number", np.repeat(np.arange(series), weeks))
    frame = pl.DataFrame([number, pl.concat([days] * series), pl.Series("value", values.ravel())])
    unit = pl.format("u{}", pl.col("number"))
    return frame.select(
        indicator=pl.format("i{}", pl.col("number") % indicators), unit=unit, week="week", value="value"
    ).with_columns(columns)


def alarms(values: np.ndarray, **facts: Any) -> np.ndarray:
    """-1 for an alarm of a fall, 1 of a rise, 0 for none, by series and week."""
    said = judge(long(values, **facts))
    side = pl.when(pl.col("side") == "worse").then(-1).otherwise(1)
    return (
        said.select(pl.when(pl.col("verdict") == "alarm").then(side).otherwise(0))
        .to_series()
        .to_numpy()
        .reshape(values.shape)
    )


def begun(found: np.ndarray) -> np.ndarray:
    """Where an alarm begins."""
    return np.concatenate([found[:, :1] != 0, (found[:, 1:] != 0) & (found[:, 1:] != found[:, :-1])], axis=1)


def drops(
    phi: float, size: float = 1.5, series: int = 600, weeks: int = 116, onset: int = 64, planted: float = 0.05
) -> str:
    """A drop of `size` SDs in some series after a year and a quarter: how many are found, how often the rest cry."""
    values = 50 + 5 * noise(np.random.default_rng(int(100 * phi) + 1), series, weeks, phi)
    hit = np.arange(series) < planted * series
    values[hit, onset:] -= 5 * size
    found = alarms(values)
    fell = found[hit, onset:] == -1
    delay = np.where(fell.any(axis=1), fell.argmax(axis=1), 999)
    within = ", ".join(f"{(delay < limit).mean():.0%} in {limit}" for limit in (8, 13, 26))
    return f"drop of {size} SD, phi {phi:.2f}: found {within} weeks; {cries(found[~hit])}"


def cries(found: np.ndarray) -> str:
    """Of series without a change: alarms per 1,000 weeks, and the share of series with one within a year."""
    watched = begun(found)[:, 51:]
    yearly = watched[:, :52].any(axis=1).mean()
    return f"{1000 * watched.mean():.2f} false alarms per 1,000 series-weeks, {yearly:.1%} of series a year"


def shuffled(phi: float = 0.3, series: int = 600, weeks: int = 156) -> str:
    """Histories cut into blocks of four weeks and dealt anew, the same deal for all, holidays and season with them."""
    rng = np.random.default_rng(5)
    season = 0.6 * np.sin(2 * np.pi * np.arange(weeks) / 52)
    values = 50 + 5 * (noise(rng, series, weeks, phi) + rng.gamma(4, 0.25, (series, 1)) * season)
    deal = (rng.permutation(weeks // 4)[:, None] * 4 + np.arange(4)).ravel()
    return f"shuffled history, phi {phi:.2f}: {cries(alarms(values[:, deal]))}"


def simulated(unit: str, seed: int) -> str:
    """The simulated organisation of ../shared/warning: steps and drifts of 0.3 to 1.5 SD in every tenth series."""
    sys.path.insert(0, str(SHARED))
    panel = import_module("sim").make_panel(seed=seed, unit=unit)
    sys.path.remove(str(SHARED))
    series, week = np.nonzero(np.isfinite(panel.values))
    kind = panel.kind[series]
    value, n = panel.values[series, week], panel.denom[series, week]
    days = pl.Series("week", panel.dates[week].astype("datetime64[D]"))
    rows = {
        "indicator": kind,
        "unit": np.char.add("u", series.astype(str)),
        "value": np.where(kind == "count", value / n, value),
        "n": n,
    }
    frame = pl.DataFrame({**rows, "kind": np.where(kind == "rate", "share", "mean")}).with_columns(
        days, better=pl.lit("up"), depth=2, ok=True, quiet=(days.dt.ordinal_day() >= 354) | (days.dt.ordinal_day() <= 1)
    )
    said = judge(frame)
    found = np.zeros(panel.values.shape, int)
    found[series, week] = np.where(said["verdict"] == "alarm", np.where(said["side"] == "worse", -1, 1), 0)
    for later in range(1, found.shape[1]):
        gone = ~np.isfinite(panel.values[:, later])
        found[gone, later] = found[gone, later - 1]
    return measured(panel, found)


def measured(panel: Any, found: np.ndarray) -> str:
    ends = np.where(panel.t0 >= 0, panel.t0, found.shape[1])
    weeks = np.arange(found.shape[1])
    watched = (weeks >= panel.start[:, None] + 52) & (weeks < ends[:, None]) & ~panel.spike
    after = (weeks >= ends[:, None]) & (found == np.sign(panel.size)[:, None]) & (panel.t0 >= 0)[:, None]
    delay = np.where(after.any(axis=1), after.argmax(axis=1) - ends, 999)
    large = (np.abs(panel.size) >= 1.1) & (panel.drift == 0)
    parts = [f"{1000 * begun(found)[watched].mean():.2f} false alarms per 1,000 series-weeks"]
    for name, mine in (("all", panel.t0 >= 0), ("steps of 1.1 SD and more", (panel.t0 >= 0) & large)):
        parts.append(f"{name}: " + ", ".join(f"{(delay[mine] < limit).mean():.0%} in {limit}" for limit in (8, 13, 26)))
    return "; ".join(parts)


def speed(series: int = 10_000, weeks: int = 156) -> str:
    rng = np.random.default_rng(0)
    values = rng.binomial(60, 0.4, (series, weeks)) / 60
    rows = long(values, indicators=10, kind="share", n=60.0)
    start, used = perf_counter(), process_time()
    judge(rows)
    passed, worked = perf_counter() - start, process_time() - used
    return f"{series:,} series of {weeks} weeks: {passed:.1f} s, {worked:.1f} s of processor"


def main() -> None:
    for phi in (0.0, 0.15, 0.3):
        print(drops(phi))
    print(shuffled())
    if not (SHARED / "sim.py").exists():
        print(f"no simulated organisation: {SHARED} is not there")
        return
    for unit, seed in (("person", 11), ("series", 12)):
        print(f"simulated organisation, sizes in SDs of a {unit}: {simulated(unit, seed)}")


if __name__ == "__main__":
    main()

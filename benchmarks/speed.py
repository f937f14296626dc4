"""How long the made-up company takes to make, read and count, and how much memory; beside a rival in the same run.

python -m benchmarks.speed [PEOPLE ...]      2400 if nothing is said; 24000 is ten times the demo
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path

import polars as pl
import sqlalchemy as sa
from sqlalchemy.orm import Session, registry

from connectors.store.editions import Edition
from connectors.store.memory import Memory
from connectors.store.schema import cells
from dashboard import jobs
from dashboard.first_run import begin_demo
from dashboard.settings import load_settings

TODAY = date(2026, 11, 22)
ROWS = 20_000


def main(*people: str) -> None:
    print(f"{'people':>8}  {'step':<24}{'seconds':>9}{'peak MB':>9}")
    for many in [int(one) for one in people] or [2400]:
        with tempfile.TemporaryDirectory() as folder:
            list(begin_demo(Path(folder), many, 1, TODAY))
            for step in ("sync", "refresh", "refresh again", "sync again"):
                seconds, peak = apart(folder, step.split()[0])
                print(f"{many:>8}  {step:<24}{seconds:>9.1f}{peak:>9.0f}")
    print()
    rival()


def apart(folder: str, step: str) -> tuple[float, float]:
    """Seconds of one step without imports, and the most memory a process of its own took."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(timed, (folder, step))


def timed(folder: str, step: str) -> tuple[float, float]:
    settings = load_settings(Path(folder) / "settings.toml")
    began = time.perf_counter()
    jobs.sync(settings) if step == "sync" else jobs.refresh(settings)
    return time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def rival() -> None:
    """Publishing cells through the driver, beside the same rows one by one through an ORM."""
    rows = made_up_cells()
    with tempfile.TemporaryDirectory() as folder:
        memory = Memory.open(f"sqlite:///{folder}/ours.db")
        began = time.perf_counter()
        memory.publish(Edition(TODAY, "speed", cells=rows))
        ours = time.perf_counter() - began
        theirs = through_orm(rows, f"sqlite:///{folder}/theirs.db")
    print(f"publish {ROWS:,} cells: {ours:.2f} s; row by row through an ORM: {theirs:.2f} s, {theirs / ours:.1f} times")


def made_up_cells() -> pl.DataFrame:
    weeks = pl.date_range(TODAY - timedelta(weeks=99), TODAY, "1w", eager=True).alias("week").to_frame()
    units = pl.DataFrame({"unit": [f"u{number}" for number in range(ROWS // 100)]})
    blank = {name: pl.lit("ok") for name in ("indicator", "state", "mark", "verdict", "side")}
    numbers = {name: pl.lit(1.0) for name in ("value", "low", "high", "usual_low", "usual_high")}
    return units.join(weeks, how="cross").with_columns(**blank, **numbers, n=pl.lit(30), people=pl.lit(9))


def through_orm(rows: pl.DataFrame, url: str) -> float:
    class Cell:
        pass

    table = cells.to_metadata(sa.MetaData())
    registry().map_imperatively(Cell, table)
    engine = sa.create_engine(url)
    table.metadata.create_all(engine)
    began = time.perf_counter()
    with Session(engine) as session:
        for row in rows.to_dicts():
            cell = Cell()
            for name, value in row.items():
                setattr(cell, name, value)
            cell.edition = 1  # type: ignore[attr-defined]
            session.add(cell)
        session.commit()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(*sys.argv[1:])

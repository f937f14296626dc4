"""The budget of alarms: counted once a month, kept with the edition, and said in words."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from datetime import date
from functools import cache

import polars as pl

from connectors.store.memory import Memory
from metrics import baseline, beginnings, budget, ewma, judge, noise, onsets, panel, peers, ranks, shared, spc, waves
from metrics.budget import WATCHED, Limits, limited, unlimited
from metrics.judge import Rules

JUDGE = (budget, judge, ewma, baseline, peers, panel, spc, waves, beginnings, onsets, noise, ranks, shared)
ALIKE = 0.1  # how much the number of series may change until the budget is counted anew


def limits(at_most: float | None, memory: Memory, today: date, tick: Callable[[str], None]) -> Limits:
    """What alarms are kept to: as the last edition had it while month, budget, judge and series are the same."""
    if at_most is None:
        return unlimited

    def found(series: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
        mine = {"month": f"{today:%Y-%m}", "version": version()}
        last = memory.section("alarm_budget").filter(pl.col("at_most") == at_most)
        many = series.join(units, "unit", how="semi").select("indicator", "unit").n_unique()
        near = (pl.col("series") - many).abs() <= ALIKE * many
        kept = last.filter(near, *(pl.col(name) == value for name, value in mine.items()))
        if not kept.is_empty():
            return kept
        tick("how many alarms your own history gives")
        return limited(series, units, at_most).with_columns(pl.lit(value).alias(name) for name, value in mine.items())

    return found


@cache
def version() -> str:
    """Changes when the judge does."""
    return hashlib.sha256("|".join(map(inspect.getsource, JUDGE)).encode()).hexdigest()[:16]


def said(kept_to: pl.DataFrame) -> str:
    """`You asked for at most 4 alarms a month. On your own history, shuffled, these limits give 2.6.`"""
    if kept_to.is_empty():
        return ""
    row = kept_to.row(0, named=True)
    asked = f"You asked for at most {row['at_most']:g} alarm{'s' * (row['at_most'] != 1)} a month."
    if row["given"] is None:
        needed = f"{row['weeks']} of the {Rules.mature + WATCHED} weeks it takes"
        return f"{asked} Your history is too short to test that ({needed}); the usual limits hold."
    given = f"{row['given']:.1f}" if row["given"] >= 0.05 else "fewer than 0.1"
    if row["given"] > row["at_most"]:
        return f"{asked} On your own history, shuffled, even the strictest limits give {given}."
    strict = "stricter limits than usual" if row["ceiling"] < Rules.ceiling else "the usual limits"
    return f"{asked} On your own history, shuffled, {strict} give {given}."

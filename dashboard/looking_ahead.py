"""What a refresh sees of the time ahead, and how much of it may be told and under which name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from connectors.store.memory import Memory
from metrics.ahead import labelled, outlook
from metrics.backtest import backtest, stood
from metrics.modules import gaps, offered, suggested, uplifts
from metrics.moved import KNOWN
from metrics.outlook import TABLES, forecasts
from metrics.pools import open_pools
from metrics.publishing import Setting
from metrics.rounding import rounded
from metrics.weeks import Calendar

Frames = dict[str, pl.DataFrame]


@dataclass(frozen=True)
class Looked:
    """Forecasts of all weeks, what each unit lacks, which modules there are and how they did, what was begun."""

    forecasts: pl.DataFrame
    gaps: pl.DataFrame
    modules: pl.DataFrame
    uplifts: pl.DataFrame
    begun: pl.DataFrame


def look(facts: Mapping[str, pl.LazyFrame], calendar: Calendar) -> Looked:
    known = facts["interventions"].collect()
    return Looked(
        forecasts({name: facts[name] for name in TABLES}, calendar),
        gaps(facts["needs"], facts["skills"], facts["teams"], facts["units"], calendar),
        offered(facts["suggestions"], facts["learning"]),
        uplifts(facts["suggestions"], calendar, calendar.k),
        known.select(pl.col(name).cast(kind) for name, kind in KNOWN.items()),
    )


def all_begun(known: pl.DataFrame, memory: Memory) -> pl.DataFrame:
    """What sources tell of and what people said was begun."""
    said = memory.begun().select(pl.col(name).cast(kind) for name, kind in KNOWN.items())
    return pl.concat([known, said])


def foreseen(looked: Looked, setting: Setting, frames: Mapping[str, pl.DataFrame], memory: Memory) -> Frames:
    """The frames `outlook`, `backtests` and `modules`, and the `cells` under the name their forecasts deserve."""
    units, k = frames["units"], setting.calendar.k
    tests = stood(backtest(looked.forecasts), memory.fared(setting.calendar.today))
    states = dict(tests.select("ahead", "state").iter_rows())
    newest = looked.forecasts.filter(pl.col("week") == pl.col("week").max())
    may = open_pools(newest, setting.parents, k).join(units, on="unit", how="semi")
    told = outlook(looked.forecasts, setting.parents, units, k)
    withdrawn = [weeks for weeks, state in states.items() if state == "withdrawn"]
    return {
        "outlook": rounded(told.filter(~pl.col("ahead").is_in(withdrawn))),
        "backtests": rounded(tests),
        "modules": rounded(suggested(looked.gaps, looked.modules, looked.uplifts, may)),
        "cells": labelled(frames["cells"], states),
    }

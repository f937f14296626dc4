"""Evidence quality (Q): how much of what should be seen is, and how much of what is seen is more than noise.

It is never averaged into a score. What is not seen widens a score's interval; all of it together gives the label.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from metrics.indicator import Indicator
from metrics.shrink import between
from metrics.spc import Floats

PLACE = ["indicator", "unit", "week"]
STRONG, FAIR = 75.0, 50.0
FEWEST = 8
SHARES = {"indicator": pl.String, "unit": pl.String, "week": pl.Date, "coverage": pl.Float64, "response": pl.Float64}


def shares(
    cells: pl.DataFrame, indicators: Mapping[str, Indicator], heads: pl.DataFrame, known: pl.DataFrame
) -> pl.DataFrame:
    """`indicator, unit, week, coverage, response` of shown cells: how much of what each should tell of it does.

    `coverage`: the share of what it reads whose author is known, that of its worst table (`known`: source, table,
    known, placed, whole). `response`: of a survey, the people who answered of those in the unit then (`heads`: unit,
    week, people). Both null where it is not known.
    """
    shown = cells.filter(pl.col("state") == "shown", pl.col("indicator").is_in(list(indicators)))
    whole = known.filter(pl.col("whole") > 0).group_by("table").agg(pl.col("placed").sum() / pl.col("whole").sum())
    seen = dict(whole.iter_rows())
    worst = {name: min((seen[table] for table in one.tables if table in seen), default=None)
             for name, one in indicators.items()}  # fmt: skip
    surveys = [name for name, one in indicators.items() if one.kind == "scale"]
    asked = shown.join(heads.select("unit", "week", heads="people"), on=["unit", "week"], how="left")
    answered = pl.when(pl.col("indicator").is_in(surveys), pl.col("heads") > 0).then(pl.col("people") / pl.col("heads"))
    return asked.select(
        *PLACE,
        coverage=pl.col("indicator").replace_strict(worst, return_dtype=pl.Float64),
        response=answered.clip(0, 1),
    )


def quality(seen: Floats, response: Floats, value: Floats, error: Floats, below: Floats) -> tuple[Floats, Floats]:
    """Q (0 to 100) and the reliability behind it, of one score of many units.

    `seen`: the weight that is there times the share of it with a known author; `response` nan where nobody is asked.
    Reliability is the share of the differences between units that is not noise, for a unit as sure as this one:
    the variance between the units at the bottom (`below` says which; there must be eight), over that and its own. Q is
    the mean of those that are known.
    """
    mine = (below > 0) & np.isfinite(value) & np.isfinite(error)
    apart = between(value[mine], error[mine]) if mine.sum() >= FEWEST else np.nan
    with np.errstate(invalid="ignore"):
        reliability = (
            apart / (apart + error**2) if apart > 0 else np.where(np.isfinite(error) & (apart == 0), 0.0, np.nan)
        )
    every = np.stack([seen, response, reliability])
    counted = np.isfinite(every)
    return np.asarray(100 * np.where(counted, every, 0).sum(axis=0) / counted.sum(axis=0).clip(1)), np.asarray(
        reliability
    )


def label(score: float) -> str:
    """strong, fair or thin."""
    return "strong" if score >= STRONG else "fair" if score >= FAIR else "thin"

"""When did what rings begin? For each alarm the change point of its series, and between which weeks it surely lies.

For the drawing and for explaining: it looks at the whole series, and raises no alarm.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from metrics.natures import NATURES, SPIKE
from metrics.panel import BLOCK, FIRST, SCALE, Panel, forward
from metrics.segments import Change, dated, filled
from metrics.spc import Floats

PLACE = ["indicator", "unit"]
NEAR = 13  # weeks between a change and the week since which an alarm rings, beyond which they are not of one thing
FEW = 10
YEAR = 52
SCHEMA = {
    "indicator": pl.String, "unit": pl.String, "began": pl.Date, "began_early": pl.Date, "began_late": pl.Date,
}  # fmt: skip


def turning(series: pl.DataFrame, judged: pl.DataFrame) -> pl.DataFrame:
    """Of each series whose last verdict is an alarm, the week its change began and the first and last it may be.

    `series` as the judge takes them, `judged` as it gives them. Nine times in ten the true week lies between. None for
    surveys, which change between waves, for single weeks, and where no change of the alarm's side lies near.
    """
    last = judged.filter(pl.col("verdict") != "unknown").sort("week").unique(PLACE, keep="last", maintain_order=True)
    rings = last.filter(pl.col("verdict") == "alarm", pl.col("nature") != NATURES[SPIKE], pl.col("since").is_not_null())
    mine = series.join(rings, PLACE, how="semi")
    if mine.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    panel = Panel.of(mine)
    names = mine.select(PLACE).unique().sort(PLACE).rows()
    known = {(row["indicator"], row["unit"]): row for row in rings.iter_rows(named=True)}
    found = [(*name, *one) for at, name in enumerate(names) if (one := of_one(panel, at, known[name]))]
    return pl.DataFrame(found, schema=SCHEMA, orient="row")


def of_one(panel: Panel, at: int, row: dict[str, Any]) -> tuple[date, date, date] | None:
    """The three weeks of one series; a break forgets all before it."""
    if panel.kind[at] == SCALE:
        return None
    slow = panel.sparse(FEW, YEAR)[at, -1]
    data, step = (panel.blocks(), BLOCK) if slow else (panel.weeks, 1)
    fit = data.fit[at].copy()
    fit[: np.flatnonzero(np.r_[True, data.broken[at]])[-1]] = False
    there = np.flatnonzero(fit)
    if not len(there):
        return None
    first, values = there[0], np.where(fit, forward(data.value, data.n, panel.kind)[at], np.nan)
    since = ((row["since"] - FIRST).days // 7 - panel.start) / step - first
    rising = (row["side"] == "better") == panel.up[at]
    one = nearest(values[first : there[-1] + 1], since, NEAR / step, bool(rising))
    if one is None:
        return None
    weeks = [panel.start + int(step * (first + place)) for place in (one.at, one.early, one.late)]
    began, early, late = (FIRST + timedelta(weeks=week) for week in weeks)
    return began, early, late + timedelta(weeks=step - 1)


def nearest(values: Floats, since: float, near: float, rising: bool) -> Change | None:
    """The change to this side that lies nearest; none where none is near."""
    edges, whole = dated(values), filled(values)
    starts = [0, *(one.at for one in edges), len(values)]
    apart = []
    for number, one in enumerate(edges):
        before, after = whole[starts[number] : one.at], whole[one.at : starts[number + 2]]
        rose = after.mean() > before.mean()
        if rose == rising and abs(one.at - since) <= near:
            apart.append((abs(one.at - since), one))
    return min(apart, key=lambda pair: pair[0])[1] if apart else None

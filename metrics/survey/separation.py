"""Can two scales be told apart in the same answers? Where they cannot, the second says nothing of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl

from metrics.scales import Floats

FROM = {"interpersonal_trust": "psychological_safety"}
"""Scales that are shown only where they are another thing than the one named."""
MARK = "not apart"
LIMIT = 0.85
LEAST = 100  # people who answered every item of both, for it to be asked
PERSON = ["survey", "week", "person"]
NUMBERS = ("value", "low", "high")


def htmt(one: Floats, two: Floats) -> float:
    """The heterotrait-monotrait ratio of two scales' items (people, items), answered by the same people.

    The mean correlation between items of the two, over the geometric mean of those within each (Henseler, Ringle &
    Sarstedt 2015, J. Acad. Mark. Sci. 43:115); sizes of correlations. NaN where a scale has a single item, where an
    item does not vary, or where the items of a scale have nothing to do with one another.
    """
    many = one.shape[1]
    if min(many, two.shape[1]) < 2 or (np.ptp(np.column_stack([one, two]), axis=0) == 0).any():
        return float("nan")
    r = np.abs(np.corrcoef(np.column_stack([one, two]), rowvar=False))
    within = [block[np.triu_indices(len(block), 1)].mean() for block in (r[:many, :many], r[many:, many:])]
    usual = float(np.sqrt(within[0] * within[1]))
    return float(r[:many, many:].mean()) / usual if usual > 0 else float("nan")


def inseparable(one: pl.DataFrame, other: pl.DataFrame) -> list[date]:
    """The waves in which the answers to two scales (`metrics.respondents`) cannot be told apart."""
    there = [rows.filter(pl.col("items").list.eval(pl.element().is_null()).list.any().not_()) for rows in (one, other)]
    both = there[0].join(there[1].select(*PERSON, others="items"), on=PERSON)
    weeks = []
    for (week,), mine in both.sort("week").group_by("week", maintain_order=True):
        if mine.height < LEAST or mine["items"].list.len().n_unique() + mine["others"].list.len().n_unique() > 2:
            continue
        if htmt(*(np.array(mine[name].to_list(), dtype=float) for name in ("items", "others"))) >= LIMIT:
            weeks.append(week)
    return weeks


def apart(cells: pl.DataFrame, name: str, given: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The cells of a scale, the numbers of waves withheld in which it is the same as the one it is shown beside."""
    if FROM.get(name) not in given or name not in given:
        return cells
    same = pl.col("week").is_in(inseparable(given[name], given[FROM[name]]))
    return cells.with_columns(
        *(pl.when(~same).then(column).alias(column) for column in NUMBERS),
        mark=pl.when(same).then(pl.lit(MARK)).otherwise("mark"),
    )

"""What a kind of evidence is: columns that add up, and a way to read their sums."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

KEYS = ["indicator", "unit", "week"]
PLACE = ["unit", "week"]
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Kind:
    """One kind of evidence.

    `takes`: the columns of an indicator's rows, besides week, unit and person. `gather(rows)`: their `sums` per unit
    and week (and per `apart`, which tells rows of one unit and week apart); a sum ending in _ is one for each item.
    `read(evidence, target)`: one row per indicator, unit and week with `value, low, high` (95 %), `n` (events) and
    `sd` (of one event, where that has a meaning), raw. `factor` turns raw values into what the screen shows. `spans`:
    the evidence of a week tells of the weeks before it too, so neighbouring weeks are not news. `stated`: it
    is about a unit as a whole, such as what it needs, and not about whoever sits directly in it.
    """

    name: str
    takes: Mapping[str, pl.DataType]
    sums: tuple[str, ...]
    gather: Callable[[pl.LazyFrame], pl.LazyFrame]
    read: Callable[[pl.LazyFrame, float], pl.LazyFrame]
    apart: tuple[str, ...] = ()
    factor: float = 1.0
    spans: bool = False
    stated: bool = False

    def keeps(self, column: str) -> bool:
        """Whether a column of evidence belongs to this kind."""
        prefixes = tuple(name for name in self.sums if name.endswith("_"))
        return column in (*KEYS, *self.apart, *self.sums, "people") or column.startswith(prefixes)


def whole(column: str) -> pl.Expr:
    """The sum of a column of counts or flags."""
    return pl.col(column).cast(pl.Int64).sum()


def wilson(part: pl.Expr, total: pl.Expr, z: float = Z95) -> tuple[pl.Expr, pl.Expr]:
    """Wilson's score interval for a share (Newcombe 1998, method 3), 95 % unless said; null where there is nothing."""
    rate, square = part / total, z**2
    middle = (rate + square / (2 * total)) / (1 + square / total)
    half = z / (1 + square / total) * (rate * (1 - rate) / total + square / (4 * total**2)).sqrt()
    known = pl.when(total > 0)
    low, high = pl.min_horizontal(middle - half, rate), pl.max_horizontal(middle + half, rate)
    return known.then(low.clip(0, 1)), known.then(high.clip(0, 1))

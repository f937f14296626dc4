"""Who may be shown: no number about fewer than a crowd, and none that another number would give away.

Shown numbers are sums over a tree, so whatever can be worked out from them is a sum of what shown units keep after
their shown descendants are taken away: hidden children and direct members. Such a remainder must be nobody, or a crowd
made of more than one hidden piece. Where it is not, one more unit is hidden inside it, the smallest first.
"""

from __future__ import annotations

from collections.abc import Collection, Set
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

FLOOR = 5
DEFAULT = 8
DIVERSE = 15
DEEPEST = 64
KEPT = ("indicator", "unit", "week", "state")
SUMS = ("people", "count", "total", "squares")

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def minimum(setting: object) -> int:
    """The crowd a setting asks for; one under the floor, or one that cannot be read, means the safe default."""
    try:
        asked = int(str(setting))
    except ValueError:
        return DEFAULT
    return asked if asked >= FLOOR else DEFAULT


def hide(cells: pl.DataFrame, tree: pl.DataFrame, k: int = DEFAULT, own: pl.DataFrame | None = None) -> pl.DataFrame:
    """The cells with `state`, every number of a hidden one taken away. Takes what `decide` takes."""
    return mask(decide(cells, tree, k, own))


def decide(cells: pl.DataFrame, tree: pl.DataFrame, k: int = DEFAULT, own: pl.DataFrame | None = None) -> pl.DataFrame:
    """The cells with `state` set to hidden where nobody may see them, their numbers still in place.

    `cells`: one row per indicator, unit and week with `people`, rolled up the tree; `n` and `value` if there are any,
    and `part, whole` or `count, total, squares` where these add up the tree. `tree`: the parent of each unit in each
    week, as `week, unit, parent` or as the closure `week, unit, ancestor, distance`. `own`: the same evidence before
    it was rolled up, which tells a parent's direct members; else they are what the children leave of their parent.
    Raises ValueError for a row that stands twice and for a tree that goes round in a circle.
    """
    k = minimum(k)
    counted = cells.filter(~_nobody(cells)).with_columns(_state(cells))
    if counted.is_empty():
        return counted
    rows = _rows(counted, tree, own)
    forest = _forest(rows)
    forest.hidden |= (
        (counted["state"] == "hidden").to_numpy()
        | (forest.sums[:, 0] < k)
        | (rows["uniform"].to_numpy() & (forest.sums[:, 0] < DIVERSE))
    )
    forest.protect(k)
    return counted.with_columns(state=pl.when(pl.Series(forest.hidden)).then(pl.lit("hidden")).otherwise("state"))


def mask(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells without any number, mark or count of a hidden one."""
    gone = pl.col("state") == "hidden"
    return cells.with_columns(
        pl.when(~gone).then(name).otherwise(pl.lit("") if kind == pl.String else None).alias(name)
        for name, kind in cells.schema.items()
        if name not in KEPT
    )


def named(units: pl.DataFrame, members: pl.DataFrame, k: int = DEFAULT) -> pl.DataFrame:
    """The units with a crowd of `members` (unit, people, rolled up the tree): only these may appear, even by name."""
    return units.join(members.filter(pl.col("people") >= minimum(k)), on="unit", how="semi", maintain_order="left")


def answerable(query: Set[str], history: Collection[Set[str]], k: int = DEFAULT) -> bool:
    """Whether a freely chosen set of people may be asked about, given the sets already answered.

    It must be a crowd, and differ from each answered set by nobody or by a crowd.
    """
    k = minimum(k)
    return len(query) >= k and all(len(query ^ other) == 0 or len(query ^ other) >= k for other in history)


def comparable(joined: int, left: int, k: int = DEFAULT) -> bool:
    """Whether two releases about one unit may be compared: nobody changed between them, or a crowd did."""
    return joined + left == 0 or joined + left >= minimum(k)


def _nobody(cells: pl.DataFrame) -> pl.Expr:
    events = pl.col("n").fill_null(0) if "n" in cells.columns else pl.lit(0)
    return (pl.col("people").fill_null(0) == 0) & (events == 0)


def _state(cells: pl.DataFrame) -> pl.Expr:
    return pl.col("state") if "state" in cells.columns else pl.lit("shown").alias("state")


def _sums(frame: pl.DataFrame) -> list[pl.Expr]:
    """What adds up the tree: a share is a sum of ones and noughts, so its squares are its part."""
    takes = {"count": ("count", "whole"), "total": ("total", "part"), "squares": ("squares", "part")}
    return [pl.col("people").cast(pl.Float64).fill_null(0)] + [
        pl.coalesce(*[n for n in names if n in frame.columns], pl.lit(0.0)).cast(pl.Float64).alias(name)
        for name, names in takes.items()
    ]


def _uniform(frame: pl.DataFrame) -> pl.Expr:
    """Whether everybody gave the same: no spread where spread is known, else exactly nought or a hundred."""
    extreme = (
        pl.col("value").cast(pl.Float64).is_in([0.0, 100.0]).fill_null(False)
        if "value" in frame.columns
        else pl.lit(False)
    )
    spread = pl.col("count") * pl.col("squares") - pl.col("total") ** 2
    same = spread <= 1e-9 * pl.col("count") * pl.col("squares")
    return pl.when(pl.col("count") > 0).then(same).otherwise(extreme).alias("uniform")


def parents(tree: pl.DataFrame) -> pl.DataFrame:
    """`week, unit, parent` of a tree, which may also come as a closure with distances."""
    if "parent" not in tree.columns:
        tree = tree.filter(pl.col("distance") == 1).rename({"ancestor": "parent"})
    return tree.select("week", "unit", "parent").filter(pl.col("parent").is_not_null())


def _rows(cells: pl.DataFrame, tree: pl.DataFrame, own: pl.DataFrame | None) -> pl.DataFrame:
    """Each cell with the row of the nearest ancestor that has one (-1: none), its sums and its own members."""
    keys = ["indicator", "week", "unit"]
    value = ["value"] if "value" in cells.columns else []
    rows = cells.with_columns(_sums(cells)).select(*keys, *SUMS, *value).with_columns(_uniform(cells))
    rows = rows.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    size = pl.col("people").mean().over("indicator", "unit").alias("size")
    rows = _hung(rows.with_columns(size), parents(tree))
    if own is None:
        rows = rows.with_columns(own=pl.lit(0.0))
    else:
        direct = own.select(*keys, pl.col("people").cast(pl.Float64).alias("own"))
        rows = rows.join(direct, on=keys, how="left", maintain_order="left").with_columns(pl.col("own").fill_null(0))
    if rows.height != cells.height:
        raise ValueError("an indicator, unit and week stands twice in the cells, the tree or the own members; keep one")
    return rows


def _hung(rows: pl.DataFrame, above: pl.DataFrame) -> pl.DataFrame:
    at = rows.select("indicator", "week", parent="unit", found="row")
    step = above.rename({"unit": "parent", "parent": "next"})
    rows = rows.join(above, on=["week", "unit"], how="left", maintain_order="left").with_columns(up=-1)
    for _ in range(DEEPEST):
        rows = rows.join(at, on=["indicator", "week", "parent"], how="left", maintain_order="left")
        rows = rows.with_columns(up=pl.coalesce("found", "up"))
        if rows.filter(pl.col("found").is_null() & pl.col("parent").is_not_null()).is_empty():
            return rows.drop("found", "parent")
        rows = rows.with_columns(parent=pl.when(pl.col("found").is_null()).then("parent"))
        rows = rows.join(step, on=["week", "parent"], how="left", maintain_order="left")
        rows = rows.drop("found", "parent").rename({"next": "parent"})
    raise ValueError("the tree goes round in a circle; cut it before deciding who may be shown")


def _forest(rows: pl.DataFrame) -> Forest:
    order = rows.sort("up", "size", "unit")
    return Forest(
        sums=rows.select(SUMS).to_numpy().astype(np.float64),
        own=rows["own"].to_numpy().copy(),
        up=rows["up"].to_numpy(),
        children=order["row"].to_numpy(),
        first=np.searchsorted(order["up"].to_numpy(), np.arange(rows.height), "left"),
        last=np.searchsorted(order["up"].to_numpy(), np.arange(rows.height), "right"),
    )


@dataclass
class Forest:
    """All trees of all weeks and indicators at once, a row per cell; `left` is what shown descendants leave of it."""

    sums: Floats
    own: Floats
    up: Rows
    children: Rows
    first: Rows
    last: Rows
    direct: Flags = field(init=False)
    hidden: Flags = field(init=False)
    depth: Rows = field(init=False)
    left: Floats = field(init=False)
    pieces: Rows = field(init=False)

    def __post_init__(self) -> None:
        self.hidden = np.zeros(len(self.up), dtype=bool)
        self.depth = self._depths()
        self.left = self._direct()
        self.direct = self._filled(np.arange(len(self.up)))
        self.pieces = self.direct.astype(np.int64)

    def protect(self, k: int) -> None:
        """Hide more, from the deepest parents up, until no shown unit leaves a remainder that is not a crowd."""
        for depth in range(int(self.depth.max()) - 1, -1, -1):
            parents = np.flatnonzero((self.depth == depth) & (self.last > self.first))
            self._gather(np.flatnonzero(self.hidden & (self.depth == depth + 1)))
            while (parents := self._bare(parents, k)).size:
                parents = self._cover(parents)

    def _depths(self) -> Rows:
        depth, at = np.zeros(len(self.up), dtype=np.int64), self.up.copy()
        for _ in range(DEEPEST):
            if not (at >= 0).any():
                return depth
            depth += at >= 0
            at = np.where(at >= 0, self.up[at], -1)
        raise ValueError("the tree goes round in a circle; cut it before deciding who may be shown")

    def _direct(self) -> Floats:
        """What is in a unit and in none of its children; of a leaf, everything."""
        direct, inner = self.sums.copy(), self.up >= 0
        np.subtract.at(direct, self.up[inner], self.sums[inner])
        direct = np.where(np.abs(direct) > 1e-6, direct, 0.0)
        direct[:, 0] = np.maximum(direct[:, 0], self.own)
        direct[(direct[:, 0] <= 0) & (direct[:, 1] <= 0)] = 0.0
        direct[:, 0] = np.maximum(direct[:, 0], 0.0)
        return direct

    def _filled(self, rows: Rows) -> Flags:
        return np.asarray((self.left[rows, :2] > 0).any(axis=1))

    def _gather(self, hidden: Rows) -> None:
        hidden = hidden[self._filled(hidden)]
        np.add.at(self.left, self.up[hidden], self.left[hidden])
        np.add.at(self.pieces, self.up[hidden], 1)

    def _bare(self, rows: Rows, k: int) -> Rows:
        """The shown that leave somebody but no crowd, all alike or one hidden child; the hidden that leave nobody."""
        people, count, total, squares = self.left[rows].T
        alike = (count > 0) & (count * squares - total**2 <= 1e-9 * count * squares) & (people < DIVERSE)
        alone = (self.pieces[rows] < 2) & ~self.direct[rows]
        unsafe: Flags = (people < k) | alike | alone
        filled = self._filled(rows)
        return rows[np.where(self.hidden[rows], ~filled, unsafe & filled)]

    def _cover(self, rows: Rows) -> Rows:
        """Hide in each row its smallest shown child, and go down to where this hides somebody; or else hide the row."""
        at = self._smallest(rows)
        self.hidden[rows[at < 0]] = True
        covered = rows[at >= 0]
        while (rows := rows[at >= 0]).size:
            at = at[at >= 0]
            self.hidden[at] = True
            found = self._filled(at)
            self.left[rows[found]] += self.left[at[found]]
            self.pieces[rows[found]] += 1
            rows, at = rows[~found], self._smallest(at[~found])
        return covered

    def _smallest(self, rows: Rows) -> Rows:
        """The smallest child still shown, or -1."""
        at, last, end = self.first[rows].copy(), self.last[rows], len(self.children) - 1
        while (skip := (at < last) & self.hidden[self.children[np.minimum(at, end)]]).any():
            at[skip] += 1
        return np.where(at < last, self.children[np.minimum(at, end)], -1)

"""The release audit: works out by linear algebra what the shown numbers give away that is not shown.

It shares nothing with the rules in crowd.py. Each leaf and each parent's direct members are unknowns, each shown cell
is an equation, and whatever lies in the row space of the equations can be worked out by anybody who can subtract.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from metrics.crowd import DEFAULT, minimum, parents

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Leak:
    """People whose sum can be worked out: the groups they are in, where a trailing dot means direct members only."""

    indicator: str
    week: date
    groups: tuple[str, ...]
    people: float
    why: str


def audit(cells: pl.DataFrame, tree: pl.DataFrame, k: int = DEFAULT) -> list[Leak]:
    """What `decide` (whose cells still have their numbers) would let out: under `k` people, or a hidden cell.

    One rank question per indicator, week and suspect; meant for tests and for the newest week, not for all of history.
    """
    above = {week: dict(rows.select("unit", "parent").iter_rows()) for (week,), rows in parents(tree).group_by("week")}
    leaks = []
    for (indicator, week), rows in cells.group_by("indicator", "week", maintain_order=True):
        people = dict(rows.select("unit", "people").iter_rows())
        hidden = set(rows.filter(pl.col("state") == "hidden")["unit"])
        found = _Release(people, above.get(week, {}), hidden).leaks(minimum(k))
        leaks += [Leak(str(indicator), week, groups, count, why) for groups, count, why in found]
    return leaks


def unseen(shown: Matrix) -> Matrix:
    """The directions (a row each) in which the unknowns can move without moving any of the sums `shown`."""
    _, sizes, directions = np.linalg.svd(shown, full_matrices=True)
    return np.asarray(directions[int((sizes > 1e-9 * max(shown.shape)).sum()) :])


def determined(wanted: Matrix, free: Matrix) -> bool:
    """Whether a sum over the unknowns follows from the shown ones: no unseen direction moves it."""
    return bool(wanted.any()) and bool(np.abs(free @ wanted).max(initial=0.0) < 1e-7)


class _Release:
    """The cells of one indicator and week."""

    def __init__(self, people: dict[str, float], above: dict[str, str], hidden: set[str]) -> None:
        self.hidden = hidden
        self.groups = _groups(people, above)
        names = list(self.groups)
        self.sizes = np.array([self.groups[name] for name in names])
        paths = {name: set(_path(name, people, above)) for name in names}
        self.cells = {unit: np.array([float(unit in paths[name]) for name in names]) for unit in people}
        self.names = names

    def leaks(self, k: int) -> Iterator[tuple[tuple[str, ...], float, str]]:
        rows = [row for unit, row in self.cells.items() if unit not in self.hidden]
        shown = np.array(rows).reshape(len(rows), len(self.names))
        free = unseen(shown)
        for wanted in self._small(shown, k):
            if determined(wanted, free):
                yield self._named(wanted), float(wanted @ self.sizes), f"fewer than {k} people"
        for unit in sorted(self.hidden):
            if determined(self.cells[unit], free):
                yield self._named(self.cells[unit]), float(self.cells[unit] @ self.sizes), f"{unit} is hidden"

    def _small(self, shown: Matrix, k: int) -> Iterator[Matrix]:
        """Every set under `k` people that could follow: groups that always appear together stay together."""
        if not shown.any():
            return
        together, at = np.unique(shown, axis=1, return_inverse=True)
        classes = [(at.ravel() == i).astype(np.float64) for i in range(together.shape[1]) if together[:, i].any()]
        small = [one for one in classes if one @ self.sizes < k]
        yield from _unions(small, self.sizes, k)

    def _named(self, row: Matrix) -> tuple[str, ...]:
        return tuple(name for name, within in zip(self.names, row, strict=True) if within)


def _unions(sets: list[Matrix], sizes: Matrix, k: int) -> Iterator[Matrix]:
    for i, one in enumerate(sets):
        yield one
        for rest in _unions(sets[i + 1 :], sizes, k):
            if (one + rest) @ sizes < k:
                yield one + rest


def _groups(people: dict[str, float], above: dict[str, str]) -> dict[str, float]:
    """The unknowns: leaves by name, a parent's direct members as its name and a dot, wherever there is anybody."""
    inside: dict[str, float] = {}
    for unit, count in people.items():
        if (parent := next(_path(above.get(unit), people, above), None)) is not None:
            inside[parent] = inside.get(parent, 0.0) + count
    direct = {f"{unit}." if unit in inside else unit: count - inside.get(unit, 0.0) for unit, count in people.items()}
    return {name: count for name, count in direct.items() if count > 0}


def _path(unit: str | None, people: dict[str, float], above: dict[str, str]) -> Iterator[str]:
    """The unit and those above it that have a cell."""
    unit = unit.removesuffix(".") if unit and unit not in people else unit
    while unit is not None:
        if unit in people:
            yield unit
        unit = above.get(unit)

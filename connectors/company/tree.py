"""The tree of units of the made-up company, before and after its one re-organisation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from connectors.company.names import COMPANY, DEPARTMENTS, DIVISIONS, SITES
from connectors.company.planted import (
    PLAYBOOKS,
    REORGANISED,
    ROOT,
    SAFETY_FALLS,
    TEAM_OF_FOUR,
    weeks_before,
)
from connectors.company.rhythm import Ints, Rhythm

KINDS = ("company", "division", "department", "team")
MOVED_DEPARTMENT, ITS_NEW_DIVISION = "fin-procurement", "ops"
TEAMS_A_DEPARTMENT = 6.4
PEOPLE_A_TEAM = 15


@dataclass(frozen=True)
class Tree:
    """Units as arrays: the root first, then divisions, departments, teams; `before` and `after` are parents."""

    ids: list[str]
    names: list[str]
    depth: Ints
    before: Ints
    after: Ints
    reorganised: int

    def index(self, unit: str) -> int:
        return self.ids.index(unit)

    @cached_property
    def teams(self) -> Ints:
        return np.flatnonzero(self.depth == 3)

    @cached_property
    def id(self) -> pl.Series:
        return pl.Series(self.ids)

    def above(self, unit: Ints, depth: int, *, after: bool = True) -> Ints:
        """Each unit's ancestor at this depth; units above it stand for themselves."""
        parent, found = self.after if after else self.before, unit.copy()
        for _ in range(3):
            found = np.where(self.depth[found] > depth, parent[found], found)
        return found

    def under(self, unit: str) -> Ints:
        """All units below this one, and itself, as of today."""
        every = np.arange(len(self.ids))
        top = self.index(unit)
        return np.flatnonzero((self.above(every, int(self.depth[top])) == top) & (self.depth >= self.depth[top]))


def grow(rng: np.random.Generator, people: int, rhythm: Rhythm) -> Tree:
    """A tree for so many people, with one re-organisation."""
    divisions, departments, parents = list(DIVISIONS), [], []
    names = [COMPANY, *DIVISIONS.values()]
    count = max(24, round(people / PEOPLE_A_TEAM))
    size = max(12, round(count / TEAMS_A_DEPARTMENT))
    teams: list[tuple[str, str, int]] = []
    for number, many in enumerate(_spread(rng, count, size)):
        copy, (division, slug, name, topics) = number // len(DEPARTMENTS), DEPARTMENTS[number % len(DEPARTMENTS)]
        place = ("" if not copy else SITES[copy % len(SITES)]) + (str(copy // 10) if copy >= 10 else "")
        unit, title = "-".join(filter(None, (division, slug, place.lower()))), f"{name} {place}".strip()
        departments.append(unit)
        names.append(title)
        parents.append(1 + divisions.index(division))
        above = len(divisions) + len(departments)
        teams += [(f"{unit}-{topic.lower()}", f"{title} {topic}", above) for topic in _topics(topics, many)]
        if TEAM_OF_FOUR.rsplit("-", 1)[0] == unit:
            teams.append((TEAM_OF_FOUR, "Skunkworks", above))
    ids = [ROOT, *divisions, *departments, *(team for team, _, _ in teams)]
    before = np.array([-1, *[0] * len(divisions), *parents, *(parent for _, _, parent in teams)])
    depth = np.repeat(np.arange(4), [1, len(divisions), len(departments), len(teams)])
    reorganised = rhythm.day(weeks_before(rhythm.today, REORGANISED))
    after = _reorganise(rng, ids, depth, before, per_division=-(-count // 160))
    return Tree(ids, names + [name for _, name, _ in teams], depth, before, after, reorganised)


def _spread(rng: np.random.Generator, teams: int, departments: int) -> list[int]:
    """How many teams each department has: two at least, some one more or less than their neighbours."""
    many = np.full(departments, teams // departments)
    many[rng.permutation(departments)[: teams % departments]] += 1
    if teams // departments > 3:
        given = rng.permutation(departments)[: departments // 2 * 2].reshape(2, -1)
        many[given[0]] += 1
        many[given[1]] -= 1
    return [int(one) for one in many]


def _topics(topics: str, many: int) -> list[str]:
    words = topics.split()
    return [words[i % len(words)] + (f"-{i // len(words) + 1}" if i >= len(words) else "") for i in range(many)]


def _reorganise(rng: np.random.Generator, ids: list[str], depth: Ints, before: Ints, per_division: int) -> Ints:
    """Some teams of every division change to a department of another, and one department changes division."""
    after, kept = before.copy(), {*SAFETY_FALLS, PLAYBOOKS, TEAM_OF_FOUR.rsplit("-", 1)[0], MOVED_DEPARTMENT}
    free = [i for i in np.flatnonzero(depth == 3) if ids[before[i]] not in kept]
    by_division = {d: [i for i in free if before[before[i]] == d] for d in np.flatnonzero(depth == 1)}
    drawn = [rng.choice(teams, min(per_division, len(teams)), replace=False) for teams in by_division.values() if teams]
    for movers in zip(*drawn, strict=False):
        after[list(movers)] = before[np.roll(np.array(movers), 1)]
    for unit in np.flatnonzero(depth == 2):
        if ids[unit].startswith(MOVED_DEPARTMENT):
            after[unit] = ids.index(ITS_NEW_DIVISION)
    return after


def units(tree: Tree, rhythm: Rhythm) -> pl.DataFrame:
    """The canonical table of units: those that moved have two rows."""
    every = np.arange(len(tree.ids))
    moved = every[tree.after != tree.before]
    index, second = np.concatenate([every, moved]), np.arange(len(every) + len(moved)) >= len(every)
    parent = np.where(second, tree.after[index], tree.before[index])
    first = np.where(second, tree.reorganised, 0)
    return pl.DataFrame({
        "unit": tree.id.gather(index),
        "parent": tree.id.gather(pl.Series(parent).set(pl.Series(parent < 0), None)),
        "name": pl.Series(tree.names).gather(index),
        "kind": pl.Series(KINDS).gather(tree.depth[index]),
        "valid_from": rhythm.date(first),
        "valid_to": rhythm.date(np.full(len(index), tree.reorganised), known=np.isin(index, moved) & ~second),
        "changed": rhythm.moment(np.where(np.isin(index, moved), tree.reorganised, 0) * 86_400),
    })  # fmt: skip

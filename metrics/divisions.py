"""Do people work as the chart says? The groups that ties alone would make, and teams dealt out by lot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import graspologic_native as leiden
import numpy as np
import polars as pl

from metrics.kinds.blocks import LEAST_TEAMS
from metrics.network import PAIRS, members, tied
from metrics.partition import permutation_p, shared_information
from metrics.rounding import rounded
from metrics.setting import Setting
from metrics.weeks import Calendar

SHAPE = {
    "unit": pl.String, "week": pl.Date, "by_chance": pl.Float64, "found": pl.Float64, "found_by_lot": pl.Float64,
    "groups": pl.Int64, "alike": pl.Float64, "alike_by_lot": pl.Float64,
}  # fmt: skip
OUTWARD, ISLANDS = "ei_index", "modularity"
TOLD_WITH = {"by_chance": OUTWARD}  # the number beside which each stands; the others beside the modularity
LEAST_TIES = 30
DEALS = 999
LOTS, TRIALS = 19, 3


@dataclass(frozen=True)
class Network:
    """Of the last whole week: `people` (unit, code) in their teams, also those without a tie, and `ties` (one, two)."""

    people: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"unit": pl.String, "code": pl.UInt64}))
    ties: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={"one": pl.UInt64, "two": pl.UInt64}))


def network(pairs: pl.DataFrame, teams: pl.DataFrame, calendar: Calendar) -> Network:
    """From who turned to whom (`metrics.network.pairs`) and person, week, unit."""
    last = pl.col("week") == calendar.last
    found = pairs.lazy().select(list(PAIRS)).filter(last)
    there = members(teams.lazy().filter(last), found)
    ties = tied(found, there).select("one", "two").unique().sort("one", "two")
    return Network(there.select("unit", "code").sort("unit", "code").collect(), ties.collect())


def divisions(found: Network, cells: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    """One row per unit with teams below it whose own number of last week is shown (`SHAPE`).

    Of the ties among a unit's people, 30 or more: `by_chance` is how often teams of the same sizes, dealt out by lot,
    keep as many of them (a permutation test, one-sided). With ties in five teams or more: `found` is the modularity of
    the groups that ties alone make (Traag, Waltman & van Eck 2019, the Leiden method), `groups` how many of these have
    as many people as the smallest group shown, `alike` how much these and the teams have in common (normalised mutual
    information, 0 to 1; Danon et al. 2005). Both are above nought by chance alone (Guimera et al. 2004): `found_by_lot`
    and `alike_by_lot` are the most of 19 networks in which everybody has as many ties as here, dealt out by lot.
    """
    week = setting.calendar.last
    told = cells.filter(pl.col("week") == week, pl.col("state") == "shown", pl.col("value").is_not_null())
    shown = {name: {*told.filter(pl.col("indicator") == name)["unit"]} for name in (OUTWARD, ISLANDS)}
    above = setting.above.filter(pl.col("week") == week).select("unit", "ancestor")
    placed = found.people.join(above, on="unit")
    many = placed.group_by("ancestor").agg(teams=pl.col("unit").n_unique()).filter(pl.col("teams") > 1)["ancestor"]
    rows = []
    for unit in sorted({*many} & (shown[OUTWARD] | shown[ISLANDS])):
        mine = placed.filter(pl.col("ancestor") == unit)
        groups = dict(mine.select("code", "unit").iter_rows())
        said = divided(_among(found.ties, mine), groups, setting.calendar.k)
        if kept := {name: value for name, value in said.items() if unit in shown[TOLD_WITH.get(name, ISLANDS)]}:
            rows.append({"unit": unit, "week": week, **kept})
    return rounded(pl.DataFrame(rows, schema=SHAPE))


def divided(ties: list[tuple[Hashable, Hashable]], groups: Mapping[Hashable, Hashable], k: int) -> dict[str, Any]:
    """What `divisions` says of one unit; `groups` are the teams of all its people."""
    if len(ties) < LEAST_TIES:
        return {}
    said: dict[str, Any] = {"by_chance": permutation_p(ties, groups, DEALS)}
    own = {end: groups[end] for tie in ties for end in tie}
    if len({*own.values()}) < LEAST_TEAMS:
        return said
    quality, found = _made(ties)
    sizes = Counter(found.values())
    lots = [_made(lot) for lot in _lots(ties)]
    return said | {
        "found": quality,
        "found_by_lot": max(quality for quality, _ in lots),
        "groups": sum(size >= k for size in sizes.values()),
        "alike": shared_information(own, found),
        "alike_by_lot": max(shared_information({one: own[one] for one in made}, made) for _, made in lots),
    }


def _made(ties: list[tuple[Hashable, Hashable]]) -> tuple[float, dict[Hashable, Hashable]]:
    """The modularity of the groups that ties make, and who is in which."""
    names = {str(end): end for tie in ties for end in tie}
    edges = [(str(one), str(two), 1.0) for one, two in ties]
    quality, made = leiden.leiden(edges, seed=1, trials=TRIALS)
    return quality, {names[name]: group for name, group in made.items()}


def _lots(ties: list[tuple[Hashable, Hashable]]) -> Iterator[list[tuple[Hashable, Hashable]]]:
    """Networks of as many ties for each (the configuration model), less ties with oneself and those dealt twice."""
    chance = np.random.default_rng(1)
    names = list(dict.fromkeys(end for tie in ties for end in tie))
    place = {name: at for at, name in enumerate(names)}
    ends = np.array([place[end] for tie in ties for end in tie])
    for _ in range(LOTS):
        dealt = np.sort(chance.permutation(ends).reshape(-1, 2), axis=1)
        kept = np.unique(dealt[dealt[:, 0] < dealt[:, 1]], axis=0)
        yield [(names[one], names[two]) for one, two in kept.tolist()]


def _among(ties: pl.DataFrame, people: pl.DataFrame) -> list[tuple[Hashable, Hashable]]:
    """The ties of which both ends are among these people."""
    for end in ("one", "two"):
        ties = ties.join(people, left_on=end, right_on="code", how="semi")
    return ties.sort("one", "two").rows()

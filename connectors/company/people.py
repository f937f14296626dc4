"""The people of the made-up company: seats in units, who sat where when, and what HR would say of it.

Work is drawn for seats and given to whoever sat there that day. A seat stays in its unit; people join, leave, and
change places, so that units keep their size while their members change.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from connectors.company.names import SITES, mails
from connectors.company.planted import OFFICE_SPLIT, SPLIT, TEAM_OF_FOUR, weeks_before
from connectors.company.rhythm import Bools, Ints, Rhythm, at
from connectors.company.tree import Tree

GROWTH, LEAVING, MOVING = 0.08, 0.11, 0.06
VACANT = 0.008
NEVER = 1_000_000


@dataclass(frozen=True)
class Roster:
    """Seats (sorted by unit and by the day they open) and spells (sorted by seat and first day; last is exclusive)."""

    unit: Ints
    opens: Ints
    lead: Bools
    seat: Ints
    person: Ints
    first: Ints
    last: Ints
    joined: Ints
    mail: pl.Series

    @cached_property
    def _key(self) -> Ints:
        return np.asarray(self.seat * NEVER + self.first)

    def sitting(self, seat: Ints, day: Ints) -> Ints:
        """Who sits there that day, as a person's number; -1 where nobody does."""
        spell = np.maximum(np.searchsorted(self._key, seat * NEVER + day, side="right") - 1, 0)
        found = (self.seat[spell] == seat) & (self.first[spell] <= day) & (day < self.last[spell])
        return np.where(found, self.person[spell], -1)

    @cached_property
    def from_seat(self) -> Ints:
        """The first seat of each unit, and the number of seats after all."""
        return np.searchsorted(self.unit, np.arange(self.unit[-1] + 2))

    def open(self, days: Ints) -> Ints:
        """How many seats each unit has open on each of these days: units by days."""
        units = len(self.from_seat) - 1
        opening = np.searchsorted(days, self.opens, side="left")
        found = np.zeros((units, len(days) + 1), dtype=np.int64)
        np.add.at(found, (self.unit, opening), 1)
        return np.asarray(found.cumsum(axis=1)[:, :-1])

    def draw(self, rng: np.random.Generator, unit: Ints, opened: Ints) -> Ints:
        """A seat of each of these units among those open, of which there are `opened`."""
        return np.asarray(self.from_seat[unit] + (rng.random(len(unit)) * opened).astype(np.int64))


def hire(rng: np.random.Generator, people: int, tree: Tree, rhythm: Rhythm) -> Roster:
    """Everybody who ever sat in a seat of this tree."""
    unit, opens, lead = _seats(rng, people, tree, rhythm)
    fixed = lead | (tree.depth[unit] < 3) | (unit == tree.index(TEAM_OF_FOUR))
    lasting = fixed & (unit == tree.index(TEAM_OF_FOUR))
    seat, first, last = _tenures(rng, opens, lasting, rhythm)
    person = np.arange(len(seat))
    tenure = np.minimum(rng.exponential(4 * 365, len(seat)), 20 * 365).astype(np.int64) + 1
    joined = np.where((first == 0) & (opens[seat] <= 0), -tenure, first)
    seat, person, first, last = _swaps(rng, (seat, person, first, last), unit, tree, fixed, rhythm)
    order = np.lexsort((first, seat))
    mail = mails(rng, len(joined))
    return Roster(unit, opens, lead, seat[order], person[order], first[order], last[order], joined, mail)


def _seats(rng: np.random.Generator, people: int, tree: Tree, rhythm: Rhythm) -> tuple[Ints, Ints, Bools]:
    size = np.array([5, 3, 1, 0])[tree.depth]
    teams = tree.teams[tree.teams != tree.index(TEAM_OF_FOUR)]
    size[tree.index(TEAM_OF_FOUR)] = 4
    size[teams] = _sizes(rng, len(teams), round(people * (1 + VACANT)) - int(size.sum()))
    unit = np.repeat(np.arange(len(size)), size)
    place = np.arange(len(unit)) - np.repeat(np.cumsum(size) - size, size)
    lead = (place == 0) & (unit != tree.index(TEAM_OF_FOUR))
    young = (rng.random(len(unit)) < 1 - (1 + GROWTH) ** -rhythm.years) & ~lead & np.isin(unit, teams)
    opens = np.where(young, rng.integers(1, rhythm.days, len(unit)), np.where(lead, -1, 0))
    order = np.lexsort((opens, unit))
    return unit[order], opens[order], lead[order]


def _sizes(rng: np.random.Generator, teams: int, seats: int) -> Ints:
    """Sizes of teams that add up: most between 8 and 25."""
    size = np.clip(rng.gamma(9, seats / teams / 9, teams).round(), 8, 25).astype(np.int64)
    while (short := seats - int(size.sum())) != 0:
        free = np.flatnonzero(size < 25) if short > 0 else np.flatnonzero(size > 8)
        free = free if len(free) else np.arange(teams)
        size[rng.permutation(free)[: abs(short)]] += np.sign(short)
    return size


def _tenures(rng: np.random.Generator, opens: Ints, lasting: Bools, rhythm: Rhythm) -> tuple[Ints, Ints, Ints]:
    """One person after another on each seat, a few weeks between them."""
    seat, first = np.arange(len(opens)), np.maximum(opens, 0)
    found: list[tuple[Ints, Ints, Ints]] = []
    while len(seat):
        stays = rng.exponential(365 / LEAVING, len(seat)).astype(np.int64) + 20
        last = np.where(lasting[seat], NEVER - 1, first + stays)
        found.append((seat, first, last))
        again = last + 7 + rng.exponential(20, len(seat)).astype(np.int64)
        seat, first = seat[again < rhythm.days], again[again < rhythm.days]
    seat, first, last = (np.concatenate(part) for part in zip(*found, strict=True))
    return seat, first, last


Spells = tuple[Ints, Ints, Ints, Ints]


def _swaps(rng: np.random.Generator, spells: Spells, unit: Ints, tree: Tree, fixed: Bools, rhythm: Rhythm) -> Spells:
    """Twice a month some people change places, mostly within their division."""
    division = tree.above(unit, 1)
    each = len(unit) * MOVING / 24
    for day in np.arange(10, rhythm.days - 10, 365 / 24).astype(np.int64):
        seat, person, first, last = spells
        there = np.flatnonzero((first < day - 5) & (day + 5 < last) & ~fixed[seat])
        drawn = rng.choice(there, min(int(each + rng.random()), len(there)) // 2 * 2, replace=False)
        drawn = drawn[np.argsort(division[seat[drawn]] + rng.random(len(drawn)) * 1.4)]
        one, two = drawn[::2], drawn[1::2]
        apart = unit[seat[one]] != unit[seat[two]]
        one, two = one[apart], two[apart]
        left, right = np.concatenate([one, two]), np.concatenate([two, one])
        news = (seat[left], person[right], np.full(len(left), day), last[left])
        shortened = last.copy()
        shortened[left] = day
        seat, person, first, last = (
            np.concatenate(pair) for pair in zip((seat, person, first, shortened), news, strict=True)
        )
        spells = (seat, person, first, last)
    return spells


def members(roster: Roster, tree: Tree, rhythm: Rhythm) -> pl.DataFrame:
    """The canonical table of people: a row for every stay in a unit under one manager at one site."""
    spells = pl.DataFrame({
        "who": roster.person, "unit": roster.unit[roster.seat], "lead": roster.lead[roster.seat],
        "seat": roster.seat, "first": roster.first, "last": roster.last,
    })  # fmt: skip
    parent = np.where(tree.after < 0, 0, tree.after)
    stays = _sited(_managed(spells, parent), tree, rhythm).filter(pl.col("first") < rhythm.days)
    who, unit = stays["who"].to_numpy(), stays["unit"].to_numpy()
    first, last = stays["first"].to_numpy(), stays["last"].to_numpy()
    leaving = spells.group_by("who").agg(pl.col("last").max().alias("leaves"))
    left = stays.join(leaving, on="who", how="left", maintain_order="left")["leaves"].to_numpy()
    gone, over = left < rhythm.days, last < rhythm.days
    known = np.where(gone, left, np.where(over, last, first))
    return pl.DataFrame({
        "person": roster.mail.gather(who), "unit": tree.id.gather(unit),
        "manager": at(roster.mail, stays["manager"].to_numpy()),
        "role": pl.Series(_roles(tree.depth[unit], stays["lead"].to_numpy(), roster, who)),
        "leader": stays["lead"], "site": pl.Series(SITES).gather(stays["site"]),
        "joined": rhythm.date(roster.joined[who]), "left": rhythm.date(left, known=gone),
        "valid_from": rhythm.date(first), "valid_to": rhythm.date(last, known=over),
        "changed": rhythm.moment(known * 86_400),
    })  # fmt: skip


def _roles(depth: Ints, lead: Bools, roster: Roster, who: Ints) -> list[str]:
    leads = np.array(["chief executive", "division head", "department head", "team lead"])[depth]
    ranks = np.array(["associate", "specialist", "senior specialist"])[(who * 7919) % 3]
    return [str(role) for role in np.where(lead, leads, np.where(depth < 3, "staff", ranks))]


def _managed(spells: pl.DataFrame, parent: Ints) -> pl.DataFrame:
    """Cut each stay where the unit's lead changes; a lead is managed by the lead of the unit above."""
    leads = spells.filter("lead").sort("unit", "first").select(
        pl.col("unit").alias("of"), pl.col("who").alias("manager"),
        pl.when(pl.col("first") == pl.col("first").min().over("unit")).then(0).otherwise("first").alias("since"),
        pl.col("first").shift(-1, fill_value=NEVER).over("unit").alias("until"),
    )  # fmt: skip
    above = pl.Series(parent).gather(spells["unit"])
    own = spells.with_columns(pl.when("lead").then(above).otherwise("unit").alias("of"))
    cut = own.join(leads, on="of", how="left").with_columns(
        pl.max_horizontal("first", "since").alias("first"), pl.min_horizontal("last", "until").alias("last"),
        pl.when(pl.col("manager") == pl.col("who")).then(-1).otherwise("manager").fill_null(-1).alias("manager"),
    )  # fmt: skip
    return cut.filter(pl.col("first") < pl.col("last")).sort("seat", "first")


def _sited(stays: pl.DataFrame, tree: Tree, rhythm: Rhythm) -> pl.DataFrame:
    """A site for each department, and another for half of the teams of the split division since the split."""
    split, every = rhythm.day(weeks_before(rhythm.today, OFFICE_SPLIT)), np.arange(len(tree.ids))
    home = tree.above(every, 2) % (len(SITES) - 1)
    away = np.isin(every, tree.under(SPLIT)[::2]) & (tree.depth == 3)
    stays = stays.with_columns(pl.Series("site", home).gather(stays["unit"]).alias("site").cast(pl.Int64))
    goes = pl.Series(away).gather(stays["unit"])
    before = stays.with_columns(
        pl.when(goes).then(pl.min_horizontal("last", pl.lit(split))).otherwise("last").alias("last")
    )
    after = stays.filter(goes).with_columns(pl.max_horizontal("first", pl.lit(split)).alias("first"),
                                            pl.lit(len(SITES) - 1).cast(pl.Int64).alias("site"))  # fmt: skip
    return pl.concat([before, after]).filter(pl.col("first") < pl.col("last")).sort("seat", "first")

"""A source that tells who is where today: all of it is read, its tree of units made out, its history kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import polars as pl

from connectors.source import Health, Page, Source, Stream

DEPTH = 100
ABOVE = "above"
Finish = Callable[[pl.DataFrame], pl.DataFrame]
MAY = {
    "top": "the unit of who is in none, above all that belong to nothing else (no such unit)",
    "services": "addresses, logins or ids of accounts that are no person's (none)",
}


@dataclass
class Directory:
    """A source of `people` and `accounts` (and `units`, where it knows them), read whole and finished here.

    Its people may carry `above`: the unit above theirs. Without it, and without units of its own, the tree follows
    the managers: a unit belongs to the unit of the manager of its highest. `dated` is a source that tells all
    memberships there were, with their days; of any other only today's are known, and sync keeps what was.
    """

    name: str
    inner: Source
    top: str = ""
    services: Sequence[str] = ()
    dated: bool = False
    finish: Finish = lambda people: people

    @classmethod
    def of(cls, inner: Source, settings: Mapping[str, Any], **more: Any) -> Directory:
        services = tuple(str(one).strip().lower() for one in settings.get("services", ()))
        return cls(inner.name, inner, str(settings.get("top", "")), services, **more)

    def streams(self) -> list[Stream]:
        read: dict[str, list[pl.DataFrame]] = {}
        people = partial(self.given, read, ("people", "accounts"))
        if not self.dated:
            both = partial(self.given, read, ("people", "accounts", "units"))
            return [Stream("people", both, whole=True, history=True, also=("accounts", "units"))]
        return [
            Stream("people", people, whole=True, covers="all", also=("accounts",)),
            Stream("units", partial(self.given, read, ("units",)), whole=True, history=True),
        ]

    def given(
        self, read: dict[str, list[pl.DataFrame]], tables: Sequence[str], since: datetime | None
    ) -> Iterator[pl.DataFrame | Page]:
        """Everything, whatever the moment: only a whole read shows who is gone and who leads."""
        if not read or tables[0] == "people":
            read.clear()
            read.update(self.finished())
        for table in tables:
            yield from (rows if table == tables[0] else Page(table, rows) for rows in read[table])

    def finished(self) -> dict[str, list[pl.DataFrame]]:
        found: dict[str, list[pl.DataFrame]] = {"people": [], "accounts": [], "units": []}
        for stream in self.inner.streams():
            for said in stream.read(None):
                table, rows = (said.table, said.rows) if isinstance(said, Page) else (stream.table, said)
                found[table].append(rows)
        accounts = [self.marked(rows) for rows in found["accounts"]]
        if not found["people"]:
            return {**found, "accounts": accounts}
        people = self.finish(pl.concat(found["people"], how="diagonal_relaxed"))
        machines = [rows.filter(kind="service")["account"] for rows in accounts]
        people = (
            people.filter(~pl.col("person").is_in(pl.concat(machines).implode()).fill_null(value=False))
            if machines
            else people
        )
        people = led(topped(people, self.top))
        units = pl.concat(found["units"], how="diagonal_relaxed") if found["units"] else tree(people)
        return {
            "people": [people.drop(ABOVE, strict=False)],
            "accounts": accounts,
            "units": [under(units, self.top)],
        }

    def check(self) -> Health:
        return self.inner.check()

    def marked(self, accounts: pl.DataFrame) -> pl.DataFrame:
        """What the settings name is a service and no person."""
        signs = [name for name in ("account", "email", "login") if name in accounts.columns]
        named = [pl.col(name).cast(pl.String).str.to_lowercase().is_in(self.services) for name in signs]
        kind = pl.col("kind") if "kind" in accounts.columns else pl.lit(None, pl.String)
        machine = (pl.any_horizontal(named) | (kind == "service")).fill_null(value=False)
        person = pl.when(~machine).then("person").alias("person")
        return accounts.with_columns(person, kind=pl.when(machine).then(pl.lit("service")).otherwise(kind))


def topped(people: pl.DataFrame, top: str) -> pl.DataFrame:
    """Who is in no unit is in the topmost, if there is one."""
    return people.with_columns(pl.coalesce("unit", pl.lit(top or None, pl.String)).alias("unit"))


def led(people: pl.DataFrame) -> pl.DataFrame:
    """Whoever has reports leads, unless the source says itself who does."""
    names = {"manager": pl.String, "leader": pl.Boolean, "valid_from": pl.Date}
    people = people.with_columns(pl.lit(None, kind).alias(n) for n, kind in names.items() if n not in people.columns)
    leads = pl.col("person").is_in(people["manager"].drop_nulls().unique().implode())
    return people.with_columns(pl.coalesce("leader", leads).alias("leader"))


def tree(people: pl.DataFrame) -> pl.DataFrame:
    """The units that people are in, under the unit most of them name as the one above, else as their managers are.

    Of people with several memberships the last one says where their unit belongs.
    """
    last = people.sort("valid_from", nulls_last=True).unique("person", keep="last", maintain_order=True)
    if ABOVE not in people.columns:
        last = last.with_columns(managed(last))
    above = last.filter(pl.col("unit").is_not_null() & pl.col(ABOVE).is_not_null() & (pl.col(ABOVE) != pl.col("unit")))
    most = above.group_by("unit", parent=ABOVE).len().sort("len", "parent", descending=[True, False])
    parents = most.unique("unit", keep="first", maintain_order=True).select("unit", "parent")
    named = pl.concat([people.select("unit").drop_nulls(), parents.select(unit="parent")]).unique()
    rows = named.join(parents, on="unit", how="left").sort("unit")
    return rows.with_columns(name="unit", valid_from=pl.lit(None, pl.Date))


def managed(people: pl.DataFrame) -> pl.Series:
    """For those highest in their unit: the nearest other unit up the line of managers.

    The unit above has someone who is higher than anyone here, so that no circle can come of it.
    """
    over = people.select(at="person", next_unit="unit", next_at="manager", there=pl.lit(value=True))
    steps = people.select("person", "unit", at="manager", depth=pl.lit(0), above=pl.lit(None, pl.String))
    for depth in range(1, DEPTH):
        if steps["at"].null_count() == steps.height:
            break
        found = steps.join(over, on="at", how="left", maintain_order="left")
        other = pl.when(pl.col("next_unit") != pl.col("unit")).then("next_unit")
        higher = pl.when("there").then(depth).otherwise("depth")
        steps = found.select("person", "unit", at="next_at", depth=higher, above=pl.coalesce(ABOVE, other))
    round_and_round = pl.col("at").is_not_null()
    highest = pl.col("depth") == pl.col("depth").filter(~round_and_round).min().over("unit")
    return steps.select(pl.when(highest & ~round_and_round).then(ABOVE).alias(ABOVE)).to_series()


def under(units: pl.DataFrame, top: str) -> pl.DataFrame:
    """All that belong to nothing belong to the topmost, if there is one."""
    if not top:
        return units
    row = pl.DataFrame({"unit": [top], "name": [top]})
    units = pl.concat([units.filter(pl.col("unit") != top), row], how="diagonal_relaxed")
    parent = pl.when(pl.col("unit") != top).then(pl.coalesce("parent", pl.lit(top)))
    return units.with_columns(parent=parent)

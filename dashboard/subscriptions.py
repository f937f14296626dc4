"""Who is told what, from settings and from what people asked for on the screen; for whoever delivers it.

A way out asks once for all it can reach, then sends to each what is theirs and remembers it as told:

    found = news(settings, memory, {"board:ada@example.org": "ada@example.org"}, now)
    for name, flips in found.items():
        ...send flips...
        memory.tell(name, flips, now)
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl

from connectors.store.memory import Memory
from dashboard.lifetime import rows_to_tell, tick
from dashboard.settings import Settings
from metrics.indicator import indicators
from metrics.subscriptions import Mute, Recipient, Tree, Want
from metrics.subscriptions import news as due

EVERYONE = "*"


def news(settings: Settings, memory: Memory, names: Mapping[str, str], now: datetime) -> dict[str, pl.DataFrame]:
    """What to tell each of these now: flips (`indicator, unit, verdict, side, since, sentence, kind`) by name.

    `names`: for each recipient, under what is told to them is remembered (`memory.told`, `memory.tell`), their address
    as it stands in [access] and [[subscriptions]]; a channel or folder has its own, or an empty one. Moves the alerts
    on first, so a refresh that was killed before it did is no loss. `kind` is new, worse, again, watch or over.
    """
    tick(memory, now, settings.alerts.patience)
    told = {name: memory.told(name) for name in names}
    rows = rows_to_tell(memory, told, settings.alerts.patience)
    asked = wants(settings, memory)
    people = [Recipient(name, scope(settings, one), asked.get(one.lower())) for name, one in names.items()]
    return due(rows, people, mutes(memory), tree(memory.units()), told, today(settings, now))


def today(settings: Settings, now: datetime) -> date:
    """The day it is where the organisation is."""
    return now.astimezone(ZoneInfo(settings.organisation.time_zone)).date()


def wants(settings: Settings, memory: Memory) -> dict[str, tuple[Want, ...]]:
    """What each address asked for: in settings, and on the screen or the command line."""
    found: dict[str, tuple[Want, ...]] = {}
    for one in settings.subscriptions:
        found[one.address] = (*found.get(one.address, ()), Want(one.unit, one.theme, one.tier))
    for row in memory.subscriptions().iter_rows(named=True):
        found[row["address"]] = (*found.get(row["address"], ()), Want(row["unit"], row["theme"], row["tier"]))
    return found


def scope(settings: Settings, address: str) -> tuple[str, ...] | None:
    """The units an address may see, each with all below it; None is all, which is so where [access] is not set."""
    if not settings.access:
        return None
    return tuple(settings.access.get(address.lower(), settings.access.get(EVERYONE, ())))


def mutes(memory: Memory) -> list[Mute]:
    kept = ["until", "who", "why", "unit", "below", "indicator", "theme", "id"]
    return [Mute(**row) for row in memory.mutes().select(kept).iter_rows(named=True)]


def tree(units: pl.DataFrame) -> Tree:
    return Tree(units.select("unit", "parent"), {name: one.theme for name, one in indicators().items()})

"""What one recipient hears: the units they may see, what they asked for, and what of it is news to them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from connectors.store.memory import Memory
from dashboard import subscriptions
from dashboard.lifetime import rows_to_tell
from dashboard.planned import Planned
from dashboard.settings import Settings
from metrics.subscriptions import Recipient, Want, news


def sees(settings: Settings, memory: Memory, address: str, units: Collection[str] | None) -> tuple[str, ...] | None:
    """The units somebody may see: what [access] grants their address, and within it what the way out may carry."""
    granted = subscriptions.scope(settings, address)
    if granted is None or units is None:
        return granted if units is None else tuple(units)
    tree = subscriptions.tree(memory.units())
    both = set(tree.below(granted)) & set(tree.below(units))
    return tuple(unit for unit in memory.units()["unit"] if unit in both)


def wants(settings: Settings, memory: Memory, address: str, plan: Planned | None) -> tuple[Want, ...] | None:
    """What they asked for: that of a report stands in its plan, that of every night in the subscriptions."""
    if plan is None:
        return subscriptions.wants(settings, memory).get(address.lower())
    return tuple(Want(unit, theme) for unit in plan.units or [""] for theme in plan.themes or [""])


def changes(
    settings: Settings,
    memory: Memory,
    ear: str,
    scope: tuple[str, ...] | None,
    asked: tuple[Want, ...] | None,
    now: datetime,
) -> pl.DataFrame:
    """What is news to them (`indicator, unit, verdict, side, since, sentence, kind`), without what is muted today."""
    told = {ear: memory.told(ear)}
    rows = rows_to_tell(memory, told, settings.alerts.patience)
    mutes, tree = subscriptions.mutes(memory), subscriptions.tree(memory.units())
    today = now.astimezone(ZoneInfo(settings.organisation.time_zone)).date()
    return news(rows, [Recipient(ear, scope, asked)], mutes, tree, told, today)[ear]

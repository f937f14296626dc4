"""What needs attention first: alerts with what the board says of them now, grouped by what is to be done."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from metrics.life import Alert
from metrics.subscriptions import Mute, Tree, muted

LATELY = timedelta(days=90)
GROUPS = {
    "overdue": "Overdue",
    "unowned": "Nobody has taken it up",
    "taken": "Taken up",
    "good": "Good news",
    "quiet": "Put off or muted",
    "waiting": "Waiting for data",
    "resolved": "Resolved lately",
}
"""In the order of the screen."""
TROUBLE = ("overdue", "unowned", "taken")


@dataclass(frozen=True)
class Item:
    """An alert, the board's row of it now (none where there is no longer one), and the mute that holds over it."""

    alert: Alert
    row: Mapping[str, Any] | None
    mute: Mute | None
    group: str

    @property
    def known(self) -> bool:
        """Whether the board has a verdict now."""
        return self.row is not None and self.row["verdict"] != "unknown"

    @property
    def rings(self) -> bool:
        return self.row is not None and self.row["verdict"] == "alarm"


def group(alert: Alert, row: Mapping[str, Any] | None, mute: Mute | None, today: date) -> str:
    """Under which heading it stands."""
    if not alert.open:
        return "resolved"
    if mute is not None or alert.until is not None:
        return "quiet"
    if row is None or row["verdict"] == "unknown":
        return "waiting"
    if alert.side == "better":
        return "good"
    if alert.overdue(today):
        return "overdue"
    return "taken" if alert.owner or alert.acknowledged else "unowned"


def items(
    alerts: Iterable[Alert], verdicts: pl.DataFrame, mutes: Iterable[Mute], tree: Tree, within: Collection[str],
    today: date,
) -> list[Item]:  # fmt: skip
    """Alerts on these units, newest movement first; resolved ones for a quarter.

    What an alarm above (among these units) explains is left to that one, unless somebody took it up.
    """
    here, places = set(within), {place: n for n, place in enumerate(within)}
    board = {(row["indicator"], row["unit"]): row for row in verdicts.iter_rows(named=True)}
    mine = [one for one in alerts if one.unit in here and lately(one, today)]
    frame = pl.DataFrame([one.place for one in mine], schema=["indicator", "unit"], orient="row")
    hushed = muted(frame, mutes, tree, today)
    found = []
    for one in mine:
        row, mute = board.get(one.place), hushed.get(one.place)
        explained = row is not None and row["verdict"] == "alarm" and row["folded"] in here
        if not (explained and one.open and not touched(one)):
            found.append(Item(one, row, mute, group(one, row, mute, today)))
    return sorted(found, key=lambda item: (-(item.alert.since or date.min).toordinal(), places[item.alert.unit]))


def lately(alert: Alert, today: date) -> bool:
    return alert.open or (alert.ended is not None and alert.ended.date() >= today - LATELY)


def touched(alert: Alert) -> bool:
    """Whether a person has done anything about it."""
    return bool(alert.acknowledged or alert.owner or alert.until or alert.intervention)


def chosen(found: Iterable[Item], state: str, owner: str, theme: str, themes: Mapping[str, str]) -> list[Item]:
    """Those of a state, an owner, a theme, as far as they are asked for."""
    return [
        item
        for item in found
        if state in ("", item.alert.state, "muted" if item.mute else "")
        and owner in ("", item.alert.owner)
        and theme in ("", themes.get(item.alert.indicator, ""))
    ]


def under(item: Item, verdicts: pl.DataFrame) -> list[str]:
    """The units below in which the same alarm rings."""
    place = (pl.col("folded") == item.alert.unit) & (pl.col("indicator") == item.alert.indicator)
    return verdicts.filter(place)["unit"].to_list()

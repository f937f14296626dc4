"""What a number of ties would be if people counted as tied by another rule, one thing changed at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import words
from dashboard.access import Shown
from dashboard.views import pieces
from dashboard.views.frame import Asked
from metrics.indicator import Indicator
from metrics.tie_sensitivity import OURS

RULES = {
    ("turns", 1): "One turn of either is enough",
    ("turns", 3): "A third turn is needed too",
    ("weeks", 2): "Within two weeks",
    ("weeks", 8): "Within eight weeks",
    ("crowded", 15): "Channels of at most 15",
    ("crowded", 60): "Channels of at most 60",
}
STRICT = "turns", 3
LEVELS = ("from -1 to 1",)  # units in which nought is in the middle, so that no percentage makes sense


def rules(indicator: Indicator, shown: Shown, asked: Asked) -> None:
    """A sentence on the stricter rule, and the value under each; nothing where none was counted for the unit."""
    rows = shown.made("tie_rules", indicator=indicator.name).filter(unit=asked.unit).rows(named=True)
    others = {changed(row): row for row in rows if changed(row) in RULES}
    if not others:
        return
    st.subheader("If ties were counted otherwise", anchor=False)
    if STRICT in others:
        pieces.say(sentence(others[STRICT], indicator.unit))
    ours = words.number(rows[0]["ours"], indicator.unit)
    listed = {name: told(others[key], indicator.unit) for key, name in RULES.items() if key in others}
    pieces.write(pieces.facts({"As it is counted": f"{ours}: each turned to the other, on two days of four weeks, in "
                               "channels of at most 30"} | listed))  # fmt: skip


def changed(row: Mapping[str, Any]) -> tuple[str, int]:
    """In what a rule differs from ours; of ours itself nothing."""
    found = [(name, row[name]) for name in ("turns", "weeks", "crowded") if row[name] != getattr(OURS, name)]
    return found[0] if len(found) == 1 else ("", 0)


def sentence(row: Mapping[str, Any], unit: str) -> str:
    trend = {True: "; the trend is the same", False: "; the trend would be another, so believe neither alone"}
    return f"With a stricter rule the value would be {apart(row, unit)}{trend.get(row['alike'], '')}."


def told(row: Mapping[str, Any], unit: str) -> str:
    trend = {True: "trend the same", False: "trend another", None: "trend not known"}[row["alike"]]
    return f"{words.number(row['value'])} ({apart(row, unit)}; {trend})"


def apart(row: Mapping[str, Any], unit: str) -> str:
    """How far a value is from ours: `12 % lower`, or in its own unit where a percentage makes no sense."""
    moved = row["value"] - row["ours"]
    plain = unit in LEVELS or not row["ours"]
    size = words.number(abs(moved)) if plain else words.number(abs(100 * moved / row["ours"]), "%")
    return "the same" if size in ("0", "0 %") else f"{size} {'lower' if moved < 0 else 'higher'}"

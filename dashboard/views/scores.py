"""The five scores in a row: a number, its likely range, whether it clearly changed, how good the evidence is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import words
from dashboard.access import Shown
from dashboard.views import pieces
from dashboard.views.frame import Asked
from metrics.goalposts import SCORES, Score
from metrics.quality import label
from metrics.robust import HATCHED

ONWARD = ":material/arrow_forward:"
Row = Mapping[str, Any]
CHANGED = {
    "up": "Higher than three months ago.",
    "down": "Lower than three months ago.",
    "same": "No clear change in three months.",
    "": "Too early to speak of change.",
}
COLOURS = {"red": "low", "amber": "middling", "green": "high"}


def known(shown: Shown, unit: str) -> dict[str, Row]:
    """The published scores of a unit by name."""
    return {row["score"]: row for row in shown.made("scores", unit=unit).iter_rows(named=True)}


def row(shown: Shown, asked: Asked) -> None:
    """One card a score, side by side or one below the other."""
    found = known(shown, asked.unit)
    if all(one["value"] is None for one in found.values()):
        return
    st.subheader("Five scores", anchor=False)
    with st.container(horizontal=True, gap="small", key="scores"):
        for score in SCORES:
            with st.container(border=True, gap="xxsmall", key=f"score-{score.name}"):
                card(score, found.get(score.name), asked)


def card(score: Score, one: Row | None, asked: Asked) -> None:
    asked.link(f"score-{score.name}", score.title)
    pieces.write(f"{number(one)}{said(one)}")


def number(one: Row | None) -> str:
    """The number as a whole one; hatched where another way of making it would colour it otherwise."""
    if one is None or one["value"] is None:
        return '<div class="bw-value none">Not enough evidence</div>'
    name = COLOURS[one["colour"]]
    look = f"bw-score {one['colour']}{' hatched' if hatched(one) else ''}"
    mark = f'<i class="{look}" role="img" aria-label="{name}"></i>'
    return f'<div class="bw-value">{mark}{one["value"]:.0f} <small>of 100</small></div><p>{likely(one)}</p>'


def likely(one: Row) -> str:
    """Its 90 % interval in whole points."""
    if one["low"] is None or one["high"] is None:
        return "How sure is not known yet"
    low, high = f"{one['low']:.0f}", f"{one['high']:.0f}"
    return f"likely {low} to {high}" if low != high else f"likely {low}"


def hatched(one: Row) -> bool:
    return bool(one["flips"] > HATCHED)


def said(one: Row | None) -> str:
    """Change and evidence in words."""
    if one is None:
        return '<p class="bw-soft">No data yet.</p>'
    change = CHANGED[one["changed"]] if one["value"] is not None else ""
    lines = "".join(f"<p>{words.html(line)}</p>" for line in (change, evidence(one)) if line)
    return f'<div class="bw-soft">{lines}</div>'


def evidence(one: Row) -> str:
    """How good the evidence is, and how much of it lacks."""
    lacking = f"; {one['present']:.0%} there" if one["missing"] else ""
    return f"Evidence {label(one['quality'] or 0)}{lacking}."

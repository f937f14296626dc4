"""Do people work as the chart says? Groups drawn by ties alone, and whether chance would keep as many ties in teams."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import words
from dashboard.access import Shown
from dashboard.views import pieces
from dashboard.views.frame import Asked
from metrics.divisions import DEALS, ISLANDS, OUTWARD
from metrics.indicator import Indicator

CHANCE = 0.05  # of the deals, from which on it may be chance
MOSTLY, PARTLY = 0.6, 0.2  # of what there is beyond chance, from which on people work as the chart says, or partly


def division(indicator: Indicator, shown: Shown, asked: Asked) -> None:
    """A sentence and how it was found, on the pages of outward ties and of islands; nothing of units without teams."""
    if indicator.name not in (OUTWARD, ISLANDS):
        return
    row = next(iter(shown.made("divisions", unit=asked.unit).rows(named=True)), None)
    if row is None or row["by_chance" if indicator.name == OUTWARD else "found"] is None:
        return
    when = words.period(row["week"], indicator, shown.today)
    if indicator.name == OUTWARD:
        st.subheader("Is it chance?", anchor=False)
        pieces.say(chance(row["by_chance"]))
        pieces.say(
            f"Ties among the people of this unit in the {when}, dealt out {DEALS} times (permutation test).", "bw-soft"
        )
    else:
        st.subheader("Do people work as the chart says?", anchor=False)
        pieces.say(chart(row))
        pieces.say(
            f"Groups of most modularity (Leiden method) from the ties of the {when}; agreement as normalised mutual "
            "information.",
            "bw-soft",
        )


def chance(p: float) -> str:
    """`... in 240 of 1,000 deals: this may be chance.`"""
    often = round(p * (DEALS + 1))
    many = "fewer than 2" if often <= 1 else f"{often:,}"
    meaning = "this may be chance" if p >= CHANCE else "that people keep to their own team is not chance"
    return (
        "If the same people were dealt out by lot to teams of the same sizes, as many ties would stay within teams in "
        f"{many} of {DEALS + 1:,} deals: {meaning}."
    )


def chart(row: Mapping[str, Any]) -> str:
    """`Who works with whom alone would make 9 larger groups ...: people work partly as the chart says.`"""
    if row["found"] <= row["found_by_lot"]:
        return "By who works with whom alone, no groups stand out beyond those that chance would make."
    groups = words.many(row["groups"], "larger group") if row["groups"] else "groups that are all small"
    found, lots = (words.number(row[name]) for name in ("found", "found_by_lot"))
    shared, by_lot = (words.number(100 * row[name]) for name in ("alike", "alike_by_lot"))
    beyond = (row["alike"] - row["alike_by_lot"]) / max(1 - row["alike_by_lot"], 1e-9)
    meaning = (
        "people work much as the chart says" if beyond >= MOSTLY
        else "people work partly as the chart says" if beyond >= PARTLY
        else "people work across the chart, in other groups than its teams"
    )  # fmt: skip
    return (
        f"Who works with whom alone would make {groups} (modularity {found}; ties dealt out by lot {lots}). "
        f"They agree with the teams to {shared} of 100, by lot to {by_lot}: {meaning}."
    )

"""Who works with whom: how closely the units right below are tied to one another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboard import charts_together, words
from dashboard.access import Shown
from dashboard.views import pieces
from dashboard.views.frame import Asked
from metrics.indicator import Indicator

HOME = "cross_team_density"
LEAST = 3  # units under which there is nothing to compare
ALIKE = 1.25  # times the usual within which a pair is nothing to mention


def together(indicator: Indicator, shown: Shown, asked: Asked) -> None:
    """The closest and the loosest pair in a sentence, and all as a square; nothing of fewer than three units."""
    if indicator.name != HOME:
        return
    names = shown.units.names
    listed = [unit for unit in shown.units.below.get(asked.unit, []) if unit in names]
    rows = shown.made("who_with_whom", unit=asked.unit)
    rows = rows.filter(pl.col("one").is_in(listed), pl.col("other").is_in(listed), pl.col("one") != pl.col("other"))
    there = [unit for unit in listed if unit in {*rows["one"], *rows["other"]}]
    if len(there) < LEAST:
        return
    pairs = [row | {"one": names[row["one"]], "other": names[row["other"]]} for row in rows.rows(named=True)]
    st.subheader("Who works with whom", anchor=False)
    pieces.say(sentence(pairs))
    pieces.say(
        "Each field says how many times as closely two units are tied as units here usually are, for their size, in "
        f"the {words.period(rows['week'][0], indicator, shown.today)}. A dot: fewer than three ties.",
        "bw-soft",
    )
    drawn = pl.DataFrame([
        {"one": row["one"], "other": row["other"], "times": row["times"], "reads": reads(row)} for row in pairs
    ], schema={"one": pl.String, "other": pl.String, "times": pl.Float64, "reads": pl.String})  # fmt: skip
    order = tuple(names[unit] for unit in there)
    more = {"order": order, "told": sentence(pairs), "dark": asked.dark}
    pieces.picture(charts_together.together, drawn, indicator, "together", **more)
    pieces.twin(
        drawn.select(pl.col("one").alias("Unit"), pl.col("other").alias("With"), pl.col("reads").alias("Ties")),
        "who-with-whom", "together",
    )  # fmt: skip


def sentence(pairs: list[dict[str, Any]]) -> str:
    known = sorted((row for row in pairs if row["times"] is not None), key=lambda row: -row["times"])
    said = []
    if known and known[0]["times"] >= ALIKE:
        said += [f"Most closely tied are {both(known[0])}: {times(known[0])} as closely as units here usually are."]
    if loose := len(pairs) - len(known):
        said += [
            f"{loose} of {words.many(len(pairs), 'pair')} {'has' if loose == 1 else 'have'} fewer than three ties."
        ]
    elif known[-1]["times"] < 1 / ALIKE:
        said += [f"Least closely tied are {both(known[-1])}: {times(known[-1])} as closely as usual here."]
    return " ".join(said) or "No two units below stand out: all are tied to one another about alike."


def both(row: Mapping[str, Any]) -> str:
    return f"{row['one']} and {row['other']}"


def times(row: Mapping[str, Any]) -> str:
    return f"{words.number(row['times'])} times"


def reads(row: Mapping[str, Any]) -> str:
    if row["density"] is None:
        return "fewer than three"
    return f"{words.number(row['density'])} of 100 possible pairs of people; {times(row)} the usual here"

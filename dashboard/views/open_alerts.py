"""Open alerts: which there are at a place in the tree, and one in a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboard import words
from dashboard.access import Shown, Units
from dashboard.views import pieces
from dashboard.views.frame import Asked


def among(verdicts: pl.DataFrame, units: Units, unit: str) -> pl.DataFrame:
    """Alarms on the unit and all below it, trouble first, then the newest.

    One that an alarm above explains is left to that one.
    """
    place = {one: number for number, one in enumerate(units.within(unit))}
    here = pl.col("unit").is_in(list(place))
    explained = pl.col("folded").is_in(list(place))
    return (
        verdicts.filter(here, pl.col("verdict") == "alarm", ~explained.fill_null(False))
        .with_columns(place=pl.col("unit").replace_strict(place, default=None))
        .sort(
            pl.col("side") != "worse",
            "since",
            "place",
            "indicator",
            descending=[False, True, False, False],
            nulls_last=True,
        )
    )


def under(verdicts: pl.DataFrame, alert: Mapping[str, Any], units: Units) -> list[str]:
    """The names of units below in which the same alarm rings."""
    same = verdicts.filter(pl.col("folded") == alert["unit"], pl.col("indicator") == alert["indicator"])
    return [units.names[unit] for unit in same["unit"]]


def line(shown: Shown, asked: Asked, alert: Mapping[str, Any]) -> None:
    """Verdict, sentence, and the way to its page."""
    indicator = asked.indicators.get(alert["indicator"])
    if indicator is None:
        return
    with st.container(
        horizontal=True, vertical_alignment="top", gap="xsmall", key=f"line-{alert['indicator']}-{alert['unit']}"
    ):
        with st.container(width="stretch", gap=None):
            pieces.write(f"<p>{pieces.chip(alert['verdict'], alert['side'])}&ensp;{words.html(alert['sentence'])}</p>")
        asked.link(indicator.name, "Look closer", alert["unit"])

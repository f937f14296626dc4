"""Open alerts: which there are at a place in the tree, one in a line, and what is said of one everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import streamlit as st

from dashboard import words
from dashboard.access import Shown, Units
from dashboard.attention import Item
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


def to_alert(asked: Asked, item: Item, label: str = "Open") -> None:
    """The way to the alert's own page."""
    unit, number = item.alert.unit, str(item.alert.id)
    asked.link("alert", label, unit, icon=":material/arrow_forward:", id=number)


def sign(item: Item) -> str:
    """How it stands now: by its numbers while they ring, else by what became of it."""
    if item.alert.state == "resolved":
        return pieces.sign("ok", "Resolved")
    if not item.known or item.row is None:
        return pieces.chip("unknown")
    if item.row["verdict"] != "alarm" and item.alert.ringing:
        return pieces.sign("ok", "Recovering")
    return pieces.chip(item.row["verdict"], item.row["side"])


def sentence(item: Item) -> str:
    """What is so now, in the words of the board; what ended says why."""
    if item.alert.state == "resolved":
        return f"Resolved: {item.alert.why}."
    if item.row is None:
        return "There is no number for it now. It stays open: silence is no recovery."
    return str(item.row["sentence"])


def cared(item: Item, today: date) -> list[str]:
    """Who has it and until when, what they said, whether it is put off or muted, and what is done about it."""
    alert, mute = item.alert, item.mute
    found = []
    if alert.owner and alert.state != "resolved":
        late = alert.overdue(datetime.now(UTC).date())
        due = f", {'was due' if late else 'due'} {words.day(alert.due, today)}" if alert.due else ""
        found.append(f"{alert.owner} has it{due}.")
    if alert.acknowledged:
        note = f": {alert.note}" if alert.note else ""
        found.append(f"Taken up by {alert.who} on {words.day(alert.acknowledged.date(), today)}{note}")
    if alert.until:
        found.append(f"Put off until {words.day(alert.until, today)}.")
    if mute is not None:
        found.append(f"Muted until {words.day(mute.until, today)} by {mute.who}, not sent: {mute.why}")
    if alert.intervention and alert.begins:
        found.append(f"Done about it since {words.day(alert.begins, today)}: {alert.intervention}")
    return found

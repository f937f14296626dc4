"""Alerts: what needs attention, what is on watch, what is good news, and who has taken it up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import streamlit as st

from dashboard import access, charts, words
from dashboard.access import Shown
from dashboard.views import open_alerts, pieces
from dashboard.views.frame import Asked

FULL = 8
DRAWN = timedelta(weeks=52)


def page(shown: Shown, asked: Asked) -> None:
    verdicts = shown.verdicts().filter(pl.col("indicator").is_in(list(asked.indicators)))
    alerts = open_alerts.among(verdicts, shown.units, asked.unit)
    trouble, good = alerts.filter(pl.col("side") == "worse"), alerts.filter(pl.col("side") == "better")
    name = shown.units.names[asked.unit]
    said = words.many(len(trouble), "alert") + (" needs" if len(trouble) == 1 else " need") + " attention"
    answer = said if len(trouble) else "Nothing needs attention"
    pieces.heading(f"{name} and all units below", f"{answer}{good_news(len(good))}.")
    drawn = alerts.group_by("side", maintain_order=True).head(FULL)
    cells = shown.cells(units=drawn["unit"].unique().to_list(), since=shown.today - DRAWN)
    for title, rows in (("Needs attention", trouble), ("Good news", good)):
        section(shown, asked, title, rows, verdicts, cells)
    watched(shown, asked, verdicts)


def good_news(count: int) -> str:
    return f"; {words.many(count, 'piece')} of good news" if count else ""


def section(
    shown: Shown, asked: Asked, title: str, rows: pl.DataFrame, verdicts: pl.DataFrame, cells: pl.DataFrame
) -> None:
    if rows.is_empty():
        return
    st.subheader(title, anchor=False)
    taken = {(row["indicator"], row["unit"], row["since"]): row for row in acknowledged(shown)}
    for row in rows.head(FULL).iter_rows(named=True):
        course = cells.filter(pl.col("unit") == row["unit"], pl.col("indicator") == row["indicator"])
        with st.container(border=True, key=f"card-{row['indicator']}-{row['unit']}"):
            alert(shown, asked, row, course, open_alerts.under(verdicts, row, shown.units))
            taking_up(shown, asked, row, taken.get((row["indicator"], row["unit"], row["since"])))
    for row in rows.slice(FULL).iter_rows(named=True):
        open_alerts.line(shown, asked, row)


def alert(shown: Shown, asked: Asked, row: Mapping[str, Any], course: pl.DataFrame, also: list[str]) -> None:
    """One alert: where, what, since when, how it looks, and where below it is seen too."""
    indicator = asked.indicators[row["indicator"]]
    name = shown.units.names[row["unit"]]
    seen = f"Also seen in {words.many(len(also), 'unit')} below: {words.listed(also)}." if also else ""
    left, right = st.columns([3, 2], gap="medium", vertical_alignment="center")
    with left:
        pieces.write(
            f'<div class="bw-top"><span class="bw-name">{words.html(indicator.title)} in {words.html(name)}</span>'
            f"{pieces.chip(row['verdict'], row['side'])}</div><p>{words.html(row['sentence'])}</p>"
            f'<p class="bw-soft">{words.html(seen)}</p>'
        )
    with right:
        if course["value"].is_not_null().any():
            key = f"alert-{row['indicator']}-{row['unit']}"
            pieces.picture(charts.spark, course, indicator, key, height=84, dark=asked.dark)


def acknowledged(shown: Shown) -> list[dict[str, Any]]:
    return shown.memory().acknowledgements().rows(named=True)


def taking_up(shown: Shown, asked: Asked, row: Mapping[str, Any], taken: Mapping[str, Any] | None) -> None:
    """Who has taken this up, with their note; a form to do so; and the way to its page."""
    if taken is not None:
        note = f": {taken['note']}" if taken["note"] else ""
        pieces.say(f"Taken up by {taken['who']} on {words.day(taken['at'].date(), shown.today)}{note}", "bw-taken")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        asked.link(row["indicator"], "Look closer", row["unit"], icon=":material/arrow_forward:")
        if row["since"] is not None:
            with st.popover("Take it up" if taken is None else "Change the note", icon=":material/check:"):
                form(shown, row, taken)


def form(shown: Shown, row: Mapping[str, Any], taken: Mapping[str, Any] | None) -> None:
    with st.form(f"take-{row['indicator']}-{row['unit']}", border=False):
        who = st.text_input("Your name", access.viewer() or (taken["who"] if taken else ""), max_chars=80)
        told = "What will happen, and until when"
        note = st.text_area("Note", taken["note"] if taken else "", max_chars=500, placeholder=told)
        if st.form_submit_button("Acknowledge", type="primary"):
            acknowledge(shown, row, who.strip(), note.strip())


def acknowledge(shown: Shown, row: Mapping[str, Any], who: str, note: str) -> None:
    if not who:
        st.error("A name is needed, so that others know whom to ask.")
        return
    shown.memory().acknowledge(row["indicator"], row["unit"], row["since"], who, note, datetime.now(UTC))
    st.rerun()


def watched(shown: Shown, asked: Asked, verdicts: pl.DataFrame) -> None:
    """What moves but is not yet sure, in short."""
    units = shown.units
    rows = verdicts.filter(pl.col("verdict") == "watch", pl.col("unit").is_in(units.within(asked.unit)))
    if rows.is_empty():
        return
    with st.expander(f"On watch: {words.many(len(rows), 'movement')} that may still turn out to be chance"):
        for row in rows.sort("indicator", "unit").iter_rows(named=True):
            open_alerts.line(shown, asked, row)

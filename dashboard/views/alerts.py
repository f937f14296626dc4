"""Alerts: what needs attention, who has it, what is put off or muted, and how good the alarms have been."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import streamlit as st

from dashboard import alarm_budget, charts, lifetime, record_words, subscriptions, words
from dashboard.access import Shown
from dashboard.attention import GROUPS, TROUBLE, Item, chosen, items, under
from dashboard.views import acting, open_alerts, pieces, subscribing
from dashboard.views.frame import Asked
from metrics.life import STATES, Alert
from metrics.record import tally

FULL = 4
DRAWN = timedelta(weeks=52)
SHORT = ("quiet", "waiting", "resolved")
SAID = {"": "Any state", "open": "Open", "acknowledged": "Acknowledged", "assigned": "Assigned", "snoozed": "Put off",
        "resolved": "Resolved", "muted": "Muted"}  # fmt: skip


def page(shown: Shown, asked: Asked) -> None:
    verdicts = shown.verdicts().filter(pl.col("indicator").is_in(list(asked.indicators)))
    units, today = shown.units, datetime.now(UTC).date()
    tree = subscriptions.tree(shown.read("units"))
    mine = [one for one in lifetime.alerts(shown.memory()) if one.indicator in asked.indicators]
    every = items(mine, verdicts, subscriptions.mutes(shown.memory()), tree, units.within(asked.unit), today)
    trouble = sum(item.group in TROUBLE for item in every)
    good = sum(item.group == "good" for item in every)
    said = words.many(trouble, "alert") + (" needs" if trouble == 1 else " need") + " attention"
    pieces.heading(
        f"{units.names[asked.unit]} and all units below",
        f"{said if trouble else 'Nothing needs attention'}{good_news(good)}.",
    )
    wanted = chosen(every, *filters(asked, every), tree.themes)
    if every and not wanted:
        pieces.say("No alert is like that; choose something else above.", "bw-soft")
    drawn = [item for name in GROUPS for item in [one for one in wanted if one.group == name][:FULL]]
    cells = shown.cells(units=sorted({item.alert.unit for item in drawn}), since=shown.today - DRAWN)
    for name in GROUPS:
        section(shown, asked, name, [item for item in wanted if item.group == name], verdicts, cells)
    watched(shown, asked, verdicts)
    silent(shown, asked, verdicts)
    worth(shown, mine)
    subscribing.muting(shown, asked)
    subscribing.telling(shown, asked)


def good_news(count: int) -> str:
    return f"; {words.many(count, 'piece')} of good news" if count else ""


def filters(asked: Asked, every: list[Item]) -> tuple[str, str, str]:
    """State, owner and theme as the address has them, and the boxes to choose others."""
    owners = sorted({item.alert.owner for item in every if item.alert.owner})
    choices = {
        "state": ["", *STATES, "muted"],
        "owner": ["", *owners],
        "theme": ["", *asked.themes()],
    }
    called = {
        "state": lambda one: SAID[one],
        "owner": lambda one: one or "Any owner",
        "theme": lambda one: words.theme(one) if one else "Any theme",
    }
    found = {name: st.query_params.get(name, "") for name in choices}
    with st.container(horizontal=True, gap="small", key="filters"):
        for name, options in choices.items():
            if name == "owner" and not owners:
                continue
            now = found[name] if found[name] in options else ""
            key = f"{name} of {now} {asked.unit}"
            st.selectbox(
                words.first_up(name),
                options,
                index=options.index(now),
                format_func=called[name],
                key=key,
                on_change=go,
                args=(name, key),
                label_visibility="collapsed",
                width=190,
            )
            found[name] = now
    return found["state"], found["owner"], found["theme"]


def go(name: str, key: str) -> None:
    """The choice goes into the address."""
    if st.session_state[key]:
        st.query_params[name] = st.session_state[key]
    else:
        st.query_params.pop(name, None)


def section(
    shown: Shown, asked: Asked, name: str, rows: list[Item], verdicts: pl.DataFrame, cells: pl.DataFrame
) -> None:
    if not rows:
        return
    if name in SHORT:
        with st.expander(f"{GROUPS[name]}: {len(rows)}"):
            for item in rows:
                line(shown, asked, item)
        return
    st.subheader(GROUPS[name], anchor=False)
    for item in rows[:FULL]:
        place = (pl.col("unit") == item.alert.unit) & (pl.col("indicator") == item.alert.indicator)
        with st.container(border=True, key=f"card-{item.alert.id}"):
            card(shown, asked, item, cells.filter(place), under(item, verdicts))
    if rows[FULL:]:
        with st.expander(f"{len(rows) - FULL} more"):
            for item in rows[FULL:]:
                line(shown, asked, item)


def card(shown: Shown, asked: Asked, item: Item, course: pl.DataFrame, also: list[str]) -> None:
    """One alert: where, what, since when, how it looks, where below it is seen too, and who has it."""
    indicator = asked.indicators[item.alert.indicator]
    seen = [shown.units.names[unit] for unit in also if unit in shown.units.names]
    below = f"Also seen in {words.many(len(seen), 'unit')} below: {words.listed(seen)}." if seen else ""
    left, right = st.columns([3, 2], gap="medium", vertical_alignment="center")
    with left:
        pieces.write(
            f'<div class="bw-top"><span class="bw-name">{words.html(indicator.title)} in '
            f"{words.html(shown.units.names[item.alert.unit])}</span>{open_alerts.sign(item)}</div>"
            f"<p>{words.html(open_alerts.sentence(item))}</p><p class='bw-soft'>{words.html(below)}</p>"
        )
    with right:
        if course["value"].is_not_null().any():
            pieces.picture(charts.spark, course, indicator, f"alert-{item.alert.id}", height=84, dark=asked.dark)
    for told in open_alerts.cared(item, shown.today):
        pieces.say(told, "bw-taken")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        open_alerts.to_alert(asked, item)
        if not item.alert.acknowledged:
            with st.popover("Take it up", icon=":material/check:"):
                acting.acknowledging(shown, item.alert)


def line(shown: Shown, asked: Asked, item: Item) -> None:
    """One alert in a line, with the way to its page."""
    with st.container(horizontal=True, vertical_alignment="top", gap="xsmall", key=f"line-{item.alert.id}"):
        with st.container(width="stretch", gap=None):
            name = f"{asked.indicators[item.alert.indicator].title} in {shown.units.names[item.alert.unit]}"
            told = " ".join([open_alerts.sentence(item), *open_alerts.cared(item, shown.today)])
            pieces.write(f"<p>{open_alerts.sign(item)}&ensp;<b>{words.html(name)}.</b> {words.html(told)}</p>")
        open_alerts.to_alert(asked, item)


def watched(shown: Shown, asked: Asked, verdicts: pl.DataFrame) -> None:
    """What moves but is not yet sure, in short."""
    units = shown.units
    rows = verdicts.filter(pl.col("verdict") == "watch", pl.col("unit").is_in(units.within(asked.unit)))
    if rows.is_empty():
        return
    with st.expander(f"On watch: {words.many(len(rows), 'movement')} that may still turn out to be chance"):
        for row in rows.sort("indicator", "unit").iter_rows(named=True):
            open_alerts.line(shown, asked, row)


def silent(shown: Shown, asked: Asked, verdicts: pl.DataFrame) -> None:
    """Series that stopped: no verdict, but worth knowing."""
    rows = verdicts.filter(pl.col("nature") == "silence", pl.col("unit").is_in(shown.units.within(asked.unit)))
    if rows.is_empty():
        return
    with st.expander(f"Gone silent: {words.many(rows.height, 'number')} that came nearly every week and stopped"):
        for row in rows.sort("indicator", "unit").iter_rows(named=True):
            open_alerts.line(shown, asked, row)


def worth(shown: Shown, alerts: list[Alert]) -> None:
    """How good the alarms have been: by what followed, against two dumb rivals, and by what people said."""
    st.subheader("How good the alarms have been", anchor=False)
    record = shown.read("section", table="record")
    pieces.say(f"{record_words.answer(record)} {record_words.compared(record)}".strip())
    if asked_for := alarm_budget.said(shown.read("section", table="alarm_budget")):
        pieces.say(asked_for)
    with st.expander("The record, in the whole organisation"):
        if not record.is_empty():
            st.dataframe(record_words.lines(record), hide_index=True, width="stretch", alt="The record of the alarms")
        pieces.say("What people said of the alerts of the last four quarters:", "bw-soft")
        told = record_words.said(tally(alerts, datetime.now(UTC).date()))
        st.dataframe(told, hide_index=True, width="stretch", alt="What people said of the alerts, by quarter")

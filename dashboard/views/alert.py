"""One alert: why it was raised, how it runs, who has it until when, what is done about it, and all that happened."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import streamlit as st

from dashboard import charts, lifetime, subscriptions, words
from dashboard.access import Shown
from dashboard.attention import Item, group, under
from dashboard.views import acting, open_alerts, pieces
from dashboard.views.frame import Asked
from metrics.indicator import Indicator
from metrics.life import Alert, Change
from metrics.subscriptions import muted

DRAWN = timedelta(weeks=78)
ACTS = {
    "raised": "the numbers raised it",
    "recovered": "the numbers were back",
    "returned": "the numbers rang again",
    "woken": "it was no longer put off",
    "acknowledged": "took it up",
    "assigned": "handed it on",
    "snoozed": "put it off",
    "linked": "said what is done",
    "resolved": "resolved it",
    "reopened": "reopened it",
    "outcome": "said what it was worth",
}
STATES = {"open": "nobody has taken it up", "acknowledged": "taken up", "assigned": "handed over",
          "snoozed": "put off", "resolved": "resolved"}  # fmt: skip


def page(shown: Shown, asked: Asked) -> None:
    item = item_asked(shown, asked)
    if item is None:
        pieces.heading("Alert", "This alert is not shown here.")
        pieces.say("There is none of this number, or its unit may be too small to show, renamed, or gone.", "bw-soft")
        asked.link("alerts", "All alerts", icon=":material/arrow_back:")
        return
    alert, indicator = item.alert, asked.indicators[item.alert.indicator]
    pieces.heading(f"Alert {alert.id}, {STATES[alert.state]}", f"{indicator.title} in {shown.units.names[alert.unit]}")
    why(shown, item)
    for told in open_alerts.cared(item, shown.today):
        pieces.say(told, "bw-taken")
    acting.acts(shown, alert)
    course(shown, asked, item, indicator)
    facts(shown, item)
    history(shown, alert)
    with st.container(horizontal=True, gap="small"):
        asked.link("alerts", "All alerts", icon=":material/arrow_back:")
        asked.link(alert.indicator, "This indicator", alert.unit, icon=":material/arrow_forward:")


def item_asked(shown: Shown, asked: Asked) -> Item | None:
    """The alert the address names, where its unit and indicator may be shown."""
    number = st.query_params.get("id", "")
    memory = shown.memory()
    mine = [one for one in lifetime.alerts(memory) if str(one.id) == number and one.unit in shown.units.names]
    if not mine or mine[0].indicator not in asked.indicators:
        return None
    alert, today = mine[0], acting.today()
    place = (pl.col("indicator") == alert.indicator) & (pl.col("unit") == alert.unit)
    row = next(iter(shown.verdicts().filter(place).rows(named=True)), None)
    frame = pl.DataFrame([alert.place], schema=["indicator", "unit"], orient="row")
    tree = subscriptions.tree(shown.read("units"))
    mute = muted(frame, subscriptions.mutes(memory), tree, today).get(alert.place)
    return Item(alert, row, mute, group(alert, row, mute, today))


def why(shown: Shown, item: Item) -> None:
    """Why it was raised, and what is so now where that is something else."""
    seen = lifetime.may_be_seen(shown.memory(), item.alert, item.alert.turned)
    first = item.alert.sentence if seen and item.alert.ringing else ""
    now = open_alerts.sentence(item)
    pieces.write(f"<p>{open_alerts.sign(item)}</p><p>{words.html(now)}</p>")
    if first and first != now:
        pieces.say(f"Raised because: {first}", "bw-soft")


def course(shown: Shown, asked: Asked, item: Item, indicator: Indicator) -> None:
    """Its course against the usual range, with when the movement began, what happened, and what is done about it."""
    alert = item.alert
    since = min(alert.since or shown.today, shown.today) - timedelta(weeks=26)
    cells = shown.cells(indicator=alert.indicator, unit=alert.unit, since=min(since, shown.today - DRAWN))
    if not cells["value"].is_not_null().any():
        pieces.say("Nothing to draw for this unit in this time.", "bw-soft")
        return
    began = pieces.began(shown.verdicts(), alert.indicator, alert.unit, cells)
    happened = pl.concat([shown.events(alert.unit).select("week", "text"), marks(alert, began is None)])
    happened = happened.filter(pl.col("week").is_between(cells["week"].min(), cells["week"].max()))
    more = {"events": happened, "dark": asked.dark, "began": began}
    pieces.picture(charts.trend, cells, indicator, f"alert-{alert.id}", **more)
    pieces.legend(cells, indicator, not happened.is_empty(), began is not None)
    if told := helped(cells, alert, indicator):
        pieces.say(told)
    pieces.twin(pieces.numbers(cells.sort("week", descending=True), indicator.unit), alert.indicator, "alert")


def marks(alert: Alert, movement: bool) -> pl.DataFrame:
    """When what is done began, and the `movement` where nothing better tells of it, as events."""
    rows = [(alert.since, "Began")] * (movement and alert.since is not None)
    rows += [(alert.begins, alert.intervention)] * (alert.begins is not None)
    monday = pl.col("week").dt.truncate("1w")
    return pl.DataFrame(rows, schema={"week": pl.Date, "text": pl.String}, orient="row").with_columns(week=monday)


def helped(cells: pl.DataFrame, alert: Alert, indicator: Indicator) -> str:
    """The number before what is done began, and now; no claim that one made the other."""
    if alert.begins is None:
        return ""
    known = cells.filter(pl.col("value").is_not_null(), pl.col("state") == "shown")
    before, after = (known.filter(test).tail(1).rows(named=True) for test in split(alert.begins))
    if not before or not after:
        return "Too early to say whether what is done helps: there is no number from after it began."
    then, now = (words.number(rows[0]["value"], indicator.unit) for rows in (before, after))
    apart = after[0]["low"] is None or after[0]["low"] > before[0]["value"] or after[0]["high"] < before[0]["value"]
    said = "" if apart else " That may be chance: what it was before lies within what it may be now."
    return f"Before what is done began: {then}. Now: {now}.{said}"


def split(begins: date) -> tuple[pl.Expr, pl.Expr]:
    return pl.col("week") < begins, pl.col("week") >= begins


def when(item: Item, today: date) -> str:
    """`probably in the week of 3 Aug, between 20 Jul and 10 Aug`; else the week since which it rings."""
    row = item.row or {}
    if not row.get("began"):
        return f"week of {words.day(item.alert.since, today)}" if item.alert.since else ""
    early, late = (words.day(row[name], today) for name in ("began_early", "began_late"))
    sure = f", between {early} and {late}" if early != late else ""
    return f"probably in the week of {words.day(row['began'], today)}{sure}"


def facts(shown: Shown, item: Item) -> None:
    alert, today = item.alert, shown.today
    below = [shown.units.names[unit] for unit in under(item, shown.verdicts()) if unit in shown.units.names]
    above = item.row["folded"] if item.row else None
    rows = {
        "Owner": alert.owner or "nobody yet",
        "Due": words.day(alert.due, today) if alert.due else "",
        "Movement began": when(item, today),
        "Kind": words.NATURES.get(item.row["nature"], "") if item.row else "",
        "Raised": words.day(alert.raised.date(), today) if alert.raised else "",
        "Also seen below in": words.listed(below, 6),
        "Explained by": f"the same alarm in {shown.units.names[above]}" if above in shown.units.names else "",
        "Worth": acting.WORTH.get(alert.outcome, "not said yet"),
    }
    pieces.write(pieces.facts(rows))


def history(shown: Shown, alert: Alert) -> None:
    """All that happened to it, newest first."""
    st.subheader("History", anchor=False)
    said = [happened(shown, alert, one) for one in reversed(lifetime.history(shown.memory(), alert.id))]
    pieces.write(f"<ul>{''.join(f'<li>{words.html(one)}</li>' for one in said)}</ul>")


def happened(shown: Shown, alert: Alert, one: Change) -> str:
    """`22 Nov: Ana handed it on: to Ben; due 1 Dec`"""
    note = one.note
    if one.act in ("raised", "returned") and not lifetime.may_be_seen(shown.memory(), alert, one.week):
        note = ""
    more = [f"to {one.owner}" if one.owner else "", acting.WORTH.get(one.outcome, ""), note]
    days = {"due": one.due, "until": one.until, "since": one.week if one.act == "linked" else None}
    more += [f"{name} {words.day(day, shown.today)}" for name, day in days.items() if day]
    told = "; ".join(part for part in more if part)
    moment = words.day(one.at.astimezone(UTC).date(), datetime.now(UTC).date())
    return f"{moment}: {one.who} {ACTS[one.act]}{f': {told}' if told else ''}".replace(":  ", ": ")

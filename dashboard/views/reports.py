"""Reports: which there are, when each comes, to whom, and what became of it; a form to plan another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import streamlit as st

from dashboard import access, words
from dashboard.access import Shown
from dashboard.planned import PARTS, Planned, on_screen
from dashboard.settings import Settings, label
from dashboard.views import pieces
from dashboard.views.frame import Asked

LATEST = 12
LATE = timedelta(minutes=15)
STATES = {
    "sent": ("ok", "Arrived"),
    "nothing": ("unknown", "Nothing to say"),
    "replaced": ("unknown", "Left to the next"),
    "waiting": ("watch", "Waits"),
    "sending": ("watch", "Being sent"),
    "handing": ("watch", "Being sent"),
}
ALERTS = "What changed, every night"


@dataclass(frozen=True)
class Desk:
    """What the page knows of the settings: reports, ways out by name, the time zone. No server, no secret."""

    reports: Mapping[str, Planned]
    ways: tuple[str, ...]
    zone: str

    @classmethod
    def of(cls, settings: Settings) -> Desk:
        return cls(settings.reports, tuple(settings.exports), settings.organisation.time_zone)


def page(desk: Desk, shown: Shown, asked: Asked) -> None:
    now, kept = datetime.now(UTC), shown.memory().plans()
    plans = {name: on_screen(plan) for name, plan in kept.items()} | dict(desk.reports)
    sent = shown.memory().deliveries()
    failing = sent.filter(pl.col("state") == "waiting", pl.col("tries") > 0).height
    answer = (
        f"{words.many(failing, 'delivery', 'deliveries')} waiting for another try" if failing else "All has arrived"
    )
    answer = answer if len(sent) else "Nothing has been sent yet"
    pieces.heading("Reports and alerts on their way to people", f"{answer}.")
    if not desk.ways:
        pieces.say("No way out is set; add a section [exports.NAME] to the settings. docs/reports.md shows each kind.")
    for name, plan in plans.items():
        report(desk, shown, name, plan, kept.get(name), sent.filter(pl.col("report") == name), now)
    history(ALERTS, sent.filter(pl.col("report") == "tell"))
    history("Word to the operator", sent.filter(pl.col("report") == "operator"))
    if desk.ways:
        with st.expander("Plan another report"):
            form(desk, shown, plans)


def report(
    desk: Desk,
    shown: Shown,
    name: str,
    plan: Planned,
    kept: Mapping[str, Any] | None,
    sent: pl.DataFrame,
    now: datetime,
) -> None:
    """One report: when it comes next, to whom, what stands in it, and what became of the last ones."""
    with st.container(border=True, key=f"report-{name}"):
        pieces.write(f'<p class="bw-name">{words.html(plan.title or name)}</p>')
        late = overdue(desk, plan, sent, now) if kept is None or len(sent) else ""
        if late:
            pieces.write(f"<p>{pieces.sign('watch', late)}</p>")
        pieces.write(pieces.facts(facts(desk, shown, plan, kept, now)))
        deliveries(sent)
        if kept is not None and name not in desk.reports and st.button("Remove this report", key=f"remove-{name}"):
            shown.memory().drop_plan(name)
            st.rerun()


def facts(desk: Desk, shown: Shown, plan: Planned, kept: Mapping[str, Any] | None, now: datetime) -> dict[str, str]:
    timetable = plan.timetable(desk.zone)
    coming = timetable.after(now) if timetable else None
    zone = plan.time_zone or desk.zone
    units = [shown.units.names.get(unit, f"{unit} (not shown)") for unit in plan.units]
    return {
        "When": f"{plan.when} ({zone})" if plan.when else "whenever it is asked for",
        "Next": timetable.local(coming) if timetable and coming else "",
        "To": words.listed(plan.to, 6),
        "In it": words.listed([PARTS[part].lower() for part in plan.content]),
        "About": words.listed(units, 6) or "the whole organisation",
        "Themes": words.listed([words.theme(theme) for theme in plan.themes], 6),
        "Planned by": f"{kept['by']}, on this page" if kept else "the settings",
    }


def overdue(desk: Desk, plan: Planned, sent: pl.DataFrame, now: datetime) -> str:
    """That a time has passed at which nothing was even begun."""
    timetable = plan.timetable(desk.zone)
    last = timetable.before(now) if timetable else None
    if timetable is None or last is None or now - last < LATE:
        return ""
    begun = sent.filter(pl.col("due") >= last).height or not len(sent)
    return "" if begun else f"It is late: due {timetable.local(last)}, and not begun. Does `bellwether schedule` run?"


def history(title: str, sent: pl.DataFrame) -> None:
    if len(sent):
        with st.container(border=True, key=f"history-{title}"):
            pieces.write(f'<p class="bw-name">{words.html(title)}</p>')
            deliveries(sent)


def deliveries(sent: pl.DataFrame) -> None:
    """The newest ones, one line each; the others as a table."""
    rows = "".join(line(row) for row in sent.head(LATEST).iter_rows(named=True))
    if rows:
        pieces.write(rows)
    if len(sent) > LATEST:
        pieces.say(f"and {len(sent) - LATEST:,} earlier; `bellwether deliveries` shows them.", "bw-soft")


def line(row: Mapping[str, Any]) -> str:
    kind, said = STATES[row["state"]]
    failed = row["state"] == "waiting" and row["tries"] > 0
    kind, said = ("alarm", "Failed so far") if failed else (kind, said)
    whom = row["recipient"] or row["way"]
    at = row["ended"] or row["due"]
    told = f"{row['words']}; tried {words.many(row['tries'], 'time')}, again {moment(row['next'])}" if failed else ""
    return (
        f'<div class="bw-feed"><div><b>{words.html(whom)}</b></div><div>{pieces.sign(kind, said)}</div>'
        f"<div>{words.html(moment(at))}{f'<br>{words.html(told)}' if told else ''}</div></div>"
    )


def moment(at: datetime) -> str:
    return f"{at.day} {at:%b %Y, %H:%M} UTC"


def form(desk: Desk, shown: Shown, plans: Mapping[str, Planned]) -> None:
    """A report goes only to ways out that the settings name: whoever plans here cannot send anything to anyone else."""
    names = shown.units.names
    with st.form("plan a report", border=False):
        title = st.text_input("Title", max_chars=80, placeholder="Weekly summary of Customer Care")
        when = st.text_input("When", "Mondays 07:00", help="Also `weekdays 06:30`, `first Monday 08:00`, `0 7 * * 1`.")
        zone = st.text_input("Time zone", desk.zone)
        to = st.multiselect("To", desk.ways)
        content = st.multiselect("In it", list(PARTS), list(PARTS), format_func=lambda part: PARTS[part])
        units = st.multiselect(
            "About", list(names), format_func=lambda unit: names[unit], help="All, if none is named."
        )
        by = st.text_input("Your name", access.viewer(), max_chars=80)
        if st.form_submit_button("Plan it", type="primary"):
            plan = {
                "title": title.strip(),
                "when": when,
                "time_zone": zone,
                "to": to,
                "content": content,
                "units": units,
            }
            keep(shown, plans, plan, by.strip())


def keep(shown: Shown, plans: Mapping[str, Planned], plan: dict[str, Any], by: str) -> None:
    """Kept where it can be carried out; else said why not."""
    name = "-".join(
        "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in plan["title"].lower()).split()
    )
    try:
        label(name)
        on_screen(plan)
    except ValueError as error:
        st.error(refusal(error))
        return
    if name in plans or not by:
        st.error("There is a report of this title already." if name in plans else "A name is needed, for questions.")
        return
    shown.memory().plan_report(name, plan, by, datetime.now(UTC))
    st.rerun()


def refusal(error: ValueError) -> str:
    """What is wrong with a plan, as its form names it."""
    found: list[Any] = getattr(error, "errors", list)()
    if not found:
        return f"The title {error}."
    asked = {"to": "Name whom it goes to.", "content": "Say what stands in it.", "time_zone": "Time zone: "}
    first = found[0]
    said = str(first.get("ctx", {}).get("error", first["msg"]))
    field = str(first["loc"][0]) if first["loc"] else ""
    return asked.get(field, "") if field in ("to", "content") else f"{asked.get(field, '')}{words.first_up(said)}"

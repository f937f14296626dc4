"""What a person can do about an alert: one small form each; who acts is who signed in, else the name they give."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import streamlit as st

from dashboard import access, lifetime, words
from dashboard.access import Shown
from metrics.life import OUTCOMES, Alert, Change, Unfit

NAMED = "who acts"
WORTH = {
    "useful": "Useful: it led to something",
    "known": "Known: we knew it before",
    "wrong": "Wrong: there was nothing",
    "gamed": "Gamed: the number moved, not the work",
}
Form = Callable[[Shown, Alert], None]


def today() -> date:
    return datetime.now(UTC).date()


def who(key: str) -> str:
    """The name of whoever signed in; where nobody has to, the one typed, kept for the next form."""
    if signed := access.viewer():
        return signed
    return str(st.text_input("Your name", st.session_state.get(NAMED, ""), max_chars=80, key=f"name-{key}"))


def who_now() -> str:
    """Who acts with a mere click: whoever signed in, else the last name typed."""
    return access.viewer() or str(st.session_state.get(NAMED, "")) or "somebody on the screen"


@contextmanager
def form(alert: Alert, act: str) -> Iterator[str]:
    """A form of one act; gives the name of who does it."""
    with st.form(f"{act}-{alert.id}", border=False):
        yield who(f"{act}-{alert.id}")


def do(shown: Shown, alert: Alert, act: str, name: str, **said: Any) -> None:
    """Write it down as the alert stands now, not as this page shows it; say why where that cannot be."""
    st.session_state[NAMED] = name.strip()
    note = str(said.pop("note", "")).strip()
    try:
        happens = lifetime.link if act == "linked" else lifetime.act
        happens(shown.memory(), alert.id, Change(act, datetime.now(UTC), name.strip(), note, **said))
    except Unfit as reason:
        st.error(f"{words.first_up(str(reason))}.")
        return
    st.rerun()


def acknowledging(shown: Shown, alert: Alert) -> None:
    with form(alert, "acknowledged") as name:
        told = "What will happen, and until when"
        note = st.text_area("Note", alert.note, max_chars=500, placeholder=told)
        if st.form_submit_button("Acknowledge", type="primary"):
            do(shown, alert, "acknowledged", name, note=note)


def assigning(shown: Shown, alert: Alert) -> None:
    with form(alert, "assigned") as name:
        owner = st.text_input("Owner", alert.owner, max_chars=80)
        due = st.date_input("Due", alert.due or today() + timedelta(weeks=2), format="YYYY-MM-DD")
        if st.form_submit_button("Hand over", type="primary"):
            do(shown, alert, "assigned", name, owner=owner.strip(), due=due)


def putting_off(shown: Shown, alert: Alert) -> None:
    with form(alert, "snoozed") as name:
        until = st.date_input("Until", today() + timedelta(weeks=1), format="YYYY-MM-DD")
        st.caption("Nothing is sent until then. If it still rings on that day, it is told again.")
        if st.form_submit_button("Put off", type="primary"):
            do(shown, alert, "snoozed", name, until=until)


def linking(shown: Shown, alert: Alert) -> None:
    with form(alert, "linked") as name:
        note = st.text_input("What is done", alert.intervention, max_chars=200, placeholder="A programme, a new rule")
        begins = st.date_input("Since", alert.begins or today(), format="YYYY-MM-DD")
        if st.form_submit_button("Link", type="primary"):
            do(shown, alert, "linked", name, note=note, week=begins)


def resolving(shown: Shown, alert: Alert) -> None:
    with form(alert, "resolved") as name:
        note = st.text_area("Why", max_chars=500, placeholder="What was found, or why nothing has to be done")
        if st.form_submit_button("Resolve", type="primary"):
            do(shown, alert, "resolved", name, note=note)


def reopening(shown: Shown, alert: Alert) -> None:
    with form(alert, "reopened") as name:
        note = st.text_area("Why", max_chars=500, placeholder="Why it is not over")
        if st.form_submit_button("Reopen", type="primary"):
            do(shown, alert, "reopened", name, note=note)


def judging(shown: Shown, alert: Alert) -> None:
    with form(alert, "outcome") as name:
        chosen = OUTCOMES.index(alert.outcome) if alert.outcome else 0
        what = st.radio("This alert was", OUTCOMES, index=chosen, format_func=lambda one: WORTH[one])
        if st.form_submit_button("Say so", type="primary"):
            do(shown, alert, "outcome", name, outcome=what)


ACTS: dict[str, tuple[str, str, Form]] = {
    "acknowledged": ("Take it up", "check", acknowledging),
    "assigned": ("Hand over", "person", assigning),
    "snoozed": ("Put off", "schedule", putting_off),
    "linked": ("What is done", "build", linking),
    "resolved": ("Resolve", "task_alt", resolving),
    "reopened": ("Reopen", "undo", reopening),
    "outcome": ("What it was worth", "fact_check", judging),
}


def acts(shown: Shown, alert: Alert) -> None:
    """All that can be done about an alert as it stands."""
    closed = ("linked", "reopened", "outcome")
    mine = closed if alert.state == "resolved" else tuple(act for act in ACTS if act != "reopened")
    with st.container(horizontal=True, gap="small", key="acts"):
        for act in mine:
            label, icon, body = ACTS[act]
            with st.popover(label, icon=f":material/{icon}:"):
                body(shown, alert)

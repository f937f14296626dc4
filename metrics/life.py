"""The life of an alert: what may happen to it, who may do it, and what state that leaves it in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any

BY_DATA = ("raised", "recovered", "returned", "woken")
BY_PEOPLE = ("acknowledged", "assigned", "snoozed", "linked", "resolved", "reopened", "outcome")
OUTCOMES = ("useful", "known", "wrong", "gamed")
STATES = ("open", "acknowledged", "assigned", "snoozed", "resolved")
WORTH = {"resolved": "a why", "linked": "what is done", "reopened": "a why"}


class Unfit(ValueError):
    """What cannot happen to an alert as it stands: says why, and what can."""


@dataclass(frozen=True)
class Change:
    """One thing that happened to an alert; `who` is empty where the numbers themselves did it.

    `note`: a why, a note, what is done about it. `owner` and `due` of an assignment, `until` of a snooze, `outcome` of
    a judgement; `week`: the week the numbers were of, or in which what is done begins.
    """

    act: str
    at: datetime
    who: str = ""
    note: str = ""
    owner: str = ""
    due: date | None = None
    until: date | None = None
    outcome: str = ""
    week: date | None = None


@dataclass(frozen=True)
class Alert:
    """An alert as it stands after all that happened to it.

    `ringing`: its numbers have not recovered. `open`: it is still somebody's to care for. Usually the two go together;
    a person may resolve what still rings, and reopen what rings no more. `turned`: the week of the last turn of its
    numbers. `again`: since when it is to be told anew to those who knew it. `changes`: how many there were.
    """

    id: int
    indicator: str
    unit: str
    side: str
    since: date | None
    sentence: str = ""
    raised: datetime | None = None
    turned: date | None = None
    ringing: bool = False
    open: bool = False
    who: str = ""
    note: str = ""
    acknowledged: datetime | None = None
    owner: str = ""
    due: date | None = None
    until: date | None = None
    intervention: str = ""
    begins: date | None = None
    why: str = ""
    ended: datetime | None = None
    outcome: str = ""
    again: datetime | None = None
    changes: int = 0

    @property
    def place(self) -> tuple[str, str]:
        return self.indicator, self.unit

    @property
    def state(self) -> str:
        """open, acknowledged, assigned, snoozed or resolved; the one that says most about what is next."""
        if not self.open:
            return "resolved"
        if self.until is not None:
            return "snoozed"
        return "assigned" if self.owner else "acknowledged" if self.acknowledged else "open"

    def overdue(self, today: date) -> bool:
        return self.open and self.due is not None and self.due < today


def lived(alert: Alert, changes: Iterable[Change]) -> Alert:
    """The alert after all of these, oldest first."""
    for change in changes:
        alert = after(alert, change)
    return alert


def after(alert: Alert, change: Change) -> Alert:
    """The alert after one change; Unfit where that cannot happen to it now."""
    refuse(alert, change)
    return replace(TURNS[change.act](alert, change), changes=alert.changes + 1)


def refuse(alert: Alert, change: Change) -> None:
    """Why this cannot happen now, as an error; nothing where it can."""
    act = change.act
    if act not in TURNS:
        raise Unfit(f"{act} is nothing that happens to an alert; it is one of {', '.join(TURNS)}")
    if act in BY_PEOPLE and not change.who.strip():
        raise Unfit("a name is needed, so that others know whom to ask")
    if act == "raised" and alert.changes:
        raise Unfit("it was raised before; its numbers can only return")
    if act != "raised" and not alert.changes:
        raise Unfit("it was never raised")
    if act in ("acknowledged", "assigned", "snoozed", "resolved") and not alert.open:
        raise Unfit(f"it is resolved{by(alert)}; reopen it first")
    if act == "reopened" and alert.open:
        raise Unfit("it is open already")
    if act in ("recovered", "returned") and alert.ringing != (act == "recovered"):
        raise Unfit("its numbers are back to usual already" if act == "recovered" else "its numbers never recovered")
    if act == "woken" and alert.until is None:
        raise Unfit("it was not put off")
    lacking(change)


def lacking(change: Change) -> None:
    """What a change must say besides its name."""
    if change.act in WORTH and not change.note.strip():
        raise Unfit(f"{WORTH[change.act]} is needed, so that others can follow")
    if change.act == "assigned" and not change.owner.strip():
        raise Unfit("an owner is needed")
    if change.act == "snoozed" and (change.until is None or change.until <= change.at.date()):
        raise Unfit(f"put it off until a day after {change.at:%Y-%m-%d}")
    if change.act == "outcome" and change.outcome not in OUTCOMES:
        raise Unfit(f"an outcome is one of {', '.join(OUTCOMES)}")
    if change.act in ("raised", "recovered", "returned") and change.week is None:
        raise Unfit("the week of its numbers is needed")


def by(alert: Alert) -> str:
    return f" ({alert.why})" if alert.why else ""


def raised(alert: Alert, change: Change) -> Alert:
    return replace(
        alert, ringing=True, open=True, raised=change.at, turned=change.week, sentence=change.note or alert.sentence
    )


def recovered(alert: Alert, change: Change) -> Alert:
    """Its numbers are back to usual: nobody has to care any more. What a person said on resolving it stays."""
    why, ended = (change.note, change.at) if alert.open else (alert.why, alert.ended)
    return replace(alert, ringing=False, open=False, until=None, turned=change.week, why=why, ended=ended)


def returned(alert: Alert, change: Change) -> Alert:
    """Who had it keeps it; what was said of its last time is said anew."""
    fresh = replace(alert, who="", note="", acknowledged=None, why="", ended=None, until=None)
    return replace(fresh, ringing=True, open=True, turned=change.week, sentence=change.note or alert.sentence)


def woken(alert: Alert, change: Change) -> Alert:
    return replace(alert, until=None, again=change.at)


def acknowledged(alert: Alert, change: Change) -> Alert:
    return replace(alert, who=change.who, note=change.note, acknowledged=change.at)


def assigned(alert: Alert, change: Change) -> Alert:
    return replace(alert, owner=change.owner, due=change.due)


def snoozed(alert: Alert, change: Change) -> Alert:
    return replace(alert, until=change.until)


def linked(alert: Alert, change: Change) -> Alert:
    return replace(alert, intervention=change.note, begins=change.week or change.at.date())


def resolved(alert: Alert, change: Change) -> Alert:
    return replace(alert, open=False, until=None, why=change.note, ended=change.at)


def reopened(alert: Alert, change: Change) -> Alert:
    fresh = replace(alert, who="", note="", acknowledged=None, why="", ended=None)
    return replace(fresh, open=True, again=change.at)


def judged(alert: Alert, change: Change) -> Alert:
    return replace(alert, outcome=change.outcome)


TURNS = {
    "raised": raised, "recovered": recovered, "returned": returned, "woken": woken, "acknowledged": acknowledged,
    "assigned": assigned, "snoozed": snoozed, "linked": linked, "resolved": resolved, "reopened": reopened,
    "outcome": judged,
}  # fmt: skip
SAID = [one.name for one in fields(Change)]


def change_of(row: Mapping[str, Any]) -> Change:
    """A change as it is kept."""
    return Change(**{name: row[name] for name in SAID})

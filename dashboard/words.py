"""Numbers, dates and verdicts in words: the same sentence on every page and in every message."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from html import escape
from typing import Any, Protocol

from metrics.kinds import KINDS

Row = Mapping[str, Any]


THEMES = {
    "climate": "Climate",
    "knowledge": "Knowledge",
    "connection": "Connection",
    "reflection": "Reflection",
    "skills": "Skills",
    "leadership": "Leadership",
    "outcomes": "Outcomes",
}
"""The themes in the order of the screen, as they are called there; others follow by name."""


NATURES = {
    "shift": "a shift from one level to another",
    "drift": "a drift, bit by bit",
    "spike": "a spike of one week so far",
    "good news": "good news",
    "silence": "silence: it has stopped",
}
"""What kind of movement a verdict tells of."""


class Themed(Protocol):
    """What words need to know of where an indicator stands."""

    @property
    def theme(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def title(self) -> str: ...


def stands(one: Themed) -> tuple[int, str, str, int, str]:
    """Where an indicator stands: by theme, then as the catalogue counts."""
    order = list(THEMES)
    letters = one.code.rstrip("0123456789")
    number = int(one.code[len(letters) :] or 0)
    return order.index(one.theme) if one.theme in order else len(order), one.theme, letters, number, one.title


def pair(paired: tuple[str, str] | None, known: Mapping[str, Themed]) -> str:
    """`Reopened work (down when this goes up)`; empty where an indicator has no pair."""
    if paired is None:
        return ""
    return f"{known[paired[0]].title} ({'up' if paired[1] == 'same' else 'down'} when this goes up)"


def theme(name: str) -> str:
    return THEMES.get(name, first_up(name))


class Counted(Protocol):
    """What words need to know of an indicator."""

    @property
    def title(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def window(self) -> int: ...


WITHHELD = {
    "split": "Not told: this team is split into two camps, and an average would describe neither.",
    "not shared": "Not told of a single team: members of teams do not agree enough for one number to stand for them.",
    "not apart": "Not told: these answers cannot be told apart from those on psychological safety. Read that instead.",
}
MARKED = {
    "split": "split team, not told",
    "not shared": "not told of single teams",
    "not apart": "the same as psychological safety, not told",
    "with care": "with care",
    "directional": "a direction only",
}
SAID = {"0 to 100": "of 100"}
CHIPS = {
    ("alarm", "worse"): ("alarm", "Needs attention"),
    ("alarm", "better"): ("good", "Good news"),
    ("watch", "worse"): ("watch", "Watch"),
    ("watch", "better"): ("hope", "May be improving"),
    ("ok", ""): ("ok", "As usual"),
}
SHAPES = {"alarm": "◆", "good": "▲", "watch": "◇", "hope": "△", "ok": "●", "unknown": "○"}


def chip(verdict: str | None, side: str | None = "") -> tuple[str, str]:
    """The kind of a verdict (alarm, good, watch, hope, ok, unknown) and its words."""
    return CHIPS.get((verdict or "", side or ""), CHIPS.get((verdict or "", ""), ("unknown", "Cannot say yet")))


def plain(text: str) -> str:
    """Text that Markdown shows as it is written, whatever somebody called their unit."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~<>&$:@=^])", r"\\\1", " ".join(str(text).split()))


def html(text: object) -> str:
    """Text that HTML shows as it is written; a number never parts from its percent sign."""
    return escape(str(text)).replace(" %", "\u00a0%")


def number(value: float | None, unit: str = "") -> str:
    """`43 %`, `4.2 %`, `1,204`; two digits where they matter, never more."""
    if value is None:
        return "–"
    size = abs(value)
    places = 0 if size >= 10 or size == 0 else 1 if size >= 1 else 2
    return f"{value:,.{places}f} {SAID.get(unit, unit)}".rstrip()


def span(low: float | None, high: float | None, unit: str = "") -> str:
    """`40 to 48 %`; one number where both read the same."""
    ends = number(low), number(high)
    return number(high, unit) if ends[0] == ends[1] else f"{ends[0]} to {number(high, unit)}"


def many(count: int, one: str, more: str = "") -> str:
    """`1 unit`, `5 units`."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def day(moment: date, today: date | None = None) -> str:
    """`15 Nov`, with the year where it is not this one."""
    return (
        f"{moment.day} {moment:%b}"
        if today and moment.year == today.year
        else f"{moment.day} {moment:%b} {moment.year}"
    )


def long_day(moment: date) -> str:
    return f"{moment:%A} {moment.day} {moment:%B} {moment.year}"


def ago(moment: date, today: date) -> str:
    """How long before today, in the unit a person would use."""
    days = (today - moment).days
    if days <= 0:
        return "today"
    if days < 14:
        return "yesterday" if days == 1 else f"{days} days ago"
    weeks, months = days // 7, round(days / 30.4)
    if weeks < 9:
        return f"{weeks} weeks ago"
    return f"{months} months ago" if months < 24 else f"{round(days / 365.25)} years ago"


def wave(indicator: Counted) -> bool:
    """Whether it is asked from time to time, not counted every week."""
    return indicator.kind == "scale"


def period(week: date, indicator: Counted, today: date | None = None) -> str:
    """The days behind a number: `4 weeks to 15 Nov`, or `survey of the week of 12 Oct`."""
    if wave(indicator):
        return f"survey of the week of {day(week, today)}"
    weeks = 4 if KINDS[indicator.kind].spans else indicator.window
    return f"{many(weeks, 'week')} to {day(week + timedelta(days=6), today)}"


def place(value: float | None, low: float | None, high: float | None) -> str:
    """Where a value lies against its usual range: below, above, within, or unknown."""
    if value is None or low is None or high is None:
        return "unknown"
    return "below" if value < low else "above" if value > high else "within"


ARROWS = {"below": "↓ below", "above": "↑ above", "within": "→ within"}


def usual(cell: Row, unit: str) -> str:
    """`↓ below its usual 40 to 48 %`."""
    where = place(cell["value"], cell["usual_low"], cell["usual_high"])
    if where == "unknown":
        return "its usual range is not known yet"
    percent = unit if unit == "%" else ""
    unsure = ", which may be chance" if where != "within" and cell["verdict"] == "ok" else ""
    return f"{ARROWS[where]} its usual {span(cell['usual_low'], cell['usual_high'], percent)}{unsure}"


DESERVED = {
    "experimental": "Experimental: not yet shown to be better than saying that nothing changes.",
    "withdrawn": "Withdrawn: lately it was no better than saying that nothing changes. It comes back by itself.",
}
"""What is said of a forecast that does not deserve the name, by the mark of its cell."""


def unjudged(better: str, beside: str) -> str:
    """Why a number that is there has no verdict and will not get one."""
    if beside:
        return "Told beside another number; not judged by itself."
    if better == "either":
        return "Told for context: neither way is good in itself, so it is not judged."
    return "It moves too slowly to be judged week by week; compare it with last year."


def why_not(cell: Row | None, minimum: int, lacking: list[str], waiting: str = "", noun: str = "events") -> str:
    """Why a number or its verdict is not there, in one sentence; empty where nothing is missing."""
    if cell is None:
        return f"No data yet: it needs {' and '.join(lacking)}." if lacking else "No data for this unit yet."
    if cell["state"] == "hidden":
        return f"Not shown, to protect people: fewer than {minimum}, or it would give a smaller group away."
    if cell["state"] == "held":
        return f"Waiting for data{f' from {waiting}' if waiting else ''}; nothing is judged until it is complete."
    if cell["mark"] in WITHHELD:
        return WITHHELD[cell["mark"]]
    if cell["mark"] in DESERVED:
        return DESERVED[cell["mark"]]
    if cell["mark"] == "too few" or cell["value"] is None:
        return f"Too few {noun} in this period to give a number (at least 10 are needed)."
    if cell["state"] == "partial":
        return "Still filling up: drawn, but not yet compared."
    if cell["filling"]:
        return "Newer weeks are still filling up."
    if cell["verdict"] == "unknown":
        return (
            "Learning what is usual here; not judged yet."
            if cell["usual_low"] is None
            else "Not judged in this period."
        )
    return ""


def answer(verdicts: list[tuple[str, str]], total: int, trouble: int = 0) -> str:
    """The first sentence: is the organisation learning, as far as its verdicts, and `trouble` below it, can say."""
    kinds = [chip(verdict, side)[0] for verdict, side in verdicts]
    known = {kind: kinds.count(kind) for kind in ("alarm", "good", "watch", "hope", "ok")}
    unknown = total - sum(known.values())
    every = many(total, "indicator")
    if unknown == total:
        none = f"none of {every}" if total > 1 else "the one indicator that has data"
        return f"Too early to say: {none} {'can' if total > 1 else 'cannot'} be judged yet."
    told = [
        (known["alarm"], "needs attention", "need attention"),
        (known["good"], "is improving", "are improving"),
        (known["watch"], "is on watch", "are on watch"),
        (known["hope"], "may be improving", "may be improving"),
        (known["ok"], "is as usual", "are as usual"),
        (unknown, "cannot be judged yet", "cannot be judged yet"),
    ]
    parts = [f"{count} {one if count == 1 else more}" for count, one, more in told if count]
    if known["ok"] == total and trouble:
        return (
            f"As usual as a whole, but {many(trouble, 'alert')} below {'needs' if trouble == 1 else 'need'} attention."
        )
    if len(parts) == 1:
        return f"{f'All {every}' if total > 1 else 'The one indicator'} {parts[0].split(' ', 1)[1]}."
    first, rest = parts[0].split(" ", 1), parts[1:]
    return f"{first[0]} of {every} {first[1]}; {listed(rest, len(rest))}."


def below(trouble: int, good: int) -> str:
    """The second sentence: what rings in the units below."""
    parts = [f"{many(trouble, 'alert')} {'needs' if trouble == 1 else 'need'} attention"] * (trouble > 0)
    parts += [f"{many(good, 'piece')} of good news"] * (good > 0)
    return f"In the units below: {listed(parts)}." if parts else "Nothing rings in the units below."


def also(good: int) -> str:
    return f"Also {many(good, 'piece')} of good news there." if good else ""


def first_up(text: str) -> str:
    return text[:1].upper() + text[1:]


def listed(names: list[str], most: int = 3) -> str:
    """`A, B and 4 more`."""
    shown, left = names[:most], len(names) - most
    if left > 0:
        return f"{', '.join(shown)} and {left} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)

"""One verdict in one sentence that a director understands: what, where, how much, against what, since when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import takewhile
from typing import Any

from metrics.indicator import Indicator

LEARNING = 12
WITHHELD = {
    "split": "not told, because this team is split into two camps.",
    "not shared": "not told of a single team, because members of teams do not agree enough.",
    "not apart": "not told, because these answers cannot be told apart from those on psychological safety.",
}
LEADS_ON = {"across", "between", "beyond", "by", "for", "from", "in", "of", "on", "per", "than", "that", "to", "with",
            "within", "whose"}  # fmt: skip
COUNTED = {"ties": "possible pairs", "scale": "answers"}
EVENTS = {
    "messages": "questions",
    "learning": "learning records",
    "answers": "answers",
    "feedback": "pieces of feedback",
}


def sentence(row: Mapping[str, Any], one: Indicator) -> str:
    """From `name, state, mark, verdict, side, since, now, before, n, usual_low, usual_high, week, maturity, old,
    nature`."""
    subject = f"{one.title} in {row['name']}"
    if row["verdict"] == "unknown" or row["now"] is None:
        return f"{subject}: {unknown(row, one)}"
    rising = rises(row, one)
    has = "have" if several(one.title) else "has"
    told = {"alarm": f"{has} {'risen' if rising else 'fallen'}", "watch": f"may be {'rising' if rising else 'falling'}"}
    value = f"{amount(row['now'], one.unit)} {when(row, one)}"
    if row["verdict"] == "ok":
        return f"{subject}: {value}, {as_usual(row, one)}. {counted(row, one)}"
    since = began(row) if one.kind != "scale" else ""
    parts = [part for part in (value, against(row, one, rising), since) if part]
    return f"{subject} {told[row['verdict']]}: {', '.join(parts)}. {counted(row, one)}"


def rises(row: Mapping[str, Any], one: Indicator) -> bool:
    """Whether what moved to a side went up."""
    return bool(row["side"] == ("better" if one.better == "up" else "worse"))


def unknown(row: Mapping[str, Any], one: Indicator) -> str:
    if row["state"] == "hidden":
        return "not shown, to protect people."
    if row["state"] == "held":
        return f"waiting for data; those of the week of {day(row['week'])} are late or incomplete."
    if row["old"]:
        gone = (
            " It has stopped: before that there was a number nearly every week." if row["nature"] == "silence" else ""
        )
        return f"nothing new since the week of {day(row['week'])}.{gone}"
    if row["mark"] in WITHHELD:
        return WITHHELD[row["mark"]]
    if row["now"] is None:
        return f"too few {events(one)} to give a number."
    if not one.judged:
        return f"{amount(row['now'], one.unit)} {when(row, one)}; told for context, not judged. {counted(row, one)}"
    weeks = row["maturity"] or 0
    learning = (
        f"learning what is usual ({weeks} of {LEARNING} weeks)" if weeks < LEARNING else "what is usual is not known"
    )
    return f"{amount(row['now'], one.unit)} {when(row, one)}; {learning}. {counted(row, one)}"


def began(row: Mapping[str, Any]) -> str:
    """Since when, and whether at once, bit by bit, or in one week so far."""
    if row["nature"] == "spike":
        return "so far a spike of one week"
    since = f"since the week of {day(row['since'])}" if row["since"] else ""
    since = looked_back(row["began"], row["began_early"], row["began_late"]) if row.get("began") else since
    return f"bit by bit {since}".strip() if row["nature"] == "drift" else since


def looked_back(began: date, early: date, late: date) -> str:
    """`probably since the week of 3 August 2026 (between 20 July and 10 August)`."""
    told = f"probably since the week of {day(began)}"
    if early == late:
        return told
    first, last = (day(one) if one.year != began.year else f"{one.day} {one:%B}" for one in (early, late))
    return f"{told} (between {first} and {last})"


def against(row: Mapping[str, Any], one: Indicator, rising: bool) -> str:
    low, high = row["usual_low"], row["usual_high"]
    if low is None or high is None:
        return f"before that {amount(row['before'], one.unit)}" if row["before"] is not None else ""
    if low <= row["now"] <= high:
        return f"within the usual {span(low, high, one.unit)}, but steadily {steadily(row, one, rising)}"
    return f"usually {span(low, high, one.unit)}"


def steadily(row: Mapping[str, Any], one: Indicator, rising: bool) -> str:
    """`above the 43 % before`, where a number can say it."""
    before, now = row["before"], row["now"]
    if before is None or (now > before) != rising or number(now) == number(before):
        return f"on its {'high' if rising else 'low'} side"
    was = amount(before, "%") if one.unit == "%" else number(before)
    return f"{'above' if rising else 'below'} the {was} before"


def as_usual(row: Mapping[str, Any], one: Indicator) -> str:
    low, high = row["usual_low"], row["usual_high"]
    if low is None or high is None:
        return "as usual"
    clear = "as usual" if low <= row["now"] <= high else "no clear change yet from the usual"
    return f"{clear} ({span(low, high, one.unit)})"


def when(row: Mapping[str, Any], one: Indicator) -> str:
    if one.kind == "scale":
        return f"in the survey of the week of {day(row['week'])}"
    return "over the last four weeks"


def counted(row: Mapping[str, Any], one: Indicator) -> str:
    return f"n = {row['n']:,} {events(one)}." if row["n"] is not None else ""


def events(one: Indicator) -> str:
    """What an indicator counts, in a word: as it says, else by its kind, else by the first table it reads."""
    table = one.tables[0] if one.tables else "events"
    return one.counts or COUNTED.get(one.kind) or EVENTS.get(table) or table.replace("_", " ")


def several(title: str) -> bool:
    """Whether a title speaks of several: `Actions completed`, `Severe incidents reviewed`, not `Work done in ten days`.

    What it speaks of is among its first two words, before a word that only leads on. A median is one.
    """
    head = list(takewhile(lambda word: word not in LEADS_ON, title.split()))[:2]
    plural = (word.endswith("s") and not word.endswith(("ss", "us", "is")) for word in head)
    return head[:1] != ["Median"] and (head[:1] == ["People"] or any(plural))


def number(value: float) -> str:
    """Two digits where they matter: `43`, `4.2`, `0.31`."""
    size = abs(value)
    return f"{value:,.{0 if size >= 10 or size == 0 else 1 if size >= 1 else 2}f}"


def amount(value: float, unit: str) -> str:
    return f"{number(value)} of 100" if unit == "0 to 100" else f"{number(value)} {unit}".rstrip()


def span(low: float, high: float, unit: str) -> str:
    """`40 to 48 %`; one amount where both ends read the same."""
    return amount(high, unit) if number(low) == number(high) else f"{number(low)} to {amount(high, unit)}"


def day(moment: date) -> str:
    return f"{moment.day} {moment:%B %Y}"

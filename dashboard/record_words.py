"""The record of the alarms in words: the same sentences on the Alerts page and in reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import words
from metrics.record import HORIZON

CALLED = {"ours": "Our alarms", "persistence": "Expecting that trouble comes back", "random": "Alarms at random"}
LEAST = 10


def answer(record: pl.DataFrame) -> str:
    """`In 6 of 20 cases trouble followed an alarm within 8 weeks; 4 of 11 troubles were foretold, 5 weeks before.`"""
    if record.is_empty():
        return "Nothing has been judged long enough for a record."
    ours = record.filter(rival="ours").row(0, named=True)
    if not ours["alarms"] or not ours["events"]:
        return (
            f"Too early for a record: {words.many(ours['alarms'], 'alarm')} whose {HORIZON} weeks are over, "
            f"{words.many(ours['events'], 'agreed outcome')} that turned bad."
        )
    lead = f", {words.many(round(ours['lead']), 'week')} before (median)" if ours["lead"] else ""
    told = (
        f"Of {words.many(ours['alarms'], 'alarm')}, {ours['true']:,} came before trouble in the same unit within "
        f"{HORIZON} weeks; of {words.many(ours['events'], 'trouble')}, {ours['found']:,} were foretold{lead}."
    )
    return f"{told}{' ' + few(ours)}".rstrip()


def few(ours: Mapping[str, Any]) -> str:
    return "That is too few to trust the shares." if min(ours["alarms"], ours["events"]) < LEAST else ""


def compared(record: pl.DataFrame) -> str:
    """Whether the alarms do better than the two dumb rivals, as far as their intervals can say."""
    if record.is_empty() or record.filter(rival="ours")["precision"].item() is None:
        return ""
    rows = {row["rival"]: row for row in record.iter_rows(named=True)}
    ours = rows["ours"]
    beaten = [name for name in ("persistence", "random") if beats(ours, rows[name])]
    names = {"persistence": "expecting that trouble comes back", "random": "chance"}
    if len(beaten) == 2:
        return "They do better than chance, and than expecting that trouble comes back."
    rest = [names[one] for one in names if one not in beaten]
    return f"They cannot be told from {' and '.join(rest)} by these numbers."


def beats(ours: Mapping[str, Any], rival: Mapping[str, Any]) -> bool:
    """Whether precision is above the rival's beyond its own interval."""
    return rival["precision"] is None or ours["precision_low"] > rival["precision"]


def lines(record: pl.DataFrame) -> pl.DataFrame:
    """The record as a table for people."""
    rows = []
    for name in CALLED:
        for row in record.filter(rival=name).iter_rows(named=True):
            told = {"": CALLED[name], "Alarms": row["alarms"], "Before trouble": share(row, "precision")}
            told |= {"Trouble foretold": share(row, "recall"), "Weeks before": row["lead"]}
            false = row["false_a_year"]
            rows.append(told | {"False alarms per unit and year": None if false is None else round(false, 2)})
    return pl.DataFrame(rows)


def share(row: Mapping[str, Any], name: str) -> str:
    """`33 % (6 to 79 %)`."""
    if row[name] is None:
        return "–"
    told = words.number(100 * row[name], "%")
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return told if low is None else f"{told} ({words.span(100 * low, 100 * high, '%')})"


def said(tally: pl.DataFrame) -> pl.DataFrame:
    """What people said alerts were worth, by quarter, as a table for people."""
    titles = {"quarter": "Raised in", "raised": "Alerts", "unsaid": "Not said yet"}
    return tally.rename({name: titles.get(name, words.first_up(name)) for name in tally.columns})

"""Alerts move on: by every edition that is published, and by what people do about them; one writer at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime

import polars as pl

from connectors.store.memory import Memory
from metrics.alerts import standing
from metrics.indicator import indicators
from metrics.life import Alert, Change, Unfit, after, change_of, lived
from metrics.turns import Patience, Place, Turn, calm, newest, turns

BACK = date(1970, 1, 1)


def alerts_of(rows: pl.DataFrame, changes: pl.DataFrame) -> list[Alert]:
    """Every alert as all that happened to it left it, oldest first."""
    happened: dict[int, list[Change]] = {}
    for row in changes.sort("alert", "number").iter_rows(named=True):
        happened.setdefault(row["alert"], []).append(change_of(row))
    born = (Alert(**row) for row in rows.select("id", "indicator", "unit", "side", "since").iter_rows(named=True))
    return [lived(one, happened.get(one.id, [])) for one in born]


def alerts(memory: Memory) -> list[Alert]:
    return alerts_of(*memory.alerts())


def history(memory: Memory, number: int) -> list[Change]:
    """All that happened to one alert, oldest first."""
    _, changes = memory.alerts()
    return [change_of(row) for row in changes.filter(pl.col("alert") == number).iter_rows(named=True)]


def tick(memory: Memory, now: datetime, patience: Patience | None = None) -> list[Turn]:
    """Let the edition on show do to the alerts what it does; doing so again, or twice at once, does no more.

    The edition is read while no one else can change an alert, so it is never one that others have left behind.
    """
    patience = patience or Patience()
    with memory.book() as book:
        known = alerts_of(book.alerts(), book.changes())
        verdicts = book.verdicts()
        settled = places_that_may_recover(known, verdicts)
        cells = book.cells({unit for _, unit in settled}, min((day or BACK for day in settled.values()), default=BACK))
        found = turns(known, verdicts, calm(cells, settled), now, surveys(), patience)
        for alert, change in found:
            number = alert.id or book.begin(alert.indicator, alert.unit, alert.side, alert.since)
            book.add(number, alert.changes + 1, asdict(change))
    return found


def places_that_may_recover(alerts: Iterable[Alert], verdicts: pl.DataFrame) -> dict[Place, date | None]:
    """Where an alert rings whose verdict is as usual now, with the week its numbers last turned."""
    usual = set(verdicts.filter(pl.col("verdict") == "ok").select("indicator", "unit").iter_rows())
    return {place: one.turned for place, one in newest(alerts).items() if one.ringing and place in usual}


def surveys() -> list[str]:
    return [name for name, one in indicators().items() if one.kind == "scale"]


def act(memory: Memory, number: int, change: Change) -> Alert:
    """Let a person do something to an alert, as it stands at this moment; Unfit where that cannot be."""
    with memory.book() as book:
        rows, changes = book.alerts().filter(pl.col("id") == number), book.changes().filter(pl.col("alert") == number)
        if rows.is_empty():
            raise Unfit(f"there is no alert {number}; `bellwether alerts list` shows those there are")
        before = alerts_of(rows, changes)[0]
        found = after(before, change)
        book.add(number, found.changes, asdict(change))
    return found


def link(memory: Memory, number: int, change: Change) -> Alert:
    """What is done about an alert: kept with it, and among what was begun, so that a refresh tells what it changed."""
    found = act(memory, number, change)
    memory.begin(found.intervention, found.begins or change.at.date(), found.unit, None, change.who, change.at)
    return found


def rows_to_tell(memory: Memory, told: Mapping[str, pl.DataFrame], patience: Patience | None = None) -> pl.DataFrame:
    """The rows of the edition on show as they may be told (`metrics.alerts.standing`).

    `told`: what each recipient was told, for the watches among it, whose end needs as many calm weeks as an alarm's.
    """
    patience = patience or Patience()
    verdicts, known = memory.verdicts(), alerts(memory)
    watched = places_told(told.values(), "watch")
    cells = memory.cells(units={unit for _, unit in watched}) if watched else None
    quiet = {} if cells is None else dict.fromkeys(watched, 0) | calm(cells, watched)
    return standing(verdicts, known, quiet, patience.weeks)


def places_told(told: Collection[pl.DataFrame], verdict: str) -> dict[Place, date | None]:
    """The places somebody was last told are of this verdict, with the earliest week it began in."""
    found: dict[Place, date | None] = {}
    for one in told:
        for indicator, unit, since in one.filter(verdict=verdict).select("indicator", "unit", "since").iter_rows():
            found[indicator, unit] = since
    return found


def may_be_seen(memory: Memory, alert: Alert, week: date | None) -> bool:
    """Whether the number that an alert told of in that week may be seen now: its unit listed, its cell shown."""
    if week is None or alert.unit not in set(memory.units()["unit"]):
        return False
    cells = memory.cells(indicator=alert.indicator, unit=alert.unit, since=week)
    return not cells.filter(pl.col("week") == week, pl.col("state") == "shown").is_empty()

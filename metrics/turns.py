"""What a new board does to the alerts there are: raised, recovered, returned, woken; never by silence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from metrics.life import Alert, Change

PLACE = ["indicator", "unit"]
Place = tuple[str, str]
Turn = tuple[Alert, Change]
KNOWN = ("ok", "watch", "alarm")


@dataclass(frozen=True)
class Patience:
    """How long numbers must be back to usual before an alert has recovered: whole, settled weeks, or survey waves.

    What rings again within `again` weeks of recovering is the same alert, not another.
    """

    weeks: int = 2
    waves: int = 1
    again: int = 8


def calm(cells: pl.DataFrame, since: Mapping[Place, date | None]) -> dict[Place, int]:
    """How many settled weeks in a row, up to the newest, were as usual at each place, after its day in `since`.

    `cells`: the published `indicator, unit, week, state, verdict`. A week without a verdict neither counts nor breaks
    the row: silence is no recovery.
    """
    days = pl.DataFrame(
        [(*place, day) for place, day in since.items()],
        schema={"indicator": pl.String, "unit": pl.String, "after": pl.Date},
        orient="row",
    )
    known = cells.filter(pl.col("state") == "shown", pl.col("verdict").is_in(KNOWN)).join(days, PLACE)
    later = known.filter(pl.col("week") > pl.col("after").fill_null(date.min)).sort("week")
    stirred = (pl.col("verdict") != "ok").cast(pl.Int32)
    quiet = stirred.reverse().cum_sum().reverse().over(PLACE) == 0
    found = later.filter(quiet).group_by(PLACE).len()
    return {(indicator, unit): count for indicator, unit, count in found.iter_rows()}


def turns(
    alerts: Collection[Alert],
    board: pl.DataFrame,
    quiet: Mapping[Place, int],
    at: datetime,
    waves: Collection[str] = (),
    patience: Patience | None = None,
) -> list[Turn]:
    """What happens to which alert now; an alert that is new comes with the id 0. The same board twice does nothing.

    `board`: its rows (`indicator, unit, week, verdict, side, since, sentence`); `quiet`: what `calm` counted; `waves`:
    the indicators that are surveys. A place that is not on the board, or whose verdict is unknown, turns nothing.
    """
    patience, last, found = patience or Patience(), newest(alerts), []
    for row in board.filter(pl.col("verdict").is_in(KNOWN)).iter_rows(named=True):
        place = row["indicator"], row["unit"]
        needed = patience.waves if row["indicator"] in waves else patience.weeks
        if row["verdict"] == "alarm":
            found += rings(row, last.get(place), at, patience)
        elif row["verdict"] == "ok" and place in last and quiet.get(place, 0) >= needed:
            found += recovers(row, last[place], at, needed, row["indicator"] in waves)
    turned = {one.id for one, _ in found}
    return [*found, *wakes((one for one in alerts if one.id not in turned), at)]


def newest(alerts: Iterable[Alert]) -> dict[Place, Alert]:
    return {one.place: one for one in sorted(alerts, key=lambda one: one.id)}


def rings(row: Mapping[str, Any], last: Alert | None, at: datetime, patience: Patience) -> list[Turn]:
    """An alarm: raises an alert, returns to one, or changes nothing; one of the other side ends the last."""
    said = Change("raised", at, note=row["sentence"], week=row["week"])
    new = Alert(0, row["indicator"], row["unit"], row["side"], row["since"])
    if last is None:
        return [(new, said)]
    if last.turned is not None and row["week"] < last.turned:
        return []
    if last.side != row["side"]:
        turned = Change("recovered", at, note="the numbers turned the other way", week=row["week"])
        return [*([(last, turned)] if last.ringing else []), (new, said)]
    if last.ringing or row["week"] == last.turned:
        return []
    soon = last.turned is None or row["week"] <= last.turned + timedelta(weeks=patience.again)
    if last.open or soon:
        return [(last, Change("returned", at, note=row["sentence"], week=row["week"]))]
    return [(new, said)]


def recovers(row: Mapping[str, Any], last: Alert, at: datetime, needed: int, wave: bool) -> list[Turn]:
    if not last.ringing:
        return []
    span = ("survey" if wave else "week") + ("s" if needed > 1 else "")
    return [(last, Change("recovered", at, note=f"as usual for {needed} {span}", week=row["week"]))]


def wakes(alerts: Iterable[Alert], at: datetime) -> list[Turn]:
    """What was put off until today or before."""
    due = (one for one in alerts if one.open and one.until is not None and one.until <= at.date())
    return [(one, Change("woken", at)) for one in due]

"""Alerts and boards for tests, in few words."""

from datetime import UTC, date, datetime, timedelta

import polars as pl

from metrics.life import Alert, Change, after
from metrics.turns import calm, newest, turns

MARCH = date(2026, 3, 2)
BOARD = {
    "indicator": pl.String, "unit": pl.String, "week": pl.Date, "verdict": pl.String, "side": pl.String,
    "since": pl.Date, "folded": pl.String, "sentence": pl.String,
}  # fmt: skip
CELLS = {"indicator": pl.String, "unit": pl.String, "week": pl.Date, "state": pl.String, "verdict": pl.String}


def week(number):
    """The Monday that many weeks after 2 March 2026."""
    return MARCH + timedelta(weeks=number)


def at(number):
    """The morning after that week."""
    return datetime(2026, 3, 9, 7, tzinfo=UTC) + timedelta(weeks=number)


def row(unit, verdict, number=0, side=None, since=0, folded=None, indicator="reuse"):
    side = side if side is not None else "" if verdict in ("ok", "unknown") else "worse"
    words = f"{unit} is {verdict} in week {number}"
    return (indicator, unit, week(number), verdict, side, week(since), folded, words)


def board(*rows):
    return pl.DataFrame(list(rows), schema=BOARD, orient="row")


def cells(unit, verdicts, state="shown", indicator="reuse"):
    """One cell a week from week 0 on: a(larm), o(k), w(atch), or - for unknown."""
    words = {"a": "alarm", "o": "ok", "w": "watch", "-": "unknown"}
    rows = [(indicator, unit, week(number), state, words[one]) for number, one in enumerate(verdicts)]
    return pl.DataFrame(rows, schema=CELLS, orient="row")


class Diary:
    """Alerts as they go through the weeks."""

    def __init__(self, **patience):
        self.alerts, self.patience = [], patience

    def tick(self, number, *rows, past="", waves=()):
        """One refresh after that week; `past`: the verdicts of unit web so far. Gives what happened."""
        since = {place: one.turned for place, one in newest(self.alerts).items()}
        found = turns(self.alerts, board(*rows), calm(cells("web", past), since), at(number), waves, **self.patience)
        for alert, change in found:
            self.write(alert, change)
        return [(alert.unit, change.act) for alert, change in found]

    def write(self, alert, change):
        if not alert.id:
            alert = Alert(len(self.alerts) + 1, alert.indicator, alert.unit, alert.side, alert.since)
            self.alerts.append(alert)
        self.alerts[alert.id - 1] = after(alert, change)

    def act(self, number, act, at_week=0, who="Ana", **said):
        self.write(self.alerts[number - 1], Change(act, at(at_week), who, **said))
        return self.alerts[number - 1]

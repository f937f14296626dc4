"""Another formula counts all of the past anew, so that no number jumps where the formula changed."""

from dataclasses import replace

import polars as pl

from connectors.store.lake import Lake
from dashboard.counting import counted
from metrics.indicator import indicators
from metrics.weeks import Calendar
from tests.metrics.facts import DAY, at, facts

CALENDAR = Calendar(today=at(7 * 40).date())
UNTOUCHED = pl.DataFrame(schema={"table": pl.String, "first": pl.Date, "last": pl.Date})


def tickets():
    """A ticket a day for forty weeks, every third of which comes back."""
    rows = [
        {"ticket": f"t{n}", "unit": "a", "opened": at(n), "closed": at(n) + DAY, "source": "desk", "kind": "incident"}
        | {"assignee": f"p{n % 9}", "reopened": at(n) + 3 * DAY if n % 3 == 0 else None}
        for n in range(7 * 40 - 1)
    ]
    return {name: frame.lazy() for name, frame in facts(tickets=rows).items()}


def never_reopened(tickets, calendar):
    """Another formula: nothing ever comes back."""
    return indicators()["reopened_work"].function(tickets, calendar).with_columns(part=pl.lit(value=False))


def weekly(lake, one, known):
    evidence, _ = counted(one, lake, UNTOUCHED, known, CALENDAR)
    return dict(evidence.sort("week").select("week", "part").iter_rows())


def test_a_changed_formula_counts_every_week_anew(tmp_path):
    lake, one = Lake(str(tmp_path)), indicators()["reopened_work"]
    before = weekly(lake, one, tickets())
    after = weekly(lake, replace(one, function=never_reopened), tickets())
    assert len(before) > 35
    assert min(before.values()) > 0
    assert after == dict.fromkeys(before, 0)

"""The budget of alarms from refresh to refresh, and in words."""

from datetime import date, timedelta

import polars as pl
import pytest

from connectors.store.memory import Edition, Memory
from dashboard.alarm_budget import limits, said
from metrics.budget import SCHEMA, unlimited
from metrics.judge import Rules

TODAY = date(2026, 11, 16)
UNITS = pl.DataFrame({"unit": [f"u{n}" for n in range(40)], "parent": [None, *["u0"] * 39]})


def series(units=40):
    weeks = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(20)]
    rows = [("i", f"u{unit}", week, 50.0 + unit) for unit in range(units) for week in weeks]
    frame = pl.DataFrame(rows, schema=["indicator", "unit", "week", "value"], orient="row")
    return frame.with_columns(
        n=pl.lit(90.0), kind=pl.lit("mean"), better=pl.lit("up"), depth=pl.lit(1), ok=pl.lit(True)
    )


@pytest.fixture
def memory(memory_url):
    memory = Memory.open(memory_url)
    yield memory
    memory.close()


def refreshed(memory, at_most=4, today=TODAY, units=40):
    """What a refresh keeps alarms to, and how often it had to count."""
    ticks = []
    found = limits(at_most, memory, today, ticks.append)(series(units), UNITS)
    memory.publish(Edition(today, "Acme", alarm_budget=found))
    return found, len(ticks)


def test_it_is_counted_once_a_month_and_kept_in_between(memory):
    first, counted = refreshed(memory)
    again, not_counted = refreshed(memory, today=TODAY + timedelta(days=7))
    assert (counted, not_counted) == (1, 0)
    assert again.select(first.columns).equals(first)
    assert first["month"].item() == "2026-11"
    assert refreshed(memory, today=TODAY + timedelta(days=20))[1] == 1


def test_another_budget_and_many_other_series_are_counted_anew(memory):
    refreshed(memory)
    assert refreshed(memory, at_most=3)[1] == 1
    assert refreshed(memory, at_most=3, units=38)[1] == 0
    assert refreshed(memory, at_most=3, units=30)[1] == 1


def test_another_judge_is_counted_anew(memory):
    found, _ = refreshed(memory)
    memory.publish(Edition(TODAY, "Acme", alarm_budget=found.with_columns(version=pl.lit("that of last year"))))
    assert refreshed(memory)[1] == 1


def test_without_the_setting_nothing_is_counted_and_nothing_said(memory):
    assert limits(None, memory, TODAY, print) is unlimited
    assert said(unlimited(series(), UNITS)) == ""


def row(**facts):
    known = {"at_most": 4.0, "series": 40, "month": "2026-11", "version": "x", "ceiling": Rules.ceiling, "weeks": 130}
    return pl.DataFrame([known | {"given": 2.62} | facts], schema=SCHEMA)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, "at most 4 alarms a month. On your own history, shuffled, the usual limits give 2.6."),
        ({"ceiling": 0.0004}, "On your own history, shuffled, stricter limits than usual give 2.6."),
        (
            {"at_most": 1.0, "given": 0.01},
            "at most 1 alarm a month. On your own history, shuffled, the usual limits give",
        ),
        (
            {"at_most": 0.5, "given": 0.9},
            "at most 0.5 alarms a month. On your own history, shuffled, even the strictest",
        ),
        ({"given": None, "weeks": 60}, "too short to test that (60 of the 78 weeks it takes); the usual limits hold."),
    ],
)
def test_what_came_of_it_is_said_in_one_plain_sentence(facts, words):
    assert words in said(row(**facts))

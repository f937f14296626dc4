"""When what rings began: planted changes, looked back upon."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from metrics.sentence import looked_back
from metrics.turning import SCHEMA, turning

FIRST = date(2023, 1, 2)


def week(number):
    return FIRST + timedelta(weeks=number)


def course(values, **facts):
    known = {"indicator": "reuse", "unit": "a", "n": 200.0, "kind": "share", "better": "up", "depth": 0, "ok": True}
    frame = pl.DataFrame({"value": values, "week": [week(number) for number in range(len(values))]})
    return frame.with_columns(pl.lit(fact).alias(name) for name, fact in (known | facts).items())


def rings(since, **facts):
    """What the judge said last."""
    known = {"indicator": "reuse", "unit": "a", "week": week(79), "verdict": "alarm", "side": "worse"}
    return pl.DataFrame([known | {"since": since, "nature": "shift"} | facts])


def step(at=60, weeks=80, seed=1, to=0.33, level=0.45):
    return level + np.random.default_rng(seed).normal(0, 0.02, weeks) + np.where(np.arange(weeks) < at, 0, to - level)


def test_the_week_of_a_step_lies_in_the_interval():
    found = turning(course(step()), rings(week(57))).row(0, named=True)
    assert found["began_early"] <= found["began"] <= found["began_late"]
    assert abs((found["began"] - week(60)).days) <= 7
    assert found["began_early"] <= week(60) <= found["began_late"]


@pytest.mark.parametrize(
    "said",
    [
        rings(week(57), verdict="watch"),
        rings(week(57), nature="spike"),
        rings(week(57), side="better"),
        rings(week(20)),
        rings(week(57), verdict="unknown"),
    ],
    ids=["a watch", "one week", "the other side", "long before", "unknown"],
)
def test_what_does_not_fit_is_not_dated(said):
    assert turning(course(step()), said).is_empty()


def test_the_last_known_verdict_counts():
    said = pl.concat([rings(week(57), week=week(78)), rings(week(57), verdict="unknown")])
    assert turning(course(step()), said).height == 1
    assert turning(course(step()), pl.concat([said, rings(None, verdict="ok")])).is_empty()


def test_surveys_are_not_dated():
    assert turning(course(100 * step(), kind="scale"), rings(week(57))).is_empty()


def test_what_tells_of_four_weeks_is_dated_to_its_four_weeks():
    found = turning(course(step(at=60, weeks=120, to=0.2), kind="ties"), rings(week(60))).row(0, named=True)
    assert (found["began_late"] - found["began_early"]).days >= 21
    assert found["began_early"] <= week(60) <= found["began_late"]


def test_a_break_forgets_the_change_before_it():
    broken = [number == 66 for number in range(80)]
    series = course(step()).with_columns(break_=pl.Series(broken))
    assert turning(series, rings(week(57))).is_empty()


def test_weeks_that_may_not_be_judged_date_nothing():
    wild = step(at=80)
    wild[50:] -= 0.2
    quiet = course(wild).with_columns(ok=pl.Series([number < 50 for number in range(80)]))
    assert turning(quiet, rings(week(50))).is_empty()


def test_nothing_rings_nothing_is_dated():
    assert turning(course(step()), rings(week(57), verdict="ok")).schema == pl.Schema(SCHEMA)


def test_it_is_told_with_its_year_once():
    assert looked_back(date(2026, 8, 3), date(2026, 7, 20), date(2026, 8, 10)) == (
        "probably since the week of 3 August 2026 (between 20 July and 10 August)"
    )
    assert looked_back(date(2026, 1, 5), date(2025, 12, 29), date(2026, 1, 5)).endswith(
        "(between 29 December 2025 and 5 January)"
    )
    assert looked_back(date(2026, 8, 3), date(2026, 8, 3), date(2026, 8, 3)).endswith("3 August 2026")

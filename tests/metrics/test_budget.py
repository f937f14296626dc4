"""A budget of alarms a month: what it does to the judge's ceiling, and that histories nobody has seen keep to it."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from metrics.budget import CEILINGS, SCHEMA, alarms, limited, monthly, rules, shuffled, unlimited
from metrics.judge import Rules, judge

FIRST = date(2023, 1, 2)
UNITS = [f"u{number}" for number in range(40)]
TREE = pl.DataFrame({"unit": ["all", *UNITS], "parent": [None, *["all"] * 40]})


def lasting(weeks, seed=1, phi=0.8):
    """Noise of which most lasts from week to week, in 80 series: such series cry often."""
    dice = np.random.default_rng(seed)
    rows = dice.normal(size=(80, weeks))
    for week in range(1, weeks):
        rows[:, week] = phi * rows[:, week - 1] + np.sqrt(1 - phi**2) * rows[:, week]
    return history(50 + 5 * rows)


def history(values):
    weeks = [FIRST + timedelta(weeks=week) for week in range(values.shape[1])]
    place = [(f"i{number // 40}", UNITS[number % 40], week) for number in range(len(values)) for week in weeks]
    frame = pl.DataFrame(place, schema=["indicator", "unit", "week"], orient="row")
    facts = {"n": 100.0, "kind": "mean", "better": "up", "depth": 1, "ok": True}
    return frame.with_columns(*(pl.lit(fact).alias(name) for name, fact in facts.items()), value=values.ravel())


@pytest.fixture(scope="module")
def noise():
    return lasting(104)


@pytest.fixture(scope="module")
def usual(noise):
    return monthly(noise, TREE, Rules.ceiling, range(100, 103))


@pytest.fixture(scope="module")
def third(noise, usual):
    return limited(noise, TREE, usual / 3, shuffles=3).row(0, named=True)


def test_histories_that_nobody_has_seen_keep_to_the_budget(noise, usual, third):
    assert usual > 0.5, "the usual limits must cry, or nothing is tried here"
    assert third["given"] <= usual / 3
    assert monthly(noise, TREE, third["ceiling"], range(200, 204)) < usual / 2


def test_a_stricter_budget_gives_a_lower_ceiling_and_a_large_one_the_usual(noise, usual, third):
    tenth, plenty = (limited(noise, TREE, usual * much, shuffles=1)["ceiling"].item() for much in (0.1, 100))
    assert tenth < third["ceiling"] < plenty == Rules.ceiling


def test_a_history_too_short_to_tell_leaves_the_usual_ceiling_and_says_nothing():
    row = limited(lasting(77), TREE, 1).row(0, named=True)
    assert (row["ceiling"], row["given"], row["weeks"]) == (Rules.ceiling, None, 77)
    assert limited(lasting(10).clear(), TREE, 1)["given"].item() is None


def test_where_even_the_strictest_gives_more_it_stands_and_says_how_many(noise, monkeypatch):
    monkeypatch.setattr("metrics.budget.monthly", lambda *_: 7.0)
    row = limited(noise, TREE, 1).row(0, named=True)
    assert (row["ceiling"], row["given"]) == (CEILINGS[-1], 7.0)


def test_units_that_are_not_published_do_not_count(noise):
    few = TREE.head(6)
    assert limited(noise, few, 1000, shuffles=1)["series"].item() == 10


def test_no_budget_is_the_judge_as_it_is(noise):
    nothing = unlimited(noise, TREE)
    assert nothing.schema == pl.Schema(SCHEMA)
    assert rules(nothing) == Rules()
    assert rules(pl.DataFrame({"ceiling": [0.001]})).ceiling == 0.001


def test_a_shuffle_keeps_blocks_of_four_weeks_and_what_all_share_in_a_week(noise):
    dealt = shuffled(noise, 3)
    assert dealt.equals(shuffled(noise, 3))
    assert dealt.height == noise.height
    first = pl.col("indicator") == "i0"
    wide = [frame.filter(first).pivot("unit", index="week", values="value").sort("week") for frame in (noise, dealt)]
    before, after = (frame.select("week", *UNITS) for frame in wide)
    rows = {row[1:]: row[0] for row in before.iter_rows()}
    came = [(rows[row[1:]] - FIRST).days // 7 for row in after.iter_rows()]
    assert sorted(came) == list(range(104))
    assert came != sorted(came)
    together = sum(later == earlier + 1 for earlier, later in pairwise(came))
    assert together >= 104 * 3 // 4 - 2


def test_years_without_a_number_make_no_history(noise):
    early = noise.filter(pl.col("week") == FIRST).with_columns(week=pl.lit(FIRST - timedelta(weeks=520)))
    weeks = shuffled(pl.concat([early, noise]), 3)["week"]
    assert (weeks.max() - weeks.min()).days // 7 < 112
    assert limited(pl.concat([early, noise.head(0)]), TREE, 1)["weeks"].item() == 1


def test_ceilings_leave_the_past_alone_when_the_future_arrives(noise):
    cut = FIRST + timedelta(weeks=90)
    strict = rules(pl.DataFrame({"ceiling": [0.0002]}))
    then, now = judge(noise.filter(pl.col("week") < cut), rules=strict), judge(noise, rules=strict)
    same = ["indicator", "unit", "week", "verdict", "side", "since", "nature"]
    assert then.select(same).equals(now.filter(pl.col("week") < cut).select(same))


def said(unit, *verdicts, side="worse"):
    rows = [("i", unit, FIRST + timedelta(weeks=week), one, side) for week, one in enumerate(verdicts)]
    return pl.DataFrame(rows, schema=["indicator", "unit", "week", "verdict", "side"], orient="row")


def test_an_alarm_counts_once_and_not_anew_after_a_week_without_a_verdict():
    assert alarms(said("u1", "ok", "alarm", "alarm", "unknown", "alarm", "ok", "alarm"), TREE, FIRST) == 2


def test_an_alarm_that_one_above_tells_of_does_not_count():
    both = pl.concat([said("all", "ok", "alarm", "alarm"), said("u1", "ok", "ok", "alarm")])
    assert alarms(both, TREE, FIRST) == 1
    assert alarms(pl.concat([said("all", "ok", "alarm", side="better"), said("u1", "ok", "alarm")]), TREE, FIRST) == 2


def test_alarms_of_the_first_year_do_not_count():
    assert alarms(said("u1", "ok", "alarm", "ok", "alarm"), TREE, FIRST + timedelta(weeks=2)) == 1

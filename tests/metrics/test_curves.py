"""Curves of waits: right where they are published, and so coarse that no single wait shows."""

from datetime import date
from itertools import pairwise
from types import SimpleNamespace

import polars as pl
import pytest

from metrics import crowd
from metrics.curves import curves
from metrics.evidence import read, roll_up
from metrics.indicator import indicators
from metrics.tree import closure

WEEK = date(2026, 9, 7)
ONE = indicators()["learning_latency_quarter"]
LEFT = indicators()["time_to_proficiency"]


def published(teams, one=ONE, k=8):
    """`teams`: people, and the days each wait took (None: still waiting at the target), by team."""
    units = pl.DataFrame(
        [(WEEK, team, "all") for team in teams] + [(WEEK, "all", None)],
        schema={"week": pl.Date, "unit": pl.String, "parent": pl.String},
        orient="row",
    )
    rows = [row for team, (_, waits) in teams.items() for row in buckets(team, waits, one)]
    leaves = pl.DataFrame(rows).sort("unit", "bucket")
    people = pl.DataFrame(
        [{"indicator": one.name, "unit": team, "week": WEEK, "people": n} for team, (n, _) in teams.items()]
    )
    leaves = leaves.with_columns(people=pl.lit(0))
    wide = roll_up(leaves, closure(units))
    whole = people.group_by("indicator", "week").agg(pl.col("people").sum()).with_columns(unit=pl.lit("all"))
    every = pl.concat([people, whole.select(people.columns)])
    cells = read(wide, one).drop("people").join(every, on=["indicator", "unit", "week"])
    cells = crowd.decide(cells, units, k, own=people)
    return curves(one, wide, cells, units, k, people)


def buckets(team, waits, one):
    for age in sorted({one.target if wait is None else wait for wait in waits}):
        done = sum(wait == age for wait in waits if wait is not None)
        open_ = sum(wait is None for wait in waits) if age == one.target else 0
        row = {"indicator": one.name, "unit": team, "week": WEEK, "bucket": int(age), "done": done}
        yield row | ({"left": 0} if one.kind == "competing" else {}) | {"waiting": open_}


def points(found, unit):
    return found.filter(unit=unit).select("age", "waiting", "at_risk").rows()


SLOW = [3] * 10 + [20] * 10 + [50] * 10 + [None] * 10


def test_a_curve_says_how_many_still_wait():
    found = published({"one": (20, SLOW), "two": (20, SLOW)})
    ages = [(0, 100, 40), (1, 100, 40), (2, 100, 40), (4, 75, 30), (7, 75, 30), (14, 75, 30), (28, 50, 20),
            (42, 50, 20), (56, 25, 10), (90, 25, 10)]  # fmt: skip
    assert points(found, "one") == ages
    assert points(found, "all") == [(age, waiting, 2 * risk) for age, waiting, risk in ages]
    assert set(found["median"]) == {20}


def test_its_range_is_that_of_greenwood_at_90_per_cent():
    """30 of 40 wait after four days: se of log(-log S) = sqrt(10 / (40 * 30)) / -ln .75 = .3173."""
    row = published({"one": (20, SLOW), "two": (20, SLOW)}).filter(unit="one", age=4).row(0, named=True)
    low, high = (0.75 ** pow(2.718281828, side * 1.6448536 * 0.31731) for side in (1, -1))
    assert (row["low"], row["high"]) == (round(100 * low), round(100 * high))


def test_fewer_than_half_have_no_median():
    assert set(published({"one": (20, [5] * 5 + [None] * 20)})["median"]) == {None}


def test_a_wait_that_ended_alone_shows_at_no_age():
    """One of forty ended after 3 days: the ages from 4 to 14 would show it, so they are left out."""
    found = published({"one": (20, [3] + [20] * 14 + [None] * 25), "two": (20, SLOW)})
    assert points(found, "one") == [(0, 100, 40), (1, 100, 40), (2, 100, 40), (28, 62, 25), (42, 62, 25), (56, 62, 25),
                                    (90, 62, 25)]  # fmt: skip


@pytest.mark.parametrize("one", [ONE, LEFT], ids=["waiting", "competing"])
def test_between_published_ages_none_or_five_waits_ended(one):
    for seed in range(12):
        waits = [1 + (7 * at * (seed + 3)) % 120 for at in range(24)]
        found = published({"one": (12, [wait if wait <= 90 else None for wait in waits]), "two": (20, SLOW)}, one)
        risk = found.filter(unit="one")["at_risk"].to_list()[:-1]
        steps = [before - after for before, after in pairwise(risk)]
        assert all(step == 0 or step >= 5 for step in steps), (seed, steps)


def test_a_team_of_four_has_no_curve_and_its_smallest_neighbour_hides_it():
    found = published({"four": (4, SLOW), "nine": (9, SLOW), "twenty": (20, SLOW), "thirty": (30, SLOW)})
    assert found["unit"].unique().sort().to_list() == ["all", "thirty", "twenty"]


def test_an_age_at_which_a_small_team_is_all_alike_is_hidden_and_covered():
    """After 2 days nobody of ten people's waits has ended: it says so of each of them."""
    found = published(
        {"ten": (10, SLOW), "twenty": (20, [1] * 20 + [None] * 20), "thirty": (30, [1] * 20 + [None] * 20)}
    )
    assert [age for age, *_ in points(found, "ten")] == [0, 4, 7, 14, 28, 42, 56, 90]
    assert 2 not in found.filter(unit="twenty")["age"]
    assert 2 in found.filter(unit="thirty")["age"]


def test_too_few_waits_have_no_curve():
    found = published({"one": (20, [3] * 5 + [None] * 4), "two": (20, SLOW)})
    assert found["unit"].unique().sort().to_list() == ["all", "two"]


def test_an_indicator_that_awaits_nothing_has_none():
    assert published({"one": (20, SLOW)}, SimpleNamespace(**vars(ONE) | {"awaits": ""})).is_empty()

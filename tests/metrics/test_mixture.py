"""How much of a movement is the units' own and how much is work that moves between them: worked by hand."""

from datetime import date, timedelta

import polars as pl
import pytest

from metrics.indicator import indicators
from metrics.mixture import kitagawa, mixtures

WEEK = date(2026, 3, 2)
UNITS = pl.DataFrame(
    [("acme", None, "Acme"), ("pay", "acme", "Payments"), ("ops", "acme", "Ops")],
    schema=["unit", "parent", "name"],
    orient="row",
)


def parts(*rows):
    return pl.DataFrame(rows, schema=["child", "before", "now", "n_before", "n_now"], orient="row")


def test_kitagawa_by_hand():
    """Half and half at 60 and 20: 40. Then a quarter at 50 and three quarters at 20: 27.5, 12.5 less.

    Own change: (1/2 + 1/4) / 2 x (50 - 60) = -3.75. Mix: the mean whole is 33.75, the first is 21.25 above it and
    loses a quarter, -5.3125; the second is 13.75 below it and gains a quarter, -3.4375.
    """
    found = kitagawa(parts(("a", 60.0, 50.0, 100.0, 100.0), ("b", 20.0, 20.0, 100.0, 300.0)))
    assert found["rate"].to_list() == pytest.approx([-3.75, 0.0])
    assert found["mix"].to_list() == pytest.approx([-5.3125, -3.4375])
    assert found["rate"].sum() + found["mix"].sum() == pytest.approx(-12.5)


def test_a_unit_that_is_new_or_gone_is_all_mix():
    found = kitagawa(parts(("a", 60.0, 60.0, 100.0, 100.0), ("b", None, 20.0, 0.0, 100.0)))
    assert found["rate"].to_list() == pytest.approx([0, 0])
    assert found["mix"].sum() == pytest.approx(-20)


def cell(unit, back, value, n, **facts):
    known = {"indicator": "knowledge_reuse", "unit": unit, "week": WEEK - timedelta(weeks=4 * back), "state": "shown"}
    return known | {"value": value, "n": n} | facts


def cells(pay=((60.0, 100), (50.0, 100)), ops=((20.0, 100), (20.0, 100)), own=0, **facts):
    """Three windows before and one now, of two units and of both together; `own` are events of the whole alone."""
    rows = []
    for back in range(4):
        now = back == 0
        both = [side[1 if now else 0] for side in (pay, ops)]
        many = sum(n for _, n in both) + own
        rows += [cell(unit, back, *one, **facts) for unit, one in zip(("pay", "ops"), both, strict=True)]
        rows += [cell("acme", back, sum(value * n for value, n in both) / many, many)]
    return pl.DataFrame(rows, infer_schema_length=None)


def told(frame, **facts):
    row = {"indicator": "knowledge_reuse", "unit": "acme", "verdict": "alarm", "folded": None, "week": WEEK}
    row |= {"since": WEEK - timedelta(weeks=3), "began": None} | facts
    rows = pl.DataFrame([row], schema_overrides={"folded": pl.String, "began": pl.Date})
    return mixtures(rows, frame, UNITS, indicators())[0]


def test_the_unit_that_fell_is_named_with_its_part():
    assert told(cells()) == "Of the fall of 5 points, 5 come from Payments."


def test_work_that_moves_is_told_apart_from_numbers_that_move():
    assert told(cells(ops=((20.0, 100), (20.0, 300)))) == (
        "Of the fall of 12.5 points, 3.8 come from Payments and 8.8 come from more of the work being where it is low."
    )


def test_a_shift_of_work_alone_is_no_fall_of_any_unit():
    assert told(cells(pay=((60.0, 100), (60.0, 100)), ops=((20.0, 100), (20.0, 300)))) == (
        "Of the fall of 10 points, 10 come from more of the work being where it is low."
    )


def test_what_held_it_back_is_said():
    assert told(cells(pay=((60.0, 100), (40.0, 100)), ops=((20.0, 100), (26.0, 100)))) == (
        "Of the fall of 7 points, 10 come from Payments; held back by Ops (3)."
    )


def test_where_a_unit_below_is_hidden_nothing_is_split():
    hidden = pl.col("unit") == "ops"
    frame = cells().with_columns(state=pl.when(hidden).then(pl.lit("hidden")).otherwise("state"))
    assert told(frame) == ""
    gone = frame.with_columns(pl.when(~hidden).then(name).alias(name) for name in ("value", "n"))
    assert told(gone) == ""
    assert told(cells().filter(~hidden)) == ""


def test_where_the_units_below_are_not_the_whole_nothing_is_split():
    assert told(cells(own=40)) == ""
    assert told(cells(own=4)) != ""


def test_only_alarms_that_stand_for_themselves_are_split():
    assert told(cells(), verdict="watch") == told(cells(), folded="acme") == told(cells(), unit="pay") == ""
    assert told(cells(), since=None) == ""
    assert told(cells(), began=WEEK - timedelta(weeks=200)) == ""


def test_a_rate_is_weighed_by_what_it_is_counted_over():
    """Ten and 20 events in 100 each, then 10 and 40: from 15 to 25 in a hundred, all of it the second's."""
    one = next(one.name for one in indicators().values() if one.kind == "rate")
    frame = pl.DataFrame(
        [
            cell(unit, back, value, n, indicator=one)
            for back in (0, 1)
            for unit, value, n in (
                ("pay", 10.0, 10),
                ("ops", *((40.0, 40), (20.0, 20))[back]),
                ("acme", *((25.0, 50), (15.0, 30))[back]),
            )
        ]
    )
    assert "Of the rise of 10" in told(frame, indicator=one)
    assert "10 come from Ops." in told(frame, indicator=one)

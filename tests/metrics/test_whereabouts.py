"""What an alarm adds of where else it shows, from a handful of verdicts."""

from datetime import date
from types import SimpleNamespace

import polars as pl

from metrics.whereabouts import whereabouts

NAMES = {"reuse": SimpleNamespace(title="Knowledge reuse"), "links": SimpleNamespace(title="Link rate")}


def row(unit, parent, **facts):
    known = {"indicator": "reuse", "verdict": "alarm", "side": "worse", "state": "shown", "strength": -1.0}
    known |= {"since": date(2026, 3, 2), "folded": None}
    return {"unit": unit, "name": unit.title(), "parent": parent} | known | facts


def told(*rows):
    frame = pl.DataFrame(list(rows), infer_schema_length=None, schema_overrides={"folded": pl.String})
    return whereabouts(frame, NAMES)[0]


def test_units_below_that_moved_the_same_way_are_named_strongest_first():
    weak, strong = row("desk", "care", folded="care"), row("field", "care", folded="care", strength=-2.0)
    assert told(row("care", None), weak, strong) == "Below it most in Field and Desk."


def test_who_moved_the_other_way_or_is_hidden_is_not_named():
    other, hidden = row("desk", "care", side="better"), row("field", "care", state="hidden", folded="care")
    assert told(row("care", None), other, hidden) == ""


def test_a_unit_below_that_moved_first_is_named_with_its_week():
    before = row("desk", "care", verdict="watch", since=date(2026, 2, 2))
    expected = "Below it most in Desk. Desk moved first, in the week of 2 February 2026."
    assert told(row("care", "all"), before) == expected


def test_a_unit_beside_it_is_not_named_for_not_everybody_may_see_it():
    assert told(row("care", "all"), row("ops", "all", since=date(2026, 2, 2))) == ""


def test_what_else_moved_there_is_named_with_its_side():
    assert told(row("care", None), row("care", None, indicator="links", side="better")) == (
        "Also moving there: Link rate (better)."
    )


def test_a_watch_and_what_is_folded_add_nothing():
    below = row("desk", "care", folded="x")
    assert told(row("care", None, verdict="watch"), below) == ""
    assert told(row("care", None, folded="x"), below) == ""

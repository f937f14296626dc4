"""What an alarm adds of where else it shows, from a handful of verdicts."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import polars as pl
import pytest

from metrics.indicator import indicators
from metrics.paired import check_pairs
from metrics.whereabouts import whereabouts

NAMES = {
    "reuse": SimpleNamespace(title="Knowledge reuse", better="up", paired=None),
    "links": SimpleNamespace(title="Link rate", better="up", paired=None),
}


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


def checked(way, better, *rows):
    names = {
        "reuse": SimpleNamespace(title="Knowledge reuse", better="up", paired=("slow", way)),
        "slow": SimpleNamespace(title="Slow answers", better=better, paired=None),
    }
    frame = pl.DataFrame(list(rows), infer_schema_length=None, schema_overrides={"folded": pl.String})
    return whereabouts(frame, names)[0]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"verdict": "ok", "side": ""}, "Slow answers, which should rise too, have not moved."),
        ({"side": "worse"}, "Slow answers, which should rise too, have moved too."),
        ({"side": "better"}, "Slow answers, which should rise too, have moved the other way."),
        ({"side": "worse", "verdict": "watch"}, "Slow answers, which should rise too, have perhaps moved too."),
        ({"verdict": "unknown"}, "Slow answers, which should rise too, cannot be checked: they are unknown."),
        ({"state": "hidden"}, "Slow answers, which should rise too, cannot be checked: they are unknown."),
    ],
)
def test_whether_what_should_move_too_has(facts, words):
    assert checked("opposite", "down", row("care", None), row("care", None, indicator="slow", **facts)).endswith(words)


def test_what_should_move_too_is_asked_in_the_same_unit_and_to_the_side_that_fits():
    other = row("desk", "care", indicator="slow")
    assert "should fall too, cannot be checked" in checked("same", "down", row("care", None), other)


def test_of_what_is_known_nowhere_nothing_is_said():
    assert checked("same", "down", row("care", None)) == ""


def test_every_pair_of_the_catalogue_is_another_judged_indicator():
    found = indicators()
    paired = {name: one.paired[0] for name, one in found.items() if one.paired}
    assert len(paired) > 25
    assert all(found[other].judged and other != name for name, other in paired.items())


def test_a_pair_that_is_not_there_is_refused():
    one = indicators()["lead_time"]
    for wrong in (("nothing", "same"), ("lead_time", "same"), ("help_seeking", "same"), ("reopened_work", "sideways")):
        with pytest.raises(TypeError, match="lead_time is paired"):
            check_pairs(indicators() | {"lead_time": replace(one, paired=wrong)})


def test_a_watch_and_what_is_folded_add_nothing():
    below = row("desk", "care", folded="x")
    assert told(row("care", None, verdict="watch"), below) == ""
    assert told(row("care", None, folded="x"), below) == ""

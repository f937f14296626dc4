"""History from a source that tells only of today: who moved, left and came back, and when nobody is said to have."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from connectors.membership import kept
from connectors.rules import fit
from connectors.tables import TABLES

PEOPLE, UNITS = TABLES["people"], TABLES["units"]


def day(number, month=3):
    return date(2026, month, number)


class Directory:
    """What is held, after any number of reads."""

    def __init__(self, table=PEOPLE):
        self.table, self.held, self.doubt = table, fit(table, pl.DataFrame(schema=table.dtypes)), ""
        self.refused = []

    def read(self, when, *rows, first=None):
        now = datetime(when.year, when.month, when.day, 6, tzinfo=UTC)
        names = {"source": "hr", "valid_from": None, "changed": now}
        page = fit(self.table, pl.DataFrame([{**names, **row} for row in rows], schema=self.table.dtypes))
        found = kept(self.table, page, self.held.select(list(self.table.dtypes)), now, first)
        self.doubt, self.refused = found.doubt, found.rows.filter(pl.col("refused").is_not_null())["refused"].to_list()
        fine = found.rows.filter(pl.col("refused").is_null())
        rest = self.held.join(fine, on=self.table.key, how="anti")
        self.written = fine.height
        self.held = pl.concat([rest, fine.filter(~pl.col("gone")).select(rest.columns)])
        return self

    def stays(self):
        """(who, unit, since, until, left) of every membership."""
        return self.held.sort("person", "valid_from").select("person", "unit", "valid_from", "valid_to", "left").rows()


def ann(unit="Blue", **more):
    return {"person": "ann", "unit": unit, **more}


def bob(unit="Blue", **more):
    return {"person": "bob", "unit": unit, **more}


def test_whoever_is_first_seen_is_there_since_they_joined_or_since_the_day_of_the_read():
    found = Directory().read(day(2), ann(joined=date(2020, 1, 1)), bob())
    assert found.stays() == [("ann", "Blue", date(2020, 1, 1), None, None), ("bob", "Blue", day(2), None, None)]


def test_reading_the_same_again_writes_nothing():
    assert Directory().read(day(2), ann(), bob()).read(day(3), ann(), bob()).written == 0


def test_another_unit_ends_the_membership_and_begins_another():
    found = Directory().read(day(2), ann()).read(day(9), ann("Red"))
    assert found.stays() == [("ann", "Blue", day(2), day(9), None), ("ann", "Red", day(9), None, None)]


@pytest.mark.parametrize("trait", ["manager", "role", "site"])
def test_another_manager_role_or_place_is_another_membership(trait):
    found = Directory().read(day(2), ann(**{trait: "x"})).read(day(9), ann(**{trait: "y"}))
    assert found.held.sort("valid_from").select(trait, "valid_from", "valid_to").rows() == [
        ("x", day(2), day(9)),
        ("y", day(9), None),
    ]


def test_a_move_is_dated_as_the_source_dates_it():
    found = Directory().read(day(2), ann()).read(day(9), ann("Red", valid_from=day(5)))
    assert found.stays() == [("ann", "Blue", day(2), day(5), None), ("ann", "Red", day(5), None, None)]


def test_two_moves_on_one_day_are_one():
    found = Directory().read(day(2), ann()).read(day(9), ann("Red")).read(day(9), ann("Green"))
    assert found.stays() == [("ann", "Blue", day(2), day(9), None), ("ann", "Green", day(9), None, None)]


def test_whoever_is_no_longer_listed_left_that_day_and_keeps_what_they_were():
    found = Directory().read(day(2), ann(), bob()).read(day(9), bob())
    assert found.stays() == [("ann", "Blue", day(2), day(9), day(9)), ("bob", "Blue", day(2), None, None)]


def test_whoever_is_said_to_have_left_left_on_the_day_that_is_said():
    found = Directory().read(day(2), ann()).read(day(9), ann("Former staff", left=day(6)))
    assert found.stays() == [("ann", "Blue", day(2), day(6), day(6))]


def test_notice_given_is_an_end_to_come():
    found = Directory().read(day(2), ann()).read(day(9), ann(left=day(31)))
    assert found.stays() == [("ann", "Blue", day(2), day(31), day(31))]


def test_notice_taken_back_is_no_end():
    found = Directory().read(day(2), ann(left=day(31))).read(day(9), ann())
    assert found.stays() == [("ann", "Blue", day(2), None, None)]


def test_whoever_is_missing_from_one_read_was_never_away():
    found = Directory().read(day(2), ann(), bob()).read(day(9), bob()).read(day(10), ann(), bob())
    assert found.stays() == [("ann", "Blue", day(2), None, None), ("bob", "Blue", day(2), None, None)]


def test_whoever_comes_back_after_two_weeks_begins_anew():
    found = Directory().read(day(2), ann(), bob()).read(day(3), bob()).read(day(20), ann(), bob())
    assert found.stays()[:2] == [("ann", "Blue", day(2), day(3), day(3)), ("ann", "Blue", day(20), None, None)]


def test_whoever_is_hired_anew_begins_anew_at_once():
    first = Directory().read(day(2), ann(joined=date(2020, 1, 1)), bob()).read(day(3), bob())
    found = first.read(day(6), ann(joined=day(5)), bob())
    assert found.stays()[:2] == [("ann", "Blue", date(2020, 1, 1), day(3), day(3)), ("ann", "Blue", day(5), None, None)]


def test_a_list_of_former_staff_changes_nothing_every_day():
    left = ann(joined=date(2020, 1, 1), left=date(2021, 1, 1))
    found = Directory().read(day(2), left).read(day(3), left)
    assert (found.stays(), found.written) == (
        [("ann", "Blue", date(2020, 1, 1), date(2021, 1, 1), date(2021, 1, 1))],
        0,
    )


def test_whoever_left_nobody_knows_since_when_is_kept_aside():
    found = Directory().read(day(2), ann(left=date(2021, 1, 1)))
    assert (found.stays(), found.refused) == ([], ["valid_from|nullability"])


def test_whoever_is_suddenly_in_no_unit_is_kept_aside_and_has_not_left():
    found = Directory().read(day(2), ann(), bob()).read(day(9), ann(None), bob())
    assert (found.stays()[0], found.refused) == (("ann", "Blue", day(2), None, None), ["unit|nullability"])


def test_whoever_was_to_begin_and_never_did_leaves_no_trace():
    found = Directory().read(day(2), ann(), bob(joined=day(30))).read(day(9), ann())
    assert found.stays() == [("ann", "Blue", day(2), None, None)]


def test_whoever_is_seen_and_gone_on_the_same_day_leaves_no_trace():
    assert Directory().read(day(2), ann(), bob()).read(day(2), bob()).stays() == [("bob", "Blue", day(2), None, None)]


def test_an_empty_read_ends_nobody():
    found = Directory().read(day(2), ann(), bob()).read(day(9))
    assert [one[3] for one in found.stays()] == [None, None]
    assert found.doubt == "2 of 2 people are no longer listed; none was ended"


def crowd(size):
    return [{"person": f"p{i}", "unit": "Blue"} for i in range(size)]


def test_when_most_are_missing_nobody_is_said_to_have_left():
    found = Directory().read(day(2), *crowd(60)).read(day(9), *crowd(29))
    assert found.held["left"].null_count() == 60
    assert found.doubt == "31 of 60 people are no longer listed; none was ended"


def test_when_half_are_missing_they_have_left():
    found = Directory().read(day(2), *crowd(60)).read(day(9), *crowd(30))
    assert (found.held["left"].null_count(), found.doubt) == (30, "")


def test_of_two_words_in_one_read_the_newest_counts_whatever_their_order():
    old = ann("Red", changed=datetime(2026, 3, 1, tzinfo=UTC))
    for rows in ([ann(), old], [old, ann()]):
        assert Directory().read(day(2), *rows).stays() == [("ann", "Blue", day(2), None, None)]


def blue(**more):
    return {"unit": "blue", "name": "Blue", **more}


def red(**more):
    return {"unit": "red", "name": "Red", **more}


def test_a_unit_that_is_renamed_or_moved_is_dated_like_a_person():
    units = Directory(UNITS).read(day(2), blue(), red()).read(day(9), blue(name="Sky"), red(parent="blue"))
    assert units.held.sort("unit", "valid_from").select("unit", "parent", "name", "valid_from", "valid_to").rows() == [
        ("blue", None, "Blue", day(2), day(9)),
        ("blue", None, "Sky", day(9), None),
        ("red", None, "Red", day(2), day(9)),
        ("red", "blue", "Red", day(9), None),
    ]


def test_a_unit_that_is_closed_keeps_its_days_and_units_begin_with_the_first_of_their_people():
    first = date(2020, 1, 1)
    units = Directory(UNITS).read(day(2), blue(), red(), first=first).read(day(9), blue())
    assert units.held.sort("unit").select("unit", "valid_from", "valid_to").rows() == [
        ("blue", first, None),
        ("red", first, day(9)),
    ]


def test_whoever_left_did_so_once():
    found = Directory().read(day(2), ann(), bob()).read(day(9), bob()).read(day(10), bob())
    assert found.stays()[0] == ("ann", "Blue", day(2), day(9), day(9))


def test_another_unit_before_the_first_day_is_a_correction():
    found = Directory().read(day(2), ann(joined=day(30))).read(day(9), ann("Red", joined=day(30)))
    assert found.stays() == [("ann", "Red", day(30), None, None)]

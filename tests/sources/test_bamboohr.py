"""Memberships out of BambooHR's history of jobs: what ends when, and who is whose manager."""

from datetime import date

import polars as pl

from connectors.sources.bamboohr import memberships

KINDS = {"person": pl.String, "unit": pl.String, "manager": pl.String, "boss": pl.String, "called": pl.String}
REST = {"role": pl.String, "site": pl.String, "kind": pl.String, "row": pl.Int64, "changed": pl.Datetime("us", "UTC")}
DAYS = dict.fromkeys(("joined", "left", "valid_from"), pl.Date)


def stays(*rows):
    found = memberships(pl.DataFrame(rows, {**KINDS, **REST, **DAYS})).sort("person", "valid_from")
    return found.select("person", "unit", "manager", "valid_from", "valid_to").rows()


def now(person, unit, **more):
    return {"kind": "now", "person": person, "unit": unit, **more}


def job(person, unit, since, boss=None, row=1):
    return {"kind": "job", "person": person, "unit": unit, "valid_from": date(2024, since, 1), "boss": boss, "row": row}


def end(person, month):
    return {"kind": "end", "person": person, "valid_from": date(2024, month, 1)}


def month(number):
    return date(2024, number, 1)


def test_a_job_lasts_until_the_next():
    found = stays(now("1", "Red"), job("1", "Red", 6), job("1", "Blue", 2))
    assert found == [("1", "Blue", None, month(2), month(6)), ("1", "Red", None, month(6), None)]


def test_the_manager_of_before_is_found_by_a_name_that_only_one_has():
    others = [now("2", "Blue", called="Cat"), now("3", "Blue", called="Dan"), now("4", "Blue", called="Dan")]
    found = stays(
        now("1", "Red", manager="4"),
        job("1", "Blue", 2, "Cat"),
        job("1", "Blue", 4, "Dan"),
        job("1", "Red", 6),
        *others,
    )
    assert [one[2] for one in found if one[0] == "1"] == ["2", None, "4"]


def test_who_left_and_came_back_was_away_in_between():
    found = stays(now("1", "Red"), job("1", "Blue", 2), end("1", 4), job("1", "Red", 8))
    assert found == [("1", "Blue", None, month(2), month(4)), ("1", "Red", None, month(8), None)]


def test_who_has_left_is_a_member_no_longer():
    assert stays(now("1", "Blue", left=month(9)), job("1", "Blue", 2)) == [("1", "Blue", None, month(2), month(9))]


def test_of_two_jobs_on_one_day_the_later_row_counts():
    assert stays(now("1", "Red"), job("1", "Red", 2, row=11), job("1", "Blue", 2, row=9))[0][1] == "Red"


def test_who_has_no_job_on_record_is_where_they_are_since_hired():
    assert stays(now("1", "Blue", joined=month(3), manager="2")) == [("1", "Blue", "2", month(3), None)]

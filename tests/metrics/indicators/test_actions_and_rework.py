"""Actions completed and reopened work: what is done, what only looks done, and what came back."""

from datetime import date

import pytest

from metrics.weeks import Calendar
from tests.metrics.facts import CALENDAR, MONDAY, at, evidence, reading


def ticket(name="1", kind="action", **known):
    place = {"source": "desk", "unit": "east", "assignee": f"p{name}", "opened": at(0)}
    return {"ticket": name, "kind": kind} | place | known


ENDED = {"ticket": "other", "source": "desk", "kind": "incident", "opened": at(0), "resolved": at(0)}


def actions(*tickets, calendar=CALENDAR):
    found = evidence("action_completion", calendar, tickets=[*tickets, ENDED])
    return [(r["bucket"], r["done"], r["waiting"]) for r in found.rows(named=True)]


def reopened(*tickets, calendar=CALENDAR):
    found = evidence("reopened_work", calendar, tickets=list(tickets))
    return [(r["week"], r["part"], r["whole"]) for r in found.rows(named=True)]


@pytest.mark.parametrize(
    ("known", "row"),
    [
        ({"resolved": at(10)}, (10, 1, 0)),
        ({"resolved": at(9, 10)}, (10, 1, 0)),
        ({"closed": at(10)}, (10, 1, 0)),
        ({"resolved": at(30)}, (30, 1, 0)),
        ({"resolved": at(30, 10)}, (30, 0, 1)),
        ({}, (30, 0, 1)),
        ({"resolved": at(10), "outcome": "declined"}, (30, 0, 1)),
        ({"resolved": at(10), "outcome": "fixed"}, (10, 1, 0)),
        ({"resolved": at(10), "reopened": at(12)}, (30, 0, 1)),
        ({"resolved": at(12), "reopened": at(11)}, (12, 1, 0)),
    ],
)
def test_an_action_is_done_when_it_was_resolved_and_stayed_so(known, row):
    assert actions(ticket(**known)) == [row]


def test_a_young_action_has_waited_its_age():
    assert actions(ticket(), calendar=Calendar(today=date(2026, 9, 17))) == [(9, 0, 1)]


def test_the_share_done_by_day_thirty_is_unknown_while_nobody_is_that_old():
    tickets = [ticket(str(n), resolved=at(3)) for n in range(10)] + [ticket(str(n)) for n in range(10, 20)]
    assert reading("action_completion", Calendar(today=date(2026, 9, 28)), tickets=tickets)[0]["value"] is None
    assert reading("action_completion", tickets=tickets)[0]["value"] == pytest.approx(50.0)


def test_where_a_source_never_tells_of_an_end_nothing_is_known_and_it_is_not_nought():
    found = evidence("action_completion", tickets=[ticket(), ENDED | {"source": "other desk"}])
    assert found.is_empty()


def test_other_work_is_no_action():
    assert actions(ticket(kind="incident", resolved=at(1))) == []


@pytest.mark.parametrize(
    ("known", "part"),
    [
        ({"reopened": at(32), "reopenings": 1}, 1),
        ({"reopened": at(33), "reopenings": 1}, 0),
        ({"reopened": at(1), "reopenings": 1}, 1),
        ({"reopenings": 2}, 1),
        ({"reopenings": 0}, 0),
    ],
)
def test_what_came_back_within_thirty_days_of_closing_counts(known, part):
    assert reopened(ticket(kind="incident", closed=at(2), **known)) == [(MONDAY, part, 1)]


def test_it_counts_in_the_week_of_its_closing_else_of_its_resolution():
    told = {"kind": "request", "reopenings": 0}
    assert reopened(ticket(**told, resolved=at(2), closed=at(7))) == [(date(2026, 9, 14), 0, 1)]
    assert reopened(ticket(**told, resolved=at(2)), ticket("2", **told)) == [(MONDAY, 0, 1)]


@pytest.mark.parametrize("kind", ["action", "experiment", "review"])
def test_work_to_improve_is_left_out(kind):
    assert reopened(ticket(kind=kind, closed=at(2), reopenings=1)) == []


def test_a_source_that_tells_nothing_of_reopenings_is_unknown_not_nought():
    silent = ticket("2", "incident", source="silent", closed=at(2))
    assert reopened(silent) == []
    assert reopened(silent, ticket("1", "incident", closed=at(2), reopenings=1)) == [(MONDAY, 1, 1)]


def test_a_reopening_that_has_not_happened_yet_is_not_known():
    back = ticket(kind="incident", closed=at(2), reopened=at(9))
    ever = ticket("2", "incident", closed=at(2), reopenings=0)
    assert reopened(back, ever, calendar=Calendar(today=date(2026, 9, 14))) == [(MONDAY, 0, 2)]
    assert reopened(back, ever) == [(MONDAY, 1, 2)]

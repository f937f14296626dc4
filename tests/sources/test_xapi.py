"""What is special in statements of learning: attempts told in pieces, groups, what is voided, four kinds of names."""

import json
from datetime import UTC, datetime, timedelta

import contract
import polars as pl
import pytest

from connectors.people import Pseudonyms
from connectors.sources.xapi import xapi
from connectors.vendors.statements import minutes

LESSON = "https://lms.example.org/lesson/1"
COURSE = "https://lms.example.org/course/7"
ANN = {"mbox": "mailto:Ann@example.org"}
HISTORY = json.dumps(ANN)
TOKEN = Pseudonyms(contract.KEY).token("person", "ann@example.org")


def said(number, verb, at, actor=ANN, activity=LESSON, **more):
    return {
        "id": f"00000000-0000-4000-8000-{number:012}",
        "actor": actor,
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
        "object": {"id": activity},
        "timestamp": f"2026-03-{at}Z",
        "stored": f"2026-03-{at}Z",
        **more,
    }


def voids(number, other, at):
    about = {"objectType": "StatementRef", "id": f"00000000-0000-4000-8000-{other:012}"}
    return {**said(number, "voided", at), "object": about}


def page(found, **query):
    return {"path": "/statements", "query": query, "body": {"statements": found, "more": ""}}


class Store:
    """A store that answers with what is given, and what a sync makes of it."""

    def __init__(self, folder, replies, **settings):
        self.folder, self.replies, self.settings = folder, replies, settings

    def sync(self):
        with contract.replaying(self.replies) as url:
            source = xapi("xapi", {"url": url, "user": "u", "password": "p", **self.settings})
            rehearsal = contract.Rehearsal(source, self.folder)
            rehearsal.sync()
        assert set(rehearsal.memory.runs()["state"]) == {"done"}, rehearsal.memory.runs()["words"].to_list()
        return rehearsal.lake.scan("learning").collect()


def read(folder, *found, **settings):
    return Store(folder, [page(found)], **settings).sync()


def test_what_began_on_one_day_and_ended_on_another_is_one_record(tmp_path):
    found = read(tmp_path, said(1, "initialized", "02T09:00:00"), said(2, "completed", "04T09:00:00"))
    assert found["person"].to_list() == [TOKEN]
    assert found.select("started", "done", "minutes", "mode", "course").row(0) == (
        datetime(2026, 3, 2, 9, tzinfo=UTC),
        datetime(2026, 3, 4, 9, tzinfo=UTC),
        None,  # two days from start to end are no two days of learning
        "digital",
        LESSON,
    )


def test_the_end_of_a_course_that_began_before_the_last_read_keeps_its_start(tmp_path):
    begun, ended = said(1, "initialized", "02T09:00:00"), said(2, "completed", "04T09:00:00")
    store = Store(tmp_path, [page([begun])])
    assert store.sync()["done"].to_list() == [None]
    store.replies[:] = [page([begun, ended], agent=HISTORY), page([ended])]
    found = store.sync()
    assert found["started"].to_list() == [datetime(2026, 3, 2, 9, tzinfo=UTC)]
    assert found["done"].to_list() == [datetime(2026, 3, 4, 9, tzinfo=UTC)]


def test_a_completion_that_is_voided_later_is_no_longer_done(tmp_path):
    begun, ended = said(1, "initialized", "02T09:00:00"), said(2, "completed", "02T09:30:00")
    store = Store(tmp_path, [page([begun, ended])])
    assert store.sync()["minutes"].to_list() == [30]
    kept_apart = {"path": "/statements", "query": {"voidedStatementId": ended["id"]}, "body": ended}
    store.replies[:] = [kept_apart, page([begun], agent=HISTORY), page([voids(3, 2, "05T09:00:00")])]
    found = store.sync()
    assert found.select("done", "minutes").rows() == [(None, None)]


def test_a_record_of_which_all_is_voided_goes(tmp_path):
    ended = said(1, "completed", "02T09:30:00")
    store = Store(tmp_path, [page([ended])])
    assert store.sync().height == 1
    kept_apart = {"path": "/statements", "query": {"voidedStatementId": ended["id"]}, "body": ended}
    store.replies[:] = [kept_apart, page([], agent=HISTORY), page([voids(2, 1, "05T09:00:00")])]
    assert store.sync().height == 0


def test_voiding_what_nobody_knows_stops_nothing(tmp_path):
    ended, lost = said(1, "completed", "02T09:30:00"), {"status": 404, "body": {"error": "not found"}}
    replies = [{"path": "/statements", "query": {param: said(9, "", "")["id"]}, **lost} for param in ("statementId",)]
    replies += [{**replies[0], "query": {"voidedStatementId": said(9, "", "")["id"]}}]
    replies += [page([ended], agent=HISTORY), page([ended, voids(2, 9, "05T09:00:00")])]
    store = Store(tmp_path, replies)
    store.sync()
    assert store.sync().height == 1


def test_every_member_of_a_group_has_the_record(tmp_path):
    group = {"objectType": "Group", "member": [ANN, {"openid": "https://id.example.org/ben"}]}
    assert read(tmp_path, said(1, "attended", "02T09:00:00", group))["mode"].to_list() == ["human", "human"]


def test_a_second_registration_is_a_second_record(tmp_path):
    first, second = ({"context": {"registration": f"1111111{n}-1111-4111-8111-111111111111"}} for n in (1, 2))
    found = read(tmp_path, said(1, "passed", "02T09:00:00", **first), said(2, "passed", "03T09:00:00", **second))
    assert found.height == 2


def test_a_lesson_belongs_to_the_course_above_it_and_has_its_skill(tmp_path):
    above = {"context": {"contextActivities": {"parent": [{"id": COURSE}]}}}
    found = read(tmp_path, said(1, "completed", "02T09:00:00", **above), skills={LESSON: "selling"})
    assert found.select("course", "skill").row(0) == (COURSE, "selling")


def test_playing_a_video_is_neither_begun_nor_done(tmp_path):
    assert read(tmp_path, said(1, "played", "02T09:00:00")).height == 0


def test_a_late_statement_that_is_no_verb_of_ours_but_says_completion_is_done(tmp_path):
    found = read(tmp_path, said(1, "answered", "02T09:00:00", result={"completion": True, "duration": "PT1H"}))
    assert found["started"].to_list() == [found["done"][0] - timedelta(hours=1)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT30M", 30),
        ("P1DT2H30M30S", 1590.5),
        ("PT90.6S", 1.51),
        ("P2W", 20160),
        ("P1M", 0),
        ("soon", None),
        (None, None),
    ],
)
def test_durations_are_minutes_and_a_month_has_no_length(text, expected):
    found = pl.DataFrame({"d": [text]}, {"d": pl.String}).select(minutes("d")).item()
    assert found == pytest.approx(expected) if expected is not None else found is None

"""Zendesk: what is deleted goes with all that is its, a merge is a duplicate, the end is where Zendesk says so."""

from contextlib import contextmanager
from datetime import UTC, datetime

import contract
import pytest

from connectors.source import KINDS
from connectors.sources import zendesk as _registered  # noqa: F401 registers it

GROUPS = {"path": "/api/v2/groups.json", "body": {"groups": [{"id": 70, "name": "Blue"}], "meta": {}}}
USERS = {"path": "/api/v2/incremental/users/cursor.json", "body": {"users": [], "end_of_stream": True}}
OPENED = "2026-03-02T09:00:00Z"


def ticket(number, **more):
    return {"id": number, "status": "open", "created_at": OPENED, "generated_timestamp": 1772445600, **more}


def tickets(*found):
    path, end = "/api/v2/incremental/tickets/cursor.json", {"after_url": "URL/api/v2/again", "end_of_stream": True}
    return {"path": path, "body": {"tickets": list(found), **end}}


def events(*found):
    path, end = "/api/v2/incremental/ticket_events.json", {"next_page": "URL/api/v2/again", "end_of_stream": True}
    return {"path": path, "body": {"ticket_events": list(found), **end}}


@contextmanager
def desk(folder, *replies):
    with contract.replaying([GROUPS, USERS, *replies]) as url:
        settings = {"url": url, "email": "reader@example.org", "token": "t", "articles": False}
        yield contract.Rehearsal(KINDS["zendesk"]("zendesk", settings), folder)


def rows(rehearsal, table, *columns):
    assert set(rehearsal.memory.runs()["state"]) == {"done"}, "an address given at the end was followed"
    return sorted(rehearsal.lake.scan(table).select(columns).collect().rows())


def test_a_deleted_ticket_goes_with_its_moves(tmp_path):
    with desk(tmp_path, tickets(ticket(1), ticket(2)), events()) as rehearsal:
        rehearsal.sync()
        assert rows(rehearsal, "ticket_moves", "ticket") == [("zendesk:1",), ("zendesk:2",)]
    gone = ticket(2, status="deleted", generated_timestamp=1772532000)
    with desk(tmp_path, tickets(gone), events()) as rehearsal:
        rehearsal.sync()
        assert rows(rehearsal, "tickets", "ticket") == [("zendesk:1",)]
        assert rows(rehearsal, "ticket_moves", "ticket") == [("zendesk:1",)]


def test_a_ticket_closed_by_a_merge_is_a_duplicate(tmp_path):
    merged = ticket(1, status="closed", tags=["vip", "closed_by_merge"])
    with desk(tmp_path, tickets(merged, ticket(2, status="solved")), events()) as rehearsal:
        assert rows(rehearsal.sync(), "tickets", "ticket", "outcome") == [
            ("zendesk:1", "duplicate"),
            ("zendesk:2", "resolved"),
        ]


def test_the_first_reply_is_counted_from_the_opening(tmp_path):
    metrics = {"reply_time_in_minutes": {"calendar": 90}, "reopens": 2, "solved_at": "2026-03-04T09:00:00Z"}
    with desk(tmp_path, tickets(ticket(1, metric_set=metrics, group_id=70)), events()) as rehearsal:
        (found,) = rows(rehearsal.sync(), "tickets", "unit", "answered", "reopenings", "resolved")
    assert found == ("Blue", datetime(2026, 3, 2, 10, 30, tzinfo=UTC), 2, None)


@pytest.mark.parametrize(
    ("child", "action"),
    [
        ({"event_type": "Comment", "comment_public": False}, "commented"),
        ({"event_type": "Change", "status": "solved", "previous_value": "open"}, "resolved"),
        ({"event_type": "Change", "status": "open", "previous_value": "new"}, "moved"),
        ({"event_type": "Change", "assignee_id": 3}, "assigned"),
        ({"event_type": "Change", "assignee_id": "3"}, "assigned"),
    ],
)
def test_what_happened_is_told_by_what_an_event_holds(tmp_path, child, action):
    event = {"id": 10, "ticket_id": 1, "timestamp": 1772445600, "updater_id": 3, "child_events": [{"id": 11, **child}]}
    with desk(tmp_path, tickets(), events(event)) as rehearsal:
        assert rows(rehearsal.sync(), "ticket_moves", "action") == [(action,)]


def test_a_change_of_tags_is_no_move(tmp_path):
    child = {"id": 11, "event_type": "Change", "tags": ["a"], "previous_value": []}
    event = {"id": 10, "ticket_id": 1, "timestamp": 1772445600, "updater_id": 3, "child_events": [child]}
    with desk(tmp_path, tickets(), events(event)) as rehearsal:
        assert rows(rehearsal.sync(), "ticket_moves", "action") == []

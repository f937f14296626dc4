"""What is special about GitLab: two lists for each issue, numbers twice, and reviews without a name."""

from datetime import UTC, datetime

import contract
import httpx2
import pytest

from connectors.errors import Refused
from connectors.source import kinds

HOME = "/api/v4/projects/7"


def day(number, hour=0):
    return datetime(2026, 3, number, hour, tzinfo=UTC)


@pytest.fixture
def recorded(tmp_path):
    with contract.recorded("gitlab", tmp_path) as source:
        yield contract.Rehearsal(source, tmp_path / "store").sync().lake


def ticket(lake, name):
    return lake.scan("tickets").collect().filter(ticket=name).row(0, named=True)


def test_an_issue_and_a_merge_request_of_the_same_number_are_two_tickets(recorded):
    one, two = (ticket(recorded, f"gitlab:{word}-501") for word in ("issue", "merge"))
    assert (one["kind"], two["kind"]) == ("incident", "change")
    assert (one["outcome"], two["outcome"]) == (None, "merged")


def test_an_issue_is_answered_by_the_first_note_of_another_that_all_may_read(recorded):
    one = ticket(recorded, "gitlab:issue-501")
    assert (one["answered"], one["reopened"], one["reopenings"]) == (day(2, 10), day(5, 10), 1)


def test_an_issue_closed_as_a_duplicate_is_one_and_gitlabs_own_incidents_are_incidents(recorded):
    two = ticket(recorded, "gitlab:issue-502")
    assert (two["kind"], two["outcome"], two["answered"]) == ("incident", "duplicate", None)


def test_approvals_and_notes_of_others_on_the_code_are_reviews(recorded):
    moves = recorded.scan("ticket_moves").collect().filter(ticket="gitlab:merge-501")
    assert dict(moves["action"].value_counts().rows()) == {"opened": 1, "reviewed": 2, "commented": 1, "resolved": 1}
    ties = recorded.scan("ties_seen").collect().sort("seen")
    assert ties.select("kind", "seen", "channel").rows() == [
        ("review", day(3, 12), "gitlab:merge-501"),
        ("review", day(3, 15), "gitlab:merge-501"),
    ]


def test_a_bot_is_who_says_so_of_itself_whatever_the_name(recorded):
    accounts = recorded.scan("accounts").collect()
    assert sorted(accounts["kind"]) == ["bot", "person", "person"]
    assert sorted(accounts["active"]) == [False, True, True]


def test_a_project_is_named_by_its_path_and_a_deleted_note_goes(tmp_path):
    issue = {"id": 1, "iid": 1, "state": "opened", "author": {"id": 1}, "user_notes_count": 1,
             "created_at": "2026-03-02T09:00:00Z", "updated_at": "2026-03-02T10:00:00Z"}  # fmt: skip
    note = {"id": 5, "author": {"id": 2}, "system": False, "created_at": "2026-03-02T10:00:00Z", "body": "CANARY"}
    replies = [
        {"path": "/api/v4/projects/acme%2Fweb", "body": {"id": 7, "name": "Web"}},
        {"path": f"{HOME}/members/all", "body": []},
        {"path": f"{HOME}/merge_requests", "body": []},
        {"path": f"{HOME}/issues", "body": [issue]},
        {"path": f"{HOME}/issues/1/resource_state_events", "body": []},
        {"path": f"{HOME}/issues/1/notes", "body": [note]},
    ]
    with contract.replaying(replies) as url:
        source = kinds()["gitlab"]("gitlab", {"url": url, "token": "t", "projects": ["acme/web"]})
        rehearsal = contract.Rehearsal(source, tmp_path).sync()
        assert rehearsal.lake.scan("ticket_moves").collect().height == 2
        replies[-1]["body"] = []
        assert rehearsal.sync().lake.scan("ticket_moves").collect()["action"].to_list() == ["opened"]


def test_what_is_to_be_read_must_be_named():
    with pytest.raises(Refused, match="group or projects"):
        kinds()["gitlab"]("gitlab", {"token": "t"})


def test_a_project_that_has_switched_off_issues_is_not_asked_for_them(tmp_path):
    """GitLab forbids the question (403), which would look like a right that is missing."""
    asked = []

    def answer(request):
        asked.append(request.url.path)
        if request.url.path.endswith("/groups/acme/projects"):
            off = {"id": 7, "name": "Web", "issues_access_level": "disabled", "merge_requests_access_level": "enabled"}
            return httpx2.Response(200, json=[off, {"id": 8, "name": "Old"}])
        return httpx2.Response(403 if request.url.path.endswith("/7/issues") else 200, json=[])

    settings = {"token": "t", "group": "acme", "transport": httpx2.MockTransport(answer)}
    source = kinds()["gitlab"]("gitlab", settings)
    assert not any(rows.height for stream in source.streams() for _, rows in contract.given(stream))
    assert {path.rpartition("projects/")[2] for path in asked if path.endswith(("issues", "requests"))} == {
        "8/issues",
        "7/merge_requests",
        "8/merge_requests",
    }

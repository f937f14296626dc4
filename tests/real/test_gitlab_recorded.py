"""Issues, merge requests, notes and members that GitLab gave land whole."""

import contract
from devlake import bodies

from connectors.source import kinds

HOME = "/api/v4/projects/7"


def skeleton(iid):
    """A merge request of which only notes were recorded."""
    when = {"created_at": "2019-01-20T09:00:00.000Z", "updated_at": "2019-02-02T09:00:00.000Z"}
    return {"id": iid, "iid": iid, "state": "opened", "author": {"id": 1}, **when}


def test_issues_merge_requests_notes_and_members(tmp_path):
    notes, requests = bodies("gitlab", "merge_request_notes"), bodies("gitlab", "merge_requests")
    requests += [skeleton(iid) for iid in (29, 30, 37, 46)]
    told = [
        {"path": "/api/v4/groups/acme/projects", "body": [{"id": 7, "name": "Web"}]},
        {"path": "/api/v4/groups/acme/members/all", "body": bodies("gitlab", "users")},
        {"path": f"{HOME}/issues", "body": bodies("gitlab", "issues")},
        {"path": f"{HOME}/merge_requests", "body": requests},
    ]
    for one in requests:
        place = f"{HOME}/merge_requests/{one['iid']}"
        said = [note for note in notes if note["noteable_iid"] == one["iid"]]
        told += [{"path": f"{place}/notes", "body": said}, {"path": f"{place}/resource_state_events", "body": []}]
    for one in bodies("gitlab", "issues"):
        place = f"{HOME}/issues/{one['iid']}"
        told += [{"path": f"{place}/{of}", "body": []} for of in ("notes", "resource_state_events")]
    with contract.replaying(told) as url:
        source = kinds()["gitlab"]("gitlab", {"url": url, "token": "t", "group": "acme"})
        rehearsal = contract.Rehearsal(source, tmp_path).sync()
    assert set(rehearsal.memory.runs()["state"]) == {"done"}
    assert rehearsal.memory.refused().is_empty()
    tickets, moves, people = (rehearsal.lake.scan(name).collect() for name in ("tickets", "ticket_moves", "accounts"))
    assert dict(sorted(tickets["kind"].value_counts().rows())) == {"change": 22, "request": 16}
    assert dict(tickets["outcome"].drop_nulls().value_counts().rows()) == {"merged": 10, "declined": 3, "duplicate": 1}
    assert tickets.filter(kind="request")["closed"].drop_nulls().len() == 12
    assert dict(sorted(moves["action"].value_counts().rows())) == {"commented": 4, "opened": 38, "reviewed": 5}
    assert people.height == 6


def test_accounts_that_say_whether_they_are_bots(tmp_path):
    users = bodies("gitlab", "users_direct_api")
    told = [
        {"path": "/api/v4/groups/acme/members/all", "body": [{"id": one["id"]} for one in users]},
        {"path": "/api/v4/groups/acme/projects", "body": []},
        *({"path": f"/api/v4/users/{one['id']}", "body": one} for one in users),
    ]
    with contract.replaying(told) as url:
        source = kinds()["gitlab"]("gitlab", {"url": url, "token": "t", "group": "acme", "profiles": True})
        people = contract.Rehearsal(source, tmp_path).sync().lake.scan("accounts").collect()
    assert (people.height, people.filter(kind="person").height, people["email"].null_count()) == (6, 6, 0)

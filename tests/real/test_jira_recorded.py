"""Issues that real Jiras gave, Cloud and Apache's own server, land whole."""

import json
from datetime import UTC, datetime

import contract
import pytest
from devlake import SHARED, bodies, recorded

from connectors.source import kinds

LUCENE = SHARED / "jira_lucene_sample"


def landed(folder, version, issues, statuses=(), users=(), lists=()):
    """The lake and the runs after everything was read from a server that answers so."""
    cloud = version == "3"
    search, people = ("search/jql", "users/search") if cloud else ("search", "user/search")
    replies = [
        {"path": f"/rest/api/{version}/{people}", "query": {"startAt": "0"}, "body": list(users)},
        {"path": f"/rest/api/{version}/{people}", "body": []},
        {"path": f"/rest/api/{version}/status", "body": list(statuses)},
        {"path": f"/rest/api/{version}/search/approximate-count", "body": {"count": len(issues)}},
        {"path": f"/rest/api/{version}/{search}", "body": {"issues": issues, "total": len(issues), "isLast": True}},
        *lists,
    ]
    with contract.replaying(replies) as url:
        settings = {"url": url, "token": "t", "cloud": cloud}
        rehearsal = contract.Rehearsal(kinds()["jira"]("jira", settings), folder).sync()
    assert set(rehearsal.memory.runs()["state"]) == {"done"}
    assert rehearsal.memory.refused().is_empty()
    return {name: rehearsal.lake.scan(name).collect() for name in ("tickets", "ticket_moves", "links", "accounts")}


def actions(lake):
    return dict(sorted(lake["ticket_moves"]["action"].value_counts().rows()))


def test_issues_of_a_cloud_with_their_changes_and_comments(tmp_path):
    issues, statuses, users = (bodies("jira", name) for name in ("issues", "status", "users"))
    lake = landed(tmp_path, "3", issues, statuses, users)
    assert (lake["tickets"].height, lake["accounts"].height) == (33, 30)
    assert lake["accounts"].filter(kind="bot").height == 2
    assert lake["tickets"]["resolved"].drop_nulls().len() == 30
    assert lake["tickets"].filter(outcome="declined").height == 5
    assert lake["tickets"].filter(reopenings=1)["ticket"].to_list() == ["jira:10086"]
    found = actions(lake)
    assert (found["opened"], found["assigned"], found["commented"]) == (33, 39, 8)
    assert (found["resolved"], found["reopened"], found["moved"]) == (31, 1, 133)  # 165 changes of status


def test_long_changelogs_of_a_cloud_are_read_issue_by_issue(tmp_path):
    changes = recorded("jira", "issue_changelogs")
    numbers = sorted({asked["issue_id"] for asked, _ in changes})
    histories = {n: [body for asked, body in changes if asked["issue_id"] == n] for n in numbers}
    issues = [
        {"id": str(n), "fields": {"created": "2021-01-25T03:00:00.000+0000"}, "changelog": {"total": len(found)}}
        for n, found in histories.items()
    ]
    lists = [
        {"path": f"/rest/api/3/issue/{n}/changelog", "body": {"values": found, "total": len(found)}}
        for n, found in histories.items()
    ]
    assert sum(map(len, histories.values())) == 279
    lake = landed(tmp_path, "3", issues, bodies("jira", "status"), lists=lists)
    assert lake["ticket_moves"].height == 13  # 3 opened, and 10 changes of status among what else was changed


def test_links_of_a_data_center_are_as_old_as_the_change_that_made_them(tmp_path):
    lake = landed(tmp_path, "2", bodies("jira", "issue_relationships"))
    assert (lake["tickets"].height, lake["links"].height) == (22, 8)
    assert set(lake["links"]["made"].dt.date()) == {datetime(2023, 7, 27, tzinfo=UTC).date()}


@pytest.mark.skipif(not LUCENE.exists(), reason=f"{LUCENE} is missing; save three issues of issues.apache.org there")
def test_issues_of_apaches_own_server(tmp_path):
    issues = [json.loads(path.read_text()) for path in sorted(LUCENE.glob("*.json"))]
    lake = landed(tmp_path, "2", issues)
    assert lake["tickets"].sort("opened")["answered"].to_list() == [
        datetime(2015, 6, 18, 3, 34, 46, 347_000, UTC),
        datetime(2018, 3, 27, 18, 53, 16, 85_000, UTC),
        datetime(2020, 4, 3, 11, 58, 19, 163_000, UTC),
    ]
    assert set(lake["tickets"]["unit"]) == {"Lucene - Core"}
    assert (actions(lake), lake["links"].height) == ({"commented": 61, "opened": 3}, 1)

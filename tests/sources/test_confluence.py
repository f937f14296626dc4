"""What is special in Confluence: two APIs that say the same differently, personal spaces, minor versions, the bin."""

import json
from datetime import UTC, datetime

import contract
import pytest

from connectors.errors import Refused
from connectors.sources.confluence import confluence


def march(day, hour=9):
    return datetime(2026, 3, day, hour, tzinfo=UTC)


@pytest.fixture
def lake(tmp_path):
    with contract.recorded("confluence", tmp_path) as source:
        return contract.Rehearsal(source, tmp_path / "store").sync().lake


def test_a_page_is_reviewed_by_the_last_version_of_another_that_is_not_minor(lake):
    found = (
        lake.scan("articles")
        .sort("article")
        .select("article", "kind", "unit", "created", "reviewed", "retired")
        .collect()
    )
    assert found.rows() == [
        ("confluence:101", "playbook", "Engineering", march(2), march(4), None),
        ("confluence:102", "wiki", "Engineering", march(3, 8), None, None),
        ("confluence:103", "wiki", "Engineering", march(4), None, None),
        ("confluence:104", "wiki", "Engineering", datetime(2026, 2, 2, 9, tzinfo=UTC), None, march(7)),
    ]


def test_an_app_is_a_service(lake):
    assert sorted(lake.scan("accounts").collect()["kind"]) == ["person", "person", "service"]


def at_home(page, versions):
    who = {"userKey": "k1", "username": "ann", "displayName": "Canary"}
    listed = {"results": [], "_links": {"base": "URL"}}
    return [
        {"path": "/rest/api/content/search", "query": {"start": "1"}, "body": listed},
        {"path": "/rest/api/content/search", "query": {"cql": 'type = page and space in ("ENG")'}, "body": page},
        {"path": "/rest/api/content/search", "body": listed},
        {"path": "/rest/api/content/7/version", "body": {**listed, "results": versions}},
        {
            "path": "/rest/api/space",
            "body": {**listed, "results": [{"key": "ENG", "type": "global", "name": "E"}, {"key": "X"}]},
        },
        {"path": "/rest/api/content", "query": {"spaceKey": "ENG", "status": "trashed"}, "body": listed},
        {"path": "/rest/api/group/confluence-users/member", "body": {**listed, "results": [who]}},
    ]


def test_data_center_says_the_same_in_other_words(tmp_path):
    when = {"1": "2026-03-02T09:00:00.000+0000", "2": "2026-03-03T09:00:00.000+0000"}
    history = {"createdBy": {"userKey": "k1"}, "createdDate": when["1"]}
    page = {"id": "7", "space": {"name": "E"}, "history": history, "version": {"when": when["2"], "number": 2}}
    search = {"results": [page], "_links": {"base": "URL", "next": "/rest/api/content/search?start=1"}}
    versions = [{"number": int(n), "when": at, "by": {"userKey": f"k{n}"}} for n, at in when.items()]
    with contract.replaying(at_home(search, versions)) as url:
        source = confluence("confluence", {"url": url, "token": "t", "spaces": ["ENG"]})
        rehearsal = contract.Rehearsal(source, tmp_path).sync()
    assert set(rehearsal.memory.runs()["state"]) == {"done"}, rehearsal.memory.runs()["words"].to_list()
    assert rehearsal.lake.scan("articles").select("article", "reviewed").collect().rows() == [
        ("confluence:7", march(3))
    ]
    assert rehearsal.lake.scan("ties_seen").collect().height == 1
    assert rehearsal.lake.scan("accounts").collect().height == 1


@pytest.mark.parametrize("key", ["ENG) or (space.type = personal", 'A"B', ""])
def test_a_key_that_would_change_the_question_is_refused(key):
    with pytest.raises(Refused, match="no key of a space"):
        confluence("confluence", {"url": "https://x.example.org", "token": "t", "spaces": [key]})


def test_personal_spaces_are_asked_for_by_nobody_who_did_not_say_so(tmp_path):
    replies = json.loads((contract.PAGES / "confluence" / "replies.json").read_text())
    assert all("personal" not in one.get("query", {}).get("cql", "") for one in replies)
    asked = confluence("confluence", {"url": "https://x.example.org", "token": "t"}).endpoints
    assert "space.type = global" in str(asked[1].params["cql"])

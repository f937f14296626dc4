"""What is special about Jira: two editions, lists cut off, issues that come back, and answers to nobody."""

import json
from datetime import UTC, datetime

import contract
import pytest

from connectors.errors import Refused
from connectors.source import kinds

SEARCH = "/rest/api/3/search/jql"
CLOUD = {"cloud": True, "email": "reader@example.org", "token": "t"}
CENTER = {"cloud": False, "token": "t", "links": [{"pattern": r"wiki\.example\.org/pages/(\d+)", "article": "wiki:{}"}]}


def day(number, hour=0):
    return datetime(2026, 3, number, hour, tzinfo=UTC)


def issue(number, **more):
    fields = {
        "issuetype": {"name": "Task"},
        "project": {"key": "PAY", "name": "Payments"},
        "status": {"statusCategory": {"key": "new"}},
        "created": f"2026-03-{number:02}T09:00:00.000+0000",
        "updated": f"2026-03-{number:02}T09:00:00.000+0000",
        "reporter": {"accountId": "a1", "key": "k1", "name": "ann"},
    }
    return {"id": str(number), "key": f"PAY-{number}", "fields": {**fields, **more}}


def found(*issues, total=None):
    return {"isLast": True, "issues": list(issues), **({} if total is None else {"total": total})}


def cloud(*issues):
    return [
        {"path": "/rest/api/3/users/search", "body": []},
        {"path": "/rest/api/3/status", "body": []},
        {"path": "/rest/api/3/search/approximate-count", "body": {"count": len(issues)}},
        {"path": SEARCH, "body": found(*issues)},
    ]


@pytest.fixture
def recorded(tmp_path):
    with contract.recorded("jira", tmp_path) as source:
        yield contract.Rehearsal(source, tmp_path / "store").sync().lake


def made(url, **settings):
    return kinds()["jira"]("jira", {"url": url, **settings})


def test_an_issue_that_came_back_once_was_answered_by_the_first_other_person(recorded):
    one = recorded.scan("tickets").collect().sort("ticket").row(0, named=True)
    assert (one["ticket"], one["kind"], one["unit"], one["outcome"]) == ("jira:10001", "incident", "Payments", "Done")
    assert (one["opened"], one["answered"]) == (day(2, 8), day(2, 9))  # neither the reporter nor an app answers
    assert (one["reopened"], one["reopenings"], one["closed"]) == (day(4, 8), 1, day(5, 11))


def test_a_comment_that_not_all_may_read_is_no_answer(recorded):
    assert recorded.scan("tickets").collect().sort("ticket")["answered"][1] == day(3, 11)


def test_what_was_not_to_be_done_is_declined_and_a_label_makes_it_an_action(recorded):
    last = recorded.scan("tickets").collect().sort("ticket").row(2, named=True)
    assert (last["kind"], last["outcome"], last["reopenings"]) == ("action", "declined", 0)


def test_changes_and_comments_that_the_search_cuts_off_are_asked_for(recorded):
    moves = recorded.scan("ticket_moves").collect().filter(ticket="jira:10002").sort("move")
    assert moves["move"].to_list() == [
        *("jira:201:status", "jira:202:status", "jira:comment:21", "jira:comment:22", "jira:opened:10002")
    ]


def test_forty_changes_may_be_all_that_the_search_gives(tmp_path):
    def change(n):
        return {"id": str(n), "created": "2026-03-02T09:00:00.000+0000",
                "items": [{"field": "status", "from": "1", "to": "2"}]}  # fmt: skip

    long = {**issue(1), "changelog": {"total": 40, "histories": [change(n) for n in range(40)]}}
    whole = {"values": [change(n) for n in range(41)], "total": 41}
    replies = [*cloud(long), {"path": "/rest/api/3/issue/1/changelog", "body": whole}]
    with contract.replaying(replies) as url:
        lake = contract.Rehearsal(made(url, **CLOUD), tmp_path).sync().lake
    assert lake.scan("ticket_moves").collect().height == 42  # and one that opened it


def test_a_link_is_as_old_as_the_change_that_made_it(recorded):
    link = recorded.scan("links").collect().row(0, named=True)
    assert (link["kind"], link["origin"], link["target"]) == ("action", "jira:10001", "jira:10003")
    assert link["made"] == datetime(2026, 3, 5, 11, 30, tzinfo=UTC)


def test_accounts_of_apps_are_no_persons(recorded):
    assert sorted(recorded.scan("accounts").collect()["kind"]) == ["bot", "person", "person"]


def test_since_is_asked_for_twelve_hours_earlier_whatever_zone_jira_reads_it_in(tmp_path):
    jql = 'project in ("PAY", "OPS") AND updated >= "2026-03-09 12:00" ORDER BY created ASC'
    replies = [{"path": SEARCH, "query": {"jql": jql}, "body": found()}]
    with contract.replaying(replies) as url:
        stream = made(url, **CLOUD, projects=["PAY", "OPS"]).streams()[1]
        assert not [page for _, page in contract.given(stream, day(10)) if page.height]


def test_an_edited_issue_is_changed_and_a_deleted_one_goes_with_its_moves(tmp_path):
    replies = cloud(issue(20), issue(21))
    with contract.replaying(replies) as url:
        rehearsal = contract.Rehearsal(made(url, **CLOUD), tmp_path).sync()
        rehearsal.memory.remember("jira", "issues", day(19))
        replies[-1]["body"] = found(issue(20, assignee={"accountId": "a2"}, updated="2026-03-22T09:00:00.000+0000"))
        replies[-2]["body"] = {"count": 1}
        tickets = rehearsal.sync().lake.scan("tickets").collect()
    assert tickets["ticket"].to_list() == ["jira:20"]
    assert (tickets["assignee"][0] is not None, tickets["changed"][0]) == (True, day(22, 9))
    assert rehearsal.lake.scan("ticket_moves").collect()["ticket"].to_list() == ["jira:20"]


def test_fewer_issues_than_jira_counts_are_said(tmp_path):
    replies = cloud(issue(20))
    replies[-2]["body"] = {"count": 7}
    with contract.replaying(replies) as url:
        runs = contract.Rehearsal(made(url, **CLOUD), tmp_path).sync().memory.runs()
    assert "the source counts 7 rows, 1 are here" in runs.filter(stream="issues")["words"][0]


def test_data_center_is_asked_page_by_page_and_knows_people_by_key(tmp_path):
    text = "See https://wiki.example.org/pages/7|CANARY and https://wiki.example.org/pages/7"
    said = {"id": "5", "author": {"key": "k2"}, "created": "2026-03-20T10:00:00.000+0000", "body": text}
    one = issue(20, description="CANARY", comment={"total": 1, "comments": [said]})
    replies = [
        {"path": "/rest/api/2/user/search", "query": {"startAt": "0"}, "body": [{"key": "k2", "name": "bob"}]},
        {"path": "/rest/api/2/user/search", "body": []},
        {"path": "/rest/api/2/status", "body": []},
        {"path": "/rest/api/2/search", "query": {"startAt": "1"}, "body": found(issue(21), total=2)},
        {"path": "/rest/api/2/search", "body": found(one, total=2)},
    ]
    with contract.replaying(replies) as url:
        rehearsal = contract.Rehearsal(made(url, **CENTER), tmp_path).sync()
    assert set(rehearsal.memory.runs()["state"]) == {"done"}
    assert rehearsal.lake.scan("tickets").collect()["answered"].drop_nulls().to_list() == [day(20, 10)]
    uses, account = (rehearsal.lake.scan(name).collect() for name in ("article_uses", "accounts"))
    assert uses.select("article", "ticket", "used").rows() == [("wiki:7", "jira:20", day(20, 10))]
    assert uses["person"].to_list() == account["account"].to_list()


@pytest.mark.parametrize(
    "headers", [{"X-AUSERNAME": "anonymous"}, {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED, AUTHENTICATION_DENIED"}]
)
def test_an_answer_to_nobody_is_refused_although_it_looks_empty(headers):
    with contract.replaying([{"path": SEARCH, "headers": headers, "body": found()}]) as url:
        stream = made(url, **CLOUD).streams()[1]
        with pytest.raises(Refused, match="renew the token"):
            list(stream.read(None))


def test_a_question_that_jira_does_not_take_is_the_settings_fault():
    replies = [{"path": SEARCH, "status": 400, "body": {"errorMessages": ["The value 'CANARY' does not exist"]}}]
    with contract.replaying(replies) as url:
        stream = made(url, **CLOUD, projects=["NONE"]).streams()[1]
        with pytest.raises(Refused, match="correct projects or jql") as error:
            list(stream.read(None))
    assert "CANARY" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "edition"),
    [
        ("https://you.atlassian.net/", True),
        ("https://api.atlassian.com/ex/jira/1", True),
        ("https://jira.you.com", False),
    ],
)
def test_the_edition_is_known_by_the_address(url, edition):
    assert made(url, token="t").cloud is edition


def test_the_team_may_stand_in_a_field_of_their_own(tmp_path):
    one = issue(20, customfield_7={"value": "Blue"}, components=[{"name": "api"}], labels=["slow"])
    settings = {**CLOUD, "unit": "customfield_7.value", "cause": "components", "skill": "labels"}
    with contract.replaying(json.loads(json.dumps(cloud(one)))) as url:
        lake = contract.Rehearsal(made(url, **settings), tmp_path).sync().lake
    assert lake.scan("tickets").collect().select("unit", "cause", "skill").rows() == [("Blue", "api", "slow")]

"""What is special about GitHub: one timeline tells all, bots are known by type, and reviews are ties."""

from datetime import UTC, datetime

import contract
import pytest

from connectors.errors import Busy, Refused
from connectors.source import kinds

LISTED = "/repos/acme/web/issues"
ANN, BOB = {"id": 1, "login": "ann", "type": "User"}, {"id": 2, "login": "bob", "type": "User"}


def day(number, hour=0):
    return datetime(2026, 3, number, hour, tzinfo=UTC)


@pytest.fixture
def recorded(tmp_path):
    with contract.recorded("github", tmp_path) as source:
        yield contract.Rehearsal(source, tmp_path / "store").sync().lake


def issue(number, **more):
    when = {"created_at": f"2026-03-{number:02}T09:00:00Z", "updated_at": f"2026-03-{number:02}T09:00:00Z"}
    return {"id": 100 + number, "number": number, "state": "open", "user": ANN, "labels": [], **when, **more}


def comment(number, who=BOB, **more):
    return {"id": number, "event": "commented", "user": who, "created_at": "2026-03-20T10:00:00Z", **more}


def replies(issues, timelines):
    return [
        {"path": "/repos/acme/web", "body": {"id": 7, "name": "web"}},
        {"path": LISTED, "body": issues},
        *({"path": f"{LISTED}/{number}/timeline", "body": events} for number, events in timelines.items()),
    ]


def made(url, **settings):
    return kinds()["github"]("github", {"url": url, "token": "t", "repositories": ["acme/web"], **settings})


def test_an_issue_is_answered_by_the_first_other_person_and_counts_how_often_it_came_back(recorded):
    one = recorded.scan("tickets").collect().sort("ticket").row(0, named=True)
    assert (one["ticket"], one["kind"], one["unit"], one["outcome"]) == ("github:101", "incident", "Blue", "completed")
    assert (one["answered"], one["reopened"], one["reopenings"]) == (day(2, 10), day(4, 10), 1)


def test_a_pull_request_is_a_change_and_its_review_an_answer(recorded):
    two = recorded.scan("tickets").collect().sort("ticket").row(1, named=True)
    assert (two["kind"], two["outcome"], two["answered"]) == ("change", "merged", day(3, 12))


def test_an_issue_where_nothing_happened_is_a_ticket_all_the_same(recorded):
    three = recorded.scan("tickets").collect().sort("ticket").row(2, named=True)
    assert (three["outcome"], three["reopenings"], three["answered"]) == ("declined", 0, None)


def test_reviews_are_of_others_work_and_what_is_said_of_ones_own_is_a_comment(recorded):
    moves = recorded.scan("ticket_moves").collect().filter(ticket="github:102")
    assert dict(moves["action"].value_counts().rows()) == {"opened": 1, "reviewed": 1, "commented": 3, "resolved": 1}


def test_a_review_is_a_tie_from_reviewer_to_author(recorded):
    tie = recorded.scan("ties_seen").collect().row(0, named=True)
    people = dict(recorded.scan("tickets").collect().select("ticket", "assignee").rows())
    assert (tie["kind"], tie["seen"], tie["channel"]) == ("review", day(3, 12), "github:102")
    assert tie["other"] == people["github:101"]  # bob wrote the pull request and was assigned to the issue


def test_a_bot_is_who_github_says_is_one_whatever_the_name(recorded):
    accounts = recorded.scan("accounts").collect()
    assert sorted(accounts["kind"]) == ["bot", "person", "person"]
    assert accounts["email"].null_count() == 2  # only ann shows an address


def test_a_deleted_comment_goes_and_a_late_one_comes(tmp_path):
    told = replies([issue(20)], {20: [comment(1), comment(2)]})
    with contract.replaying(told) as url:
        rehearsal = contract.Rehearsal(made(url), tmp_path).sync()
        told[-1]["body"] = [comment(2), comment(3)]
        moves = rehearsal.sync().lake.scan("ticket_moves").collect()
    assert sorted(moves["move"]) == ["github:commented:2", "github:commented:3", "github:opened:120"]


def test_only_issues_changed_since_are_asked_for_again(tmp_path):
    told = replies([issue(20)], {20: []})
    told.insert(1, {"path": LISTED, "query": {"since": "2026-11-19T12:00:00Z"}, "body": []})
    with contract.replaying(told) as url:
        rehearsal = contract.Rehearsal(made(url), tmp_path).sync().sync()  # three days before the first read
    assert rehearsal.memory.runs().filter(table="tickets")["received"].to_list() == [0]
    assert rehearsal.lake.scan("tickets").collect().height == 1


def test_links_in_descriptions_and_comments_are_uses_of_articles(tmp_path):
    links = [{"pattern": r"wiki\.example\.org/(\d+)", "article": "wiki:{}"}]
    told = replies([issue(20, body="CANARY https://wiki.example.org/7")],
                   {20: [comment(1, body="https://wiki.example.org/8 CANARY")]})  # fmt: skip
    with contract.replaying(told) as url:
        uses = contract.Rehearsal(made(url, links=links), tmp_path).sync().lake.scan("article_uses").collect()
    assert sorted(uses.select("article", "ticket").rows()) == [("wiki:7", "github:120"), ("wiki:8", "github:120")]


def test_a_spent_limit_is_waited_for_and_not_taken_for_a_refusal():
    limit = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "9999999"}
    told = [{"path": "/repos/acme/web", "status": 403, "headers": limit, "body": {}}]
    with contract.replaying(told) as url, pytest.raises(Busy, match="asks to wait"):
        list(made(url).streams()[0].read(None))


def test_a_limit_that_is_told_in_words_only_is_waited_for():
    said = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}
    with contract.replaying([{"path": "/repos/acme/web", "status": 403, "body": said}]) as url:
        source = made(url)
        source.api.patience *= 0
        source.api.__post_init__()
        with pytest.raises(Busy, match="its answer says so"):
            list(source.streams()[0].read(None))


def test_what_is_to_be_read_must_be_named():
    with pytest.raises(Refused, match="organization or repositories"):
        made("https://example.org", repositories=[])

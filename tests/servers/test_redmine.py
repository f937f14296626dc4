"""Redmine read, changed in every way and read again: the lake is what the server says, field by field."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.people import Pseudonyms
from connectors.source import KINDS as REGISTERED
from connectors.sources import redmine as _registered  # noqa: F401 registers it
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync
from connectors.vendors import redmine as _redmine
from servers.redmine import fill

NAMES = Pseudonyms(bytes(range(32)))
DONE = (3, 5, 6)  # Resolved, Closed, Rejected
KINDS = {"Bug": "incident", "Feature": "change", "Support": "request"}


class Desk:
    """Redmine beside a store of its own."""

    def __init__(self, server, folder):
        self.server, self.folder = server, folder
        self.lake, self.memory = Lake(folder / "lake"), Memory.open(f"sqlite:///{folder / 'memory.db'}")

    def source(self, **more):
        settings = {"url": self.server.url, "key": self.server.key, "overlap_days": 0, **more}
        return REGISTERED["redmine"]("redmine", settings)

    def sync(self, source=None, later=timedelta(0)):
        return sync(source or self.source(), self.lake, self.memory, NAMES, datetime.now(UTC) + later)

    def rows(self, table, *columns):
        return set(self.lake.scan(table).filter(source="redmine").select(columns).collect().rows())

    def users(self):
        return self.server.ask("GET", "/users.json")["users"]

    def issues(self):
        asked = {"status_id": "*", "limit": 100, "sort": "id"}
        first = self.server.ask("GET", "/issues.json", params=asked)
        pages = [
            self.server.ask("GET", "/issues.json", params={**asked, "offset": n})["issues"]
            for n in range(0, first["total_count"], 100)
        ]
        return [self.issue(one["id"]) for page in pages for one in page if not one["is_private"]]

    def issue(self, number):
        return self.server.ask("GET", f"/issues/{number}.json", params={"include": "journals,relations"})["issue"]


def moment(text):
    return datetime.fromisoformat(text) if text else None


def person(one):
    return NAMES.token("person", f"redmine:{one['id']}") if one else None


def changes(issue, name):
    return [
        (moment(note["created_on"]), int(change["old_value"] or 0), int(change["new_value"] or 0))
        for note in issue["journals"]
        for change in note["details"]
        if change["name"] == name
    ]


def ticket(issue):
    states = changes(issue, "status_id")
    back = [when for when, old, new in states if old in DONE and new not in DONE]
    done = [when for when, old, new in states if old not in DONE and new in DONE]
    answers = [
        n
        for n in issue["journals"]
        if n["notes"] and not n["private_notes"] and n["user"]["id"] != issue["author"]["id"]
    ]
    ended = issue["status"]["id"] in DONE
    return (
        f"redmine:{issue['id']}",
        KINDS[issue["tracker"]["name"]],
        issue["project"]["name"],
        person(issue.get("assigned_to")),
        moment(issue["created_on"]),
        moment(answers[0]["created_on"]) if answers else None,
        done[-1] if ended else None,
        moment(issue["closed_on"]) if issue["status"]["is_closed"] else None,
        back[-1] if back else None,
        len(back),
        issue.get("category", {}).get("name"),
        moment(issue["updated_on"]),
    )


TICKET = (
    "ticket",
    "kind",
    "unit",
    "assignee",
    "opened",
    "answered",
    "resolved",
    "closed",
    "reopened",
    "reopenings",
    "cause",
    "changed",
)


def moves(issue):
    name = f"redmine:{issue['id']}"
    yield name, person(issue["author"]), "opened", moment(issue["created_on"])
    for note in issue["journals"]:
        by = (name, person(note["user"]))
        if note["notes"] and not note["private_notes"]:
            yield *by, "commented", moment(note["created_on"])
        for change in note["details"] if not note["private_notes"] else []:
            if change["name"] == "assigned_to_id":
                yield *by, "assigned", moment(note["created_on"])
            if change["name"] == "status_id":
                was, now = int(change["old_value"]) in DONE, int(change["new_value"]) in DONE
                yield (
                    *by,
                    "resolved" if now and not was else "reopened" if was and not now else "moved",
                    moment(note["created_on"]),
                )


def equal(desk):
    issues = desk.issues()
    assert desk.rows("tickets", *TICKET) == {ticket(issue) for issue in issues}
    assert desk.rows("ticket_moves", "ticket", "person", "action", "moved") == {
        move for issue in issues for move in moves(issue)
    }
    return issues


@pytest.fixture(autouse=True)
def pages_of_ten(monkeypatch):
    """Few issues fill several pages."""
    monkeypatch.setitem(_redmine.EVERY, "limit", 10)


@pytest.fixture(scope="module")
def desk(redmine, tmp_path_factory):
    desk = Desk(redmine, tmp_path_factory.mktemp("desk"))
    desk.numbers = fill(redmine, 45)
    desk.runs = desk.sync()
    return desk


def test_a_first_read_holds_all_that_the_server_has(desk):
    assert {run.state for run in desk.runs} == {"done"}, desk.runs
    assert len(equal(desk)) == 45


def test_people_and_groups_are_accounts(desk):
    people = desk.users()
    groups = desk.server.ask("GET", "/groups.json")["groups"]
    found = dict(desk.rows("accounts", "account", "kind"))
    assert set(found) == {person(one) for one in [*people, *groups]}
    assert {found[person(one)] for one in groups} == {"group"}
    assert found[person(people[-1])] is None


def test_what_was_edited_answered_given_on_reopened_hidden_and_deleted_arrives(desk):
    server, numbers = desk.server, desk.numbers
    server.change(numbers[1], subject="Another", category_id=None)
    server.comment(numbers[2], "Has anyone an answer?", by="person9")
    server.comment(numbers[2], "Between us", private=True)
    server.reassign(numbers[4], next(one["id"] for one in desk.users() if one["login"] == "person8"))
    server.reopen(numbers[3], by="person1")
    server.move(numbers[3], "closed", by="person2")
    server.reopen(numbers[3], by="person1")
    server.move(numbers[5], "rejected")
    server.change(numbers[6], is_private=True)
    server.delete(numbers[7])
    server.ask(
        "POST",
        f"/issues/{numbers[8]}/relations.json",
        json={"relation": {"issue_to_id": numbers[9], "relation_type": "blocks"}},
    )
    server.comment(numbers[8], "It waits")  # a relation alone does not change the day an issue was changed on
    runs = desk.sync()
    assert {run.state for run in runs} == {"done"}, runs
    issues = equal(desk)
    assert len(issues) == 43
    third = desk.lake.scan("tickets").filter(ticket=f"redmine:{numbers[3]}").collect().row(0, named=True)
    assert (third["reopenings"], third["resolved"], third["closed"]) == (2, None, None)
    assert desk.lake.scan("tickets").filter(ticket=f"redmine:{numbers[5]}").collect()["outcome"].to_list() == [
        "declined"
    ]
    assert desk.rows("links", "kind", "origin", "target") == {
        ("blocks", f"redmine:{numbers[8]}", f"redmine:{numbers[9]}")
    }


def test_a_read_without_news_changes_nothing(desk):
    desk.sync()
    runs = desk.sync(later=timedelta(days=3))
    assert [run.landed for run in runs if run.table == "tickets"] == [0, 0]
    equal(desk)


def test_an_issue_that_changes_while_pages_are_read_is_neither_missed_nor_doubled(desk, tmp_path):
    """One on the first page is deleted and one changed before the second page is asked for."""
    fresh, left = Desk(desk.server, tmp_path), desk.numbers[10:12]

    def meddle(response):
        if left and response.url.path == "/issues.json":
            desk.server.delete(left.pop())
            desk.server.comment(left.pop(), "Late")

    source = fresh.source()
    source.api.client.event_hooks = {"response": [meddle]}
    runs = fresh.sync(source)
    assert not left
    fresh.sync()
    equal(fresh)
    assert {run.state for run in runs} <= {"done", "changed"}


def test_a_server_killed_in_the_middle_of_a_read_is_read_to_the_end_the_next_time(desk, tmp_path):
    fresh, seen = Desk(desk.server, tmp_path), []

    def kill(response):
        seen.append(response.url.path)
        if len(seen) == 30:
            desk.server.stop()

    source = fresh.source()
    source.api.tries = 1
    source.api.client.event_hooks = {"response": [kill]}
    runs = fresh.sync(source)
    assert "busy" in {run.state for run in runs}
    desk.server.start()
    asked = []
    source = fresh.source()
    source.api.client.event_hooks = {"response": [lambda response: asked.append(response.url.path)]}
    assert {run.state for run in fresh.sync(source)} == {"done"}
    equal(fresh)
    assert (
        0 < len([path for path in asked if path.startswith("/issues/")]) < 35
    )  # what was read before is not read again


def test_a_wrong_key_is_refused_though_redmine_shows_what_is_public_to_anyone(desk, tmp_path):
    fresh = Desk(desk.server, tmp_path)
    (run,) = fresh.sync(fresh.source(key="wrong"))
    assert (run.state, "renew the token" in run.words) == ("refused", True)


def test_wiki_pages_come_and_go(desk):
    desk.server.page("desk", "Login", "How to CANARY")
    desk.server.page("desk", "Invoice", "How")
    desk.sync()
    assert {name for (name,) in desk.rows("articles", "article")} >= {
        "redmine:desk/wiki/Login",
        "redmine:desk/wiki/Invoice",
    }
    desk.server.unpage("desk", "Invoice")
    desk.sync()
    assert "redmine:desk/wiki/Invoice" not in {name for (name,) in desk.rows("articles", "article")}

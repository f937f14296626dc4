"""Request Tracker read, changed in every way and read again: the lake is what the server says, field by field."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from connectors.people import Pseudonyms
from connectors.source import KINDS
from connectors.sources import request_tracker as _registered  # noqa: F401 registers it
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync
from servers.request_tracker import fill

NAMES = Pseudonyms(bytes(range(32)))
DONE = ("resolved", "rejected")
TICKET = (
    *("ticket", "kind", "unit", "assignee", "opened", "answered", "resolved"),
    *("reopened", "reopenings", "cause", "outcome", "changed"),
)


class Desk:
    """Request Tracker beside a store of its own."""

    def __init__(self, server, folder):
        self.server = server
        self.lake, self.memory = Lake(folder / "lake"), Memory.open(f"sqlite:///{folder / 'memory.db'}")

    def source(self, **more):
        """With pages of ten, so that few tickets fill several."""
        settings = {"url": self.server.url, "token": self.server.token, "cause": "Cause", "overlap_days": 0, **more}
        source = KINDS["request_tracker"]("request_tracker", settings)
        people, deeds, here = source.endpoints
        ten = {"params": {**here.params, "per_page": 10}}
        source.endpoints = [people, replace(deeds, of=replace(deeds.of, **ten)), replace(here, **ten)]
        return source

    def sync(self, source=None, now=None):
        return sync(source or self.source(), self.lake, self.memory, NAMES, now or datetime.now(UTC))

    def rows(self, table, *columns):
        return set(self.lake.scan(table).select(columns).collect().rows())

    def get(self, path, **query):
        return self.server.ask("GET", f"/REST/2.0/{path}", params={"per_page": 100, **query})

    def tickets(self):
        """Each ticket by itself, and its history: another way than the connector's."""
        pages = [self.get("tickets", query="id > 0", page=page)["items"] for page in (1, 2)]
        for number in sorted({int(one["id"]) for page in pages for one in page}):
            fields = "Type,Field,OldValue,NewValue,Created,Creator,ObjectId"
            yield self.get(f"ticket/{number}"), self.get(f"ticket/{number}/history", fields=fields)["items"]


def moment(text):
    found = datetime.fromisoformat(text)
    return found if found.year > 1970 else None


def person(one):
    return None if one["id"] == "Nobody" else NAMES.token("person", f"request_tracker:{one['id']}")


def ticket(one, history):
    states = [deed for deed in history if deed["Type"] == "Status"]
    back = [moment(d["Created"]) for d in states if d["OldValue"] in DONE and d["NewValue"] not in DONE]
    strangers = [d for d in history if d["Type"] == "Correspond" and d["Creator"]["id"] != one["Creator"]["id"]]
    cause = [value for field in one["CustomFields"] for value in field["values"]]
    ended = one["Status"] in DONE
    return (
        f"request_tracker:{one['id']}",
        "request",
        "desk",
        person(one["Owner"]),
        moment(one["Created"]),
        min((moment(deed["Created"]) for deed in strangers), default=None),
        moment(one["Resolved"]) if ended else None,
        max(back, default=None),
        len(back),
        cause[0] if cause else None,
        {"rejected": "declined"}.get(one["Status"], one["Status"]) if ended else None,
        moment(one["LastUpdated"]),
    )


def moves(one, history):
    for deed in history:
        was, now = deed["OldValue"] in DONE, deed["NewValue"] in DONE
        action = {"Create": "opened", "Correspond": "commented", "Comment": "commented"}.get(deed["Type"])
        if deed["Type"] == "Status":
            action = "resolved" if now and not was else "reopened" if was and not now else "moved"
        if deed["Type"] in ("Set", "Take", "Steal", "Give") and deed["Field"] == "Owner":
            action = "assigned"
        if action and (action != "opened" or deed["ObjectId"] == str(one["id"])):
            yield f"request_tracker:{one['id']}", person(deed["Creator"]), action, moment(deed["Created"])


def equal(desk):
    tickets = list(desk.tickets())
    assert desk.rows("tickets", *TICKET) == {ticket(*one) for one in tickets}
    said = {move for one in tickets for move in moves(*one)}
    assert desk.rows("ticket_moves", "ticket", "person", "action", "moved") == said
    return tickets


@pytest.fixture(scope="module")
def desk(request_tracker, tmp_path_factory):
    desk = Desk(request_tracker, tmp_path_factory.mktemp("desk"))
    desk.numbers = fill(request_tracker, 36)
    desk.runs = desk.sync()
    return desk


def test_a_first_read_holds_all_that_the_server_has(desk):
    assert {run.state for run in desk.runs} == {"done"}, desk.runs
    assert len(equal(desk)) == 36


def test_people_are_accounts_and_the_program_itself_is_none(desk):
    found = dict(desk.rows("accounts", "account", "kind"))
    assert all(person({"id": f"person{number}"}) in found for number in range(8))
    assert found[person({"id": "RT_System"})] == "service"


def test_what_was_edited_answered_given_on_reopened_merged_and_deleted_arrives(desk):
    server, numbers = desk.server, desk.numbers
    server.change(numbers[1], Subject="Another", CustomFields={"Cause": "delivery"})
    server.correspond(numbers[1], "Here is the answer", by="person5")
    server.comment(numbers[2], "Between us", by="person6")
    server.reassign(numbers[4], "person6")
    server.change(numbers[5], Owner="Nobody")
    server.reopen(numbers[3], by="person1")
    server.resolve(numbers[3], by="person2")
    server.reopen(numbers[3], by="person1")
    server.change(numbers[8], Status="rejected")
    server.change(numbers[10], RefersTo=str(numbers[11]))
    server.change(numbers[13], MergeInto=str(numbers[14]))
    server.delete(numbers[16])
    runs = desk.sync()
    assert {run.state for run in runs} == {"done"}, runs
    assert len(equal(desk)) == 34
    third = desk.lake.scan("tickets").filter(ticket=f"request_tracker:{numbers[3]}").collect().row(0, named=True)
    assert (third["reopenings"], third["resolved"]) == (2, None)
    linked = {("RefersTo", f"request_tracker:{numbers[10]}", f"request_tracker:{numbers[11]}")}
    assert desk.rows("links", "kind", "origin", "target") == linked
    server.change(numbers[10], RefersTo=[])
    desk.sync()
    assert desk.rows("links", "kind") == set()


def test_a_token_whose_user_lives_far_behind_utc_misses_no_change(desk, tmp_path):
    """Request Tracker reads a moment in a query in the zone of who asks."""
    desk.server.act("PUT", "user/root", {"Timezone": "Pacific/Honolulu"})
    desk.server.comment(desk.numbers[20], "Late")
    desk.sync()
    desk.server.act("PUT", "user/root", {"Timezone": "UTC"})
    equal(desk)


def test_a_ticket_that_changes_while_pages_are_read_is_neither_missed_nor_doubled(desk, tmp_path):
    fresh, left = Desk(desk.server, tmp_path), desk.numbers[21:23]

    def meddle(response):
        if left and response.url.path.endswith("/tickets"):
            desk.server.delete(left.pop())
            desk.server.comment(left.pop(), "Late")

    source = fresh.source()
    source.api.client.event_hooks = {"response": [meddle]}
    began = datetime.now(UTC) - timedelta(seconds=1)
    runs = fresh.sync(source, began)
    assert not left
    assert {run.state for run in runs} <= {"done", "changed"}
    fresh.sync()
    equal(fresh)


def test_a_wrong_token_says_who_must_act(desk, tmp_path):
    runs = Desk(desk.server, tmp_path).sync(desk.source(token="wrong"))
    assert {(run.state, "renew the token" in run.words) for run in runs} == {("refused", True)}

"""Matrix: what is special about it and needs no server of its own; the rest is in tests/servers."""

import json

import contract
import pytest

from connectors.source import kinds
from connectors.vendors.matrix_rooms import room_of

ROOM = "/_matrix/client/v3/rooms/%21general%3Aexample.org"
SENT = 1772442000000


@pytest.fixture
def replies():
    return json.loads((contract.PAGES / "matrix" / "replies.json").read_text())


def reading(url, folder, **settings):
    return contract.Rehearsal(kinds()["matrix"]("matrix", {"url": url, "token": "t", **settings}), folder)


def lake(rehearsal, table, *columns):
    return rehearsal.lake.scan(table).select(columns).sort(columns).collect().rows()


def room(rule, members, **state):
    events = [{"type": kind.replace("_", "."), "content": content} for kind, content in state.items()]
    rules = [{"type": "m.room.join_rules", "content": {"join_rule": rule}}] if rule else []
    return {"state": {"events": rules + events}, "summary": {"m.joined_member_count": members}}


@pytest.mark.parametrize(
    ("said", "public", "several"),
    [
        (room("public", 2), True, False),
        (room("invite", 3, m_room_name={"name": "plans"}), False, True),
        (room("restricted", 9, m_room_canonical_alias={"alias": "#plans:example.org"}), False, True),
        (room("invite", 2, m_room_name={"name": "plans"}), False, False),
        (room("invite", 3), False, False),
        (room("invite", 3, m_room_name={"name": ""}), False, False),
        (room(None, 30, m_room_name={"name": "plans"}), False, True),
        ({"state": {"events": []}, "summary": {}}, False, False),
    ],
)
def test_a_room_of_two_or_without_a_name_is_direct_and_what_is_not_said_to_be_public_is_not(said, public, several):
    assert room_of("!1", said) == {"room": "!1", "public": public, "several": several}


@pytest.mark.parametrize(("private", "read"), [(False, ["general", "quiet"]), (True, ["general", "private", "quiet"])])
def test_rooms_by_invitation_are_read_only_where_settings_say_so(private, read, replies, tmp_path):
    with contract.replaying(replies) as url:
        messages = reading(url, tmp_path, private=private).source.streams()[1]
        assert sorted(part.name for part in messages.parts(None)) == [f"!{name}:example.org" for name in read]


def test_what_the_reader_keeps_as_direct_is_never_read_even_when_named(replies, tmp_path):
    direct = replies[0]["body"]["account_data"]["events"][0]["content"]
    direct["@bob:example.org"] = ["!private:example.org"]
    with contract.replaying(replies) as url:
        messages = reading(url, tmp_path, private=["!private:example.org", "!dm:example.org"]).source.streams()[1]
        assert sorted(part.name for part in messages.parts(None)) == ["!general:example.org", "!quiet:example.org"]


def test_without_an_administrators_token_members_have_names(replies, tmp_path):
    ann = {"type": "m.room.member", "state_key": "@ann:example.org", "origin_server_ts": SENT, "content": {}}
    for name in ("general", "quiet"):
        path = f"/_matrix/client/v3/rooms/%21{name}%3Aexample.org/members"
        replies.append({"path": path, "body": {"chunk": [ann | {"content": {"displayname": f"Ann {name}"}}]}})
    with contract.replaying(replies) as url:
        rehearsal = reading(url, tmp_path).sync()
        found = [
            page.select("account", "login", "name").row(0)
            for _, page in contract.given(rehearsal.source.streams()[0])
            if page.height
        ]
    assert found == [("@ann:example.org", "ann", "Ann general"), ("@ann:example.org", "ann", "Ann quiet")]
    assert len(lake(rehearsal, "accounts", "account")) == 1


def test_an_event_that_was_purged_gives_no_reaction_and_stops_nothing(replies, tmp_path):
    reaction = {"event_id": "$late", "type": "m.reaction", "sender": "@bob:example.org"}
    reaction |= {"origin_server_ts": int(contract.NOW.timestamp() * 1000)}
    reaction["content"] = {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$purged", "key": "x"}}
    with contract.replaying(replies) as url:
        rehearsal = reading(url, tmp_path, admin=True).sync()
        ties = lake(rehearsal, "ties_seen", "tie")
        newest = next(one for one in replies if one["path"] == f"{ROOM}/messages" and "query" not in one)
        newest["body"]["chunk"].insert(0, reaction)
        assert set(rehearsal.sync().memory.runs()["state"]) == {"done"}
    assert lake(rehearsal, "ties_seen", "tie") == ties


def test_an_edit_changes_what_is_asked_and_a_redaction_removes(replies, tmp_path):
    with contract.replaying(replies) as url:
        found = lake(reading(url, tmp_path, admin=True).sync(), "messages", "message", "question", "thread", "reply_to")
    assert found == [
        ("matrix:$c1", None, "matrix:$m1", None),
        ("matrix:$m1", True, None, None),
        ("matrix:$m2", False, None, "matrix:$m1"),
        ("matrix:$m3", False, None, None),
        ("matrix:$m4", False, "matrix:$m1", "matrix:$m1"),
    ]

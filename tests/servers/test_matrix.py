"""Synapse read, changed in every way and read again: the lake is what the server says, event by event."""

import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from connectors.http import Api, Bearer
from connectors.people import Pseudonyms
from connectors.source import kinds
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync
from servers.synapse import fill

NAMES = Pseudonyms(bytes(range(32)))
MESSAGES = ("message", "channel", "author", "reply_to", "thread", "sent", "question", "public")
TIES = ("person", "other", "kind", "channel", "seen")


class Chat:
    """Synapse beside a store of its own; the reader is an ordinary account."""

    def __init__(self, server, folder, **settings):
        self.server, self.settings = server, {"url": server.url, "token": server.tokens["reader"], **settings}
        self.lake, self.memory = Lake(folder / "lake"), Memory.open(f"sqlite:///{folder / 'memory.db'}")

    def source(self):
        return kinds()["matrix"]("matrix", self.settings)

    def sync(self, later=timedelta(0)):
        return sync(self.source(), self.lake, self.memory, NAMES, datetime.now(UTC) + later)

    def rows(self, table, *columns):
        return sorted(self.lake.scan(table).select(columns).collect().rows(), key=repr)

    def events(self, room):
        """All events of a room as the administrator sees them, oldest first."""
        path, page = f"/_synapse/admin/v1/rooms/{quote(room)}/messages", {"dir": "f", "limit": 500}
        found = []
        while True:
            reply = self.server.ask("GET", path, params=page)
            found += reply["chunk"]
            if not reply.get("end") or not reply["chunk"]:
                return found
            page["from"] = reply["end"]


def relation(event):
    return event["content"].get("m.relates_to", {})


def ours(id):
    return id and f"matrix:{id}"


def token(user):
    return NAMES.token("person", user.lower())


def moment(event):
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=event["origin_server_ts"])


def message(room, event, edits):
    told = relation(event)
    answered = told.get("m.in_reply_to", {}).get("event_id")
    thread = told["event_id"] if told.get("rel_type") == "m.thread" else None
    reply_to = thread if told.get("is_falling_back") else answered
    asks = "?" in edits.get(event["event_id"], event["content"]["body"])
    author = token(event["sender"])
    return (ours(event["event_id"]), ours(room), author, ours(reply_to), ours(thread), moment(event), asks, True)


def messages(room, events):
    bodies = [e for e in events if e["type"] == "m.room.message" and e["content"].get("msgtype") == "m.text"]
    edits = {
        relation(e)["event_id"]: e["content"]["body"] for e in bodies if relation(e).get("rel_type") == "m.replace"
    }
    return [message(room, e, edits) for e in bodies if relation(e).get("rel_type") != "m.replace"]


def reactions(room, events):
    senders = {e["event_id"]: e["sender"] for e in events}
    reacted = [(e, relation(e).get("event_id")) for e in events if e["type"] == "m.reaction"]
    return [
        (token(e["sender"]), token(senders[aim]), "reaction", ours(room), moment(e))
        for e, aim in reacted
        if aim and senders[aim] != e["sender"]
    ]


@pytest.fixture(scope="module")
def filled(synapse):
    sent = fill(synapse, 200)
    synapse.user("reader")
    rooms = sorted({room for room, _, _ in sent})
    for room in rooms:
        synapse.join(room, "reader")
    return sent, rooms


def is_the_server(chat, rooms):
    events = {room: chat.events(room) for room in rooms}
    assert chat.rows("messages", *MESSAGES) == sorted((r for x in rooms for r in messages(x, events[x])), key=repr)
    assert chat.rows("ties_seen", *TIES) == sorted((r for x in rooms for r in reactions(x, events[x])), key=repr)


def test_what_changed_arrives_and_nothing_else_moves(synapse, filled, tmp_path):
    sent, rooms = filled
    chat = Chat(synapse, tmp_path)
    talk = synapse.room("talk", "person1", ["reader"], direct=True)
    synapse.send(talk, "person1", "only between us")
    plans = synapse.room("plans", "person1", ["person2", "person3", "reader"], public=False)
    synapse.send(plans, "person1", "still secret")
    assert {run.state for run in chat.sync()} == {"done"}
    is_the_server(chat, rooms)
    assert len(chat.rows("messages", "message")) == 200
    late = synapse.thread(sent[0][0], "person3", sent[0][1], "late")
    synapse.edit(sent[1][0], "person1", sent[1][1], "How then?")
    synapse.redact(sent[3][0], "person3", sent[3][1])
    liked = synapse.react(sent[2][0], "person5", sent[2][1])
    synapse.redact(sent[2][0], "person5", synapse.react(sent[4][0], "person5", sent[4][1]))
    synapse.notice(rooms[0], "person2", "the build is green")
    assert {run.state for run in chat.sync()} == {"done"}
    is_the_server(chat, rooms)
    assert len(chat.rows("messages", "message")) == 200
    assert ours(late) in {row[0] for row in chat.rows("messages", "message")}
    assert liked
    synapse.redact(sent[2][0], "person5", liked)
    synapse.redact(sent[0][0], "person3", late)


def test_what_is_older_than_the_overlap_is_asked_for_when_something_new_is_about_it(synapse, filled, tmp_path):
    sent, rooms = filled
    chat = Chat(synapse, tmp_path, overlap_days=0)
    chat.sync()
    synapse.edit(sent[5][0], "person5", sent[5][1], "And now?")
    synapse.react(sent[6][0], "person1", sent[6][1])
    chat.sync()
    is_the_server(chat, rooms)


def test_a_room_by_invitation_is_read_when_settings_say_so_and_a_talk_of_two_never(synapse, filled, tmp_path):
    _, rooms = filled
    club = synapse.room("club", "person1", ["person2", "reader"], public=False)
    secret = synapse.send(club, "person1", "hello")
    talk = synapse.room("other", "person4", ["reader"], direct=True)
    synapse.send(talk, "person4", "only between us")
    named = Chat(synapse, tmp_path / "named", private=[club, talk])
    every = Chat(synapse, tmp_path / "every", private=True)
    for chat in (named, every):
        chat.sync()
        found = chat.lake.scan("messages").collect()
        assert ours(secret) in found["message"]
        assert ours(talk) not in found["channel"]
        assert found.filter(message=ours(secret))["public"].to_list() == [False]
    assert set(named.lake.scan("messages").collect()["channel"]) == {ours(room) for room in [*rooms, club]}


def test_an_administrator_also_learns_addresses_and_who_is_no_longer_there(synapse, filled, tmp_path):
    synapse.user("leaver", email="leaver@example.org")
    synapse.deactivate("leaver")
    chat = Chat(synapse, tmp_path, token=synapse.token, admin=True)
    chat.sync()
    accounts = {row[0]: row[1:] for row in chat.rows("accounts", "account", "email", "kind", "active")}
    assert accounts[token("@person1:chat.example.org")] == (token("person1@example.org"), "person", True)
    assert accounts[token("@leaver:chat.example.org")][2] is False


def test_a_server_killed_in_the_middle_of_a_read_is_read_to_the_end_the_next_time(
    synapse, filled, tmp_path, monkeypatch
):
    _, rooms = filled
    chat = Chat(synapse, tmp_path)
    source = chat.source()
    source.workers, source.api.tries, asked = 1, 1, source.api.ask

    def cut(path, *more, **given):
        if "from" in (more[0] if more else {}):
            synapse.kill()
        return asked(path, *more, **given)

    source.api.ask = cut
    runs = {run.stream: run.state for run in sync(source, chat.lake, chat.memory, NAMES, datetime.now(UTC))}
    assert runs["messages"] == "busy"
    synapse.start()
    assert {run.state for run in chat.sync()} == {"done"}
    is_the_server(chat, rooms)


def test_its_own_429_is_honoured(synapse, filled):
    waits = []
    synapse.user("eager")
    synapse.slow("eager")
    room = synapse.room("eager", "eager")
    api = Api(
        synapse.url,
        Bearer(synapse.tokens["eager"]),
        sleep=lambda seconds: waits.append(seconds) or threading.Event().wait(seconds),
    )
    for number in range(11):
        path = f"/_matrix/client/v3/rooms/{quote(room)}/send/m.room.message/eager{number}"
        api.ask(path, method="PUT", json={"msgtype": "m.text", "body": "x"})
    assert waits
    assert max(waits) < 60

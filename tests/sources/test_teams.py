"""Microsoft Teams: what is special about it."""

import json

import contract
import pytest

from connectors.source import kinds

SETTINGS = {"tenant": "directory", "client_id": "app", "client_secret": "s"}
CHANNEL = "/v1.0/teams/t1/channels/19%3Ahelp%40thread.tacv2/messages"
OURS = "teams:19:help@thread.tacv2:"


@pytest.fixture
def replies():
    return json.loads((contract.PAGES / "teams" / "replies.json").read_text())


def reading(url, folder, **settings):
    return contract.Rehearsal(kinds()["teams"]("teams", {"url": url, "login": url, **SETTINGS, **settings}), folder)


def lake(rehearsal, table, *columns):
    return rehearsal.lake.scan(table).select(columns).sort(columns).collect().rows()


def at(replies, path, **query):
    return next(one for one in replies if one["path"] == path and one.get("query", {}) == query)["body"]


def test_replies_beyond_the_first_thousand_are_asked_for_and_what_apps_post_is_left_out(replies, tmp_path):
    with contract.replaying(replies) as url:
        found = lake(reading(url, tmp_path).sync(), "messages", "message", "thread")
    assert found == [
        (f"{OURS}1001", None),
        (f"{OURS}1002", f"{OURS}1001"),
        (f"{OURS}1004", None),
        (f"{OURS}1005", f"{OURS}1001"),
    ]


def test_later_only_threads_that_changed_are_read_and_what_was_deleted_in_them_goes(replies, tmp_path):
    with contract.replaying(replies) as url:
        rehearsal = reading(url, tmp_path).sync()
        root = at(replies, CHANNEL)["value"][0]
        root["replies"][0] |= {"deletedDateTime": "2026-11-22T09:00:00Z"}
        root["body"]["content"] = "no"
        root["lastModifiedDateTime"] = "2026-11-22T09:01:00Z"
        del root["replies@odata.nextLink"]
        at(replies, f"{CHANNEL}/delta")["value"], at(replies, CHANNEL)["value"] = [root], []
        rehearsal.sync()
    found = lake(rehearsal, "messages", "message", "question")
    assert found == [(f"{OURS}1001", False), (f"{OURS}1004", False), (f"{OURS}1005", False)]


@pytest.mark.parametrize(
    ("private", "read"),
    [
        (False, ["help", "quiet"]),
        (True, ["board", "board2", "help", "quiet", "secret", "shared"]),
        (["Board"], ["board", "board2", "help", "quiet"]),
        (["t1"], ["help", "quiet", "secret", "shared"]),
    ],
)
def test_private_teams_and_channels_only_where_settings_say_so(private, read, replies, tmp_path):
    with contract.replaying(replies) as url:
        messages = reading(url, tmp_path, private=private).source.streams()[1]
        assert {part.name for part in messages.parts(None)} == {f"19:{name}@thread.tacv2" for name in read}


def test_what_only_a_team_may_read_is_not_public(replies, tmp_path):
    board = "/v1.0/teams/t2/channels/19%3Aboard%40thread.tacv2/messages"
    message = {**at(replies, CHANNEL)["value"][0], "replies": [], "replies@odata.nextLink": None}
    replies += [
        {"path": board, "body": {"value": [message]}},
        {"path": board.replace("board", "board2"), "body": {"value": []}},
    ]
    with contract.replaying(replies) as url:
        found = dict(lake(reading(url, tmp_path, private=["Board"]).sync(), "messages", "message", "public"))
    assert found[f"{OURS}1001"] is True
    assert found["teams:19:board@thread.tacv2:1001"] is False


def test_a_guest_is_known_by_no_login(replies, tmp_path):
    with contract.replaying(replies) as url:
        accounts = dict(next(reading(url, tmp_path).source.streams()[0].read(None)).select("account", "login").rows())
    assert accounts == {"u1": "ann@example.org", "u2": "bob@example.org", "u3": None}

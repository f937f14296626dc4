"""Zulip: what is special about it."""

import json

import contract
import pytest

from connectors.source import kinds

SETTINGS = {"email": "reader-bot@example.org", "key": "k"}


@pytest.fixture
def replies():
    return json.loads((contract.PAGES / "zulip" / "replies.json").read_text())


def reading(url, folder, **settings):
    return contract.Rehearsal(kinds()["zulip"]("zulip", {"url": url, **SETTINGS, **settings}), folder)


def lake(rehearsal, table, *columns):
    return rehearsal.lake.scan(table).select(columns).sort(columns).collect().rows()


def newest(replies):
    return next(one for one in replies if one.get("query", {}).get("anchor") == "newest")["body"]["messages"]


def test_an_edit_arrives_and_what_was_deleted_goes(replies, tmp_path):
    with contract.replaying(replies) as url:
        rehearsal = reading(url, tmp_path, overlap_days=400).sync()
        assert ("zulip:6", False) in lake(rehearsal, "messages", "message", "question")
        newest(replies)[2] |= {"content": "<p>or not?</p>", "last_edit_timestamp": 1772449999}
        del newest(replies)[3]
        rehearsal.sync()
    found = lake(rehearsal, "messages", "message", "question")
    assert found == [("zulip:2", True), ("zulip:3", False), ("zulip:4", False), ("zulip:6", True)]


def test_a_topic_is_the_same_thread_once_it_is_resolved_and_its_name_is_not_kept(replies, tmp_path):
    with contract.replaying(replies) as url:
        threads = dict(lake(reading(url, tmp_path).sync(), "messages", "message", "thread"))
    assert threads["zulip:4"] == threads["zulip:6"] != threads["zulip:3"]
    assert all(len(thread) == len("zulip:") + 24 for thread in threads.values())


@pytest.mark.parametrize(("private", "asked"), [(False, [7, 8]), (True, [7, 8, 9]), (["x"], [7, 8])])
def test_private_channels_are_read_only_where_settings_say_so(private, asked, replies, tmp_path):
    with contract.replaying(replies) as url:
        messages = reading(url, tmp_path, private=private).source.streams()[1]
        assert [part.name for part in messages.parts(None)] == [str(one) for one in asked]


def test_a_bot_is_told_by_zulips_own_flag(replies, tmp_path):
    with contract.replaying(replies) as url:
        found = lake(reading(url, tmp_path).sync(), "accounts", "kind")
    assert found == [("bot",), ("person",), ("person",), ("person",)]

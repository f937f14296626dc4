"""Slack is asked as Slack's own description says, and its replies are read in every shape they may have."""

from datetime import UTC, datetime

import pytest
from described import WAYS, described, everything, recording

from connectors.source import kinds

ENDS = {"response_metadata.next_cursor": ""}
CHANNEL = {"id": "C012AB3CD", "is_private": False, "is_member": True, "created": 1449252889}
PARENT = {"type": "message", "user": "U012AB3CD", "ts": "1512085950.000216", "text": "?", "reply_count": 3}


def reading(way, instead=None, **settings):
    transport = recording(described("slack"), way, ENDS, instead)
    return transport, kinds()["slack"]("slack", {"token": "xoxp-1", "transport": transport, **settings})


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("since", [None, datetime(2017, 1, 1, 9, 30, tzinfo=UTC)])
def test_requests_are_valid_and_replies_are_read(way, since):
    transport, source = reading(way)
    everything(source, since)
    assert transport.wrong == []
    assert {path for _, path, _ in transport.asked} >= {"/users.list", "/conversations.list"}


def test_history_and_replies_are_asked_as_described():
    listed = {"ok": True, "channels": [CHANNEL]}
    said = {"ok": True, "messages": [PARENT], "has_more": False}
    replies = {"/conversations.list": listed, "/conversations.history": said}
    transport, source = reading("example", replies, private=True)
    assert everything(source, datetime(2017, 1, 1, tzinfo=UTC))["messages"] == 4
    assert transport.wrong == []
    assert [path for _, path, _ in transport.asked][-2:] == ["/conversations.history", "/conversations.replies"]


def test_the_vendors_own_example_gives_two_people_and_two_messages_a_channel():
    _, source = reading("example")
    assert everything(source)["accounts"] == 2
    assert everything(source)["messages"] == 4

"""Zulip is asked as Zulip's own description says, and its replies are read in every shape they may have."""

from datetime import UTC, datetime

import pytest
from described import described, everything, recording

from connectors.errors import Changed
from connectors.source import kinds

SETTINGS = {"url": "https://you.zulipchat.com", "email": "reader-bot@example.org", "key": "k"}
CHANNELS = {"streams": [{"stream_id": 7, "name": "help", "invite_only": False}]}
MESSAGE = {"type": "stream", "stream_id": 7, "sender_id": 11, "subject": "x", "content": "<p>why?</p>"}
ALL = {"found_oldest": True}


def reading(way="example", instead=None, ends=ALL, **settings):
    transport = recording(described("zulip"), way, ends, instead)
    return transport, kinds()["zulip"]("zulip", {**SETTINGS, "transport": transport, **settings})


def its_own(path):
    """The example that stands in the description of a reply."""
    schema = f"/paths/~1{path}/get/responses/200/content/application~1json/schema"
    return described("zulip").at(schema)[1]["allOf"][-1]["example"]


@pytest.mark.parametrize("way", ["example", "full"])
@pytest.mark.parametrize("private", [False, True, ["help"]])
@pytest.mark.parametrize("since", [None, datetime(2017, 1, 1, tzinfo=UTC)])
def test_requests_are_valid_and_replies_are_read(way, private, since):
    transport, source = reading(way, {"/streams": CHANNELS}, private=private)
    everything(source, since)
    assert transport.wrong == []
    assert {path for _, path, _ in transport.asked} == {"/users", "/streams", "/messages"}


def test_the_vendors_own_examples_give_three_users_and_the_one_message_of_its_public_channel():
    transport, source = reading(instead={f"/{path}": its_own(path) for path in ("users", "streams", "messages")})
    counts = everything(source)
    assert (counts["accounts"], counts["messages"]) == (3, 1)
    assert [query["narrow"] for _, path, query in transport.asked if path == "/messages"] == [
        '[{"operator": "stream", "operand": 1}]'
    ]


def test_pages_are_asked_for_as_described_from_the_newest_back():
    page = {"messages": [{**MESSAGE, "id": 5, "timestamp": 1772442000}, {**MESSAGE, "id": 6, "timestamp": 1772442060}]}
    transport, source = reading(instead={"/streams": CHANNELS, "/messages": page}, ends={"found_oldest": False})
    with pytest.raises(Changed, match="same page again"):
        everything(source)
    assert transport.wrong == []
    asked = [query for _, path, query in transport.asked if path == "/messages"]
    assert [(one["anchor"], one.get("include_anchor")) for one in asked] == [("newest", None), ("5", "false")]

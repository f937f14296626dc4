"""Replies that are not quite JSON, or hold a field as another kind: read where they can be, told where they cannot."""

import httpx2
import pytest
from answering import answers, api, ids

from connectors.errors import Changed
from connectors.paging import Counted
from connectors.reply import Reply
from connectors.shape import frame, length, rows

FIELDS = {
    "id": str,
    "n": int,
    "share": float,
    "on": bool,
    "who": {"name": str, "age": int},
    "tag": {"name": str},
    "all": [{"x": str}],
}


def one(text):
    """The only record, without what it lacks."""
    row = frame([text if isinstance(text, bytes) else text.encode()], FIELDS, "host/list").to_dicts()[0]
    return {name: value for name, value in row.items() if value is not None}


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ('[{"n": "12"}]', {"n": 12}),
        ('[{"n": " -3 "}]', {"n": -3}),
        ('[{"n": ""}]', {}),
        ('[{"share": "1.5", "n": "2"}]', {"share": 1.5, "n": 2}),
        ('[{"on": "true"}]', {"on": True}),
        ('[{"on": 0}]', {"on": False}),
        ('[{"who": []}]', {}),
        ('[{"who": false, "id": 7}]', {"id": "7"}),
        ('[{"all": ""}]', {}),
        ('[{"tag": "bug"}, {"tag": {"name": "wish"}}]', {"tag": {"name": "bug"}}),
        ('[null, {"id": "a"}]', {"id": "a"}),
        ('[{"share": NaN, "id": "a"}]', {"id": "a"}),
    ],
)
def test_a_value_of_another_kind_is_read_where_it_means_one(said, read):
    assert one(said) == read


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('[{"who": "CANARY"}]', "who is text where an object should be"),
        ('[{"n": "CANARY"}]', "n is text where a number should be"),
        ('[{"n": "99999999999999999999"}]', "n is text where a number should be"),
        ('[{"all": [{"x": "a"}, ["CANARY"]]}]', r"all\[\] is a list where an object should be"),
        ('[{"on": "CANARY"}]', "on is text where yes or no should be"),
        ('["CANARY"]', "a record is text where an object should be"),
    ],
)
def test_what_cannot_be_read_is_named_and_never_quoted(said, words):
    with pytest.raises(Changed, match=words) as told:
        one(said)
    assert "CANARY" not in str(told.value)


@pytest.mark.parametrize(
    "raw",
    [
        b'\xef\xbb\xbf{"items": [{"id": "a"}]}',
        b'{"items": [{"id": "a", "text": "cut \\ud83d"}]}',
        b'{"text": "cut \\ud83d", "items": [{"id": "a"}]}',
        b'{"text": "caf\xe9", "items": [{"id": "a"}]}',
        b'{"items": [{"id": "a", "text": "caf\xe9"}]}',
        b'{"rate": NaN, "items": [{"id": "a"}]}',
    ],
)
def test_records_are_found_in_a_reply_that_is_not_quite_json(raw):
    lists = rows(Reply("host/list", raw), "items")
    assert [length(one) for one in lists] == [1]
    assert frame(lists, {"id": str}, "host/list").rows() == [("a",)]


def test_a_page_with_half_an_emoji_does_not_end_the_read():
    pages = [b'[{"id": 1, "text": "\\ud83d"}]', b'[{"id": 2}]', b"[]"]
    replies = answers(*(httpx2.Response(200, content=one) for one in pages))
    assert ids(api(replies).pages("list", Counted("from", "size"))) == [1, 2]


def test_half_a_reply_is_no_reply():
    with pytest.raises(Changed, match="not JSON"):
        rows(Reply("host/list", b'{"items": [{"id": "a"}, {"id"'), "items")


def test_a_list_that_may_be_absent_is_empty_and_one_that_may_not_has_changed():
    assert rows(Reply("host/Users", b'{"totalResults": 0}'), "Resources?") == []
    assert rows(Reply("host/Users", b'{"Resources": [{"id": "a"}]}'), "Resources?") == [b'[{"id": "a"}]']
    with pytest.raises(Changed, match="has no 'Resources'"):
        rows(Reply("host/Users", b'{"totalResults": 0}'), "Resources")

"""The fields that are read of a vendor's records: all of them, of their kind, and nothing beside them."""

import json

import polars as pl
import pytest

from connectors.errors import Changed
from connectors.http import Reply
from connectors.shape import frame, lean, rows, schema

FIELDS = {
    "id": str,
    "@odata.type": str,
    "from": {"self": str, "size": int},
    "marks": [{"name": str, "users": [str]}],
    "score": float,
    "open": bool,
}
RECORDS = [
    {"id": "1", "@odata.type": "#one", "from": {"self": "a", "size": 3, "more": [1]}, "score": 0.5, "open": True},
    {"id": "2", "from": None, "marks": [{"name": "eyes", "users": ["u1", None]}, {"name": "tada"}], "said": "canary"},
    {"id": None, "from": {}, "marks": [], "score": 2, "open": None},
    {},
]


def reply(body):
    return Reply("example.org/x", body if isinstance(body, bytes) else json.dumps(body).encode())


def test_what_is_read_first_and_left_out_first_is_the_same():
    text = json.dumps(RECORDS).encode()
    found = frame([text, b"[]", b"null"], FIELDS, "here")
    assert found.equals(pl.read_json(text, schema=schema(FIELDS)))
    assert found.schema == schema(FIELDS)
    assert found["@odata.type"].to_list() == ["#one", None, None, None]
    assert found["marks"].to_list()[1:3] == [
        [{"name": "eyes", "users": ["u1", None]}, {"name": "tada", "users": None}],
        [],
    ]


def test_what_is_not_read_is_left_out_before_anything_else_is_done():
    assert b"canary" not in lean([json.dumps(RECORDS).encode()], FIELDS)


def test_one_record_may_stand_where_a_list_should_be():
    assert frame([b'{"id": "1"}', b'[{"id": "2"}]'], {"id": str}, "here")["id"].to_list() == ["1", "2"]


@pytest.mark.parametrize("said", ["[]", "null", ""])
def test_no_records_are_no_rows_of_the_same_columns(said):
    found = frame([said.encode()] if said else [], FIELDS, "here")
    assert (found.height, found.schema) == (0, schema(FIELDS))


def test_records_of_other_kinds_are_read_as_far_as_can_be():
    mixed = [b'[{"id": 7, "score": "1.5"}]', b'[{"id": "8"}, null]']
    found = frame(mixed, {"id": str, "score": float}, "here")
    assert found.rows() == [("7", 1.5), ("8", None)]


def test_a_kind_that_cannot_be_made_of_it_is_told_and_not_quoted():
    with pytest.raises(Changed, match=r"here: open is text where yes or no should be") as told:
        frame([b'[{"open": "canary"}]'], FIELDS, "here")
    assert "canary" not in str(told.value)


def test_a_value_stands_at_its_path_and_what_is_not_there_is_none():
    told = reply({"ok": True, "meta": {"next": "c", "deep": {"er": 1}}, "@next.link": "x", "none": None, "word": "w"})
    wanted = {
        "ok": True,
        "meta.next": "c",
        "meta.deep.er": 1,
        "@next.link": "x",
        "meta": {"next": "c", "deep": {"er": 1}},
    }
    assert {where: told.at(where) for where in wanted} == wanted
    assert [told.at(where) for where in ("no", "no.more", "none", "none.more", "word.more", "meta.no.more")] == [
        None
    ] * 6


@pytest.mark.parametrize("body", [b"[1]", b'"text"', b"{}", b"null"])
def test_a_body_without_fields_has_nothing_at_any_path(body):
    assert (reply(body).at("ok"), reply(body).at("meta.next")) == (None, None)


def test_a_body_that_is_not_quite_json_is_read_all_the_same():
    told = reply(b'\xef\xbb\xbf{"ok": true, "much": NaN, "records": [{"id": "1"}]}')
    assert told.at("ok") is True
    assert frame(rows(told, "records"), {"id": str}, "here")["id"].to_list() == ["1"]
    half = reply(b'{"cursor": "\xff", "records": []}')
    assert half.at("cursor") == "\N{REPLACEMENT CHARACTER}"


def test_records_are_found_on_their_way_and_their_absence_is_told():
    told = reply({"query": {"pages": {"1": {"id": "a"}, "2": {"id": "b"}}}})
    assert frame(rows(told, "query.pages.*"), {"id": str}, "here")["id"].to_list() == ["a", "b"]
    assert rows(told, "query.others?") == []
    with pytest.raises(Changed, match=r"example.org/x has no 'query.others'"):
        rows(told, "query.others")
    with pytest.raises(Changed, match=r"example.org/x has no 'records'"):
        rows(told, "records")
    with pytest.raises(Changed, match=r"no object on the way to 'records'"):
        rows(reply(b"[]"), "records")

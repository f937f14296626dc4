"""Going on from the last record: nothing is missed or read twice, and an end that is none is told."""

import json

import pytest

from connectors.errors import Changed, Refused
from connectors.keyset import Keyset
from connectors.paging import Next
from connectors.reply import Reply

NUMBERED = Keyset("issue_id", "issues.id", ">=", step=1)
QUERIED = Keyset("q", "result.key", "^key>", tail="^ORDERBYkey", left="X-Total-Count")


def page(body, **headers):
    return Reply("desk/issues", json.dumps(body).encode(), {}, headers)


def test_the_next_page_begins_behind_the_last_record():
    assert NUMBERED.after(page({"issues": [{"id": 3}, {"id": 9}]}), 2, 2, {"sort": "id"}) == (
        "",
        {"sort": "id", "issue_id": ">=10"},
    )


def test_the_mark_takes_the_place_of_the_one_before():
    reply = page({"issues": [{"id": 12}]})
    assert NUMBERED.after(reply, 1, 3, {"issue_id": ">=10"}) == ("", {"issue_id": ">=13"})


def test_a_query_keeps_what_it_asked_and_its_order():
    reply = page({"result": [{"key": "b7"}]})
    assert QUERIED.after(reply, 1, 1, {"q": "on>=5^ORDERBYkey"}) == ("", {"q": "on>=5^key>b7^ORDERBYkey"})
    assert QUERIED.after(reply, 1, 2, {"q": "on>=5^key>a1^ORDERBYkey"}) == ("", {"q": "on>=5^key>b7^ORDERBYkey"})


def test_an_empty_page_is_the_end_unless_more_is_counted():
    assert QUERIED.after(page({"result": []}, **{"X-Total-Count": "0"}), 0, 5, {}) is None
    with pytest.raises(Refused, match="hides 4 records"):
        QUERIED.after(page({"result": []}, **{"X-Total-Count": "4"}), 0, 5, {})


def test_a_last_record_without_its_field_is_a_change():
    with pytest.raises(Changed, match=r"no issues\.id"):
        NUMBERED.after(page({"issues": [{"number": 9}]}), 1, 1, {})


def test_an_address_that_is_given_even_at_the_end_is_not_followed():
    paging = Next("after_url", last="end_of_stream")
    address = "https://example.org/api/more"
    assert paging.after(page({"after_url": address, "end_of_stream": False}), 1, 1, {}) == (address, {})
    assert paging.after(page({"after_url": address, "end_of_stream": True}), 1, 1, {}) is None

"""Every page in every way vendors page; a source that leads nowhere is found out."""

import json

import pytest
from answering import ALL, answers, api, ids, ok, records
from faults import Vendor

from connectors.errors import Changed
from connectors.http import After, Api, Continue, Counted, Cursor, Header, Next, Reply


def test_a_cursor_in_the_body_is_followed_to_the_end():
    asked = []

    def answer(request):
        asked.append(request.url.params.get("cursor"))
        page, after = {None: ((1, 2), "a"), "a": ((), "b"), "b": ((3,), "")}[asked[-1]]
        return ok({"items": records(*page), "meta": {"next": after}})

    pages = api(answer).pages("x", Cursor("cursor", "meta.next"), items="items", params={"limit": 2})
    assert (ids(pages), asked) == ([1, 2, 3], [None, "a", "b"])


def test_a_source_that_says_there_is_more_and_gives_no_cursor_has_changed():
    more = {"items": records(1), "isLast": False}
    with pytest.raises(Changed, match="gives no next"):
        list(api(answers(ok(more))).pages("x", Cursor("c", "next", last="isLast"), items="items"))


def test_the_link_header_and_the_address_in_the_body_are_followed():
    link = {"Link": '</api/x?page=2>; rel="next"'}
    assert ids(api(answers(ok(records(1), **link), ok(records(2)))).pages("x", Next())) == [1, 2]
    body = {"value": records(1), "@next": "https://example.org/api/x?skip=1"}
    found = api(answers(ok(body), ok({"value": records(2)}))).pages("x", Next("@next"), items="value")
    assert ids(found) == [1, 2]


@pytest.mark.parametrize("cap", [100, 2], ids=["as asked", "fewer than asked"])
def test_a_short_page_is_not_the_end(cap):
    def answer(request):
        start, size = int(request.url.params["offset"]), int(request.url.params["limit"])
        return ok(records(*ALL[start : start + min(size, cap)]))

    assert ids(api(answer).pages("x", Counted("offset", "limit", 3))) == ALL


def test_pages_by_number_stop_at_the_total_and_not_before():
    def answer(request):
        start = (int(request.url.params["page"]) - 1) * 2
        return ok({"total": 5, "items": records(*ALL[start : start + 2])})

    numbered = Counted("page", "per_page", 2, start=1, total="total", by_page=True)
    assert ids(api(answer).pages("x", numbered, items="items")) == ALL
    with pytest.raises(Changed, match="counts 5 and gave 0"):
        list(api(answers(ok({"total": 5, "items": []}))).pages("x", numbered, items="items"))


def test_a_repeated_cursor_and_too_many_pages_are_refused():
    again = {"items": records(1), "next": "a"}
    with pytest.raises(Changed, match="same page again"):
        list(api(lambda request: ok(again)).pages("x", Cursor("c", "next"), items="items"))
    count = iter(range(99))
    with pytest.raises(Changed, match="more than 3 pages"):
        endless = api(lambda request: ok({"items": [], "next": next(count)}))
        list(endless.pages("x", Cursor("c", "next"), items="items", most=3))


def test_an_object_that_says_how_to_go_on_replaces_what_was_said_before():
    asked = []

    def answer(request):
        asked.append(dict(request.url.params))
        more = [{"a": "1", "continue": "||"}, {"b": "2", "continue": "-||"}, None][len(asked) - 1]
        return ok({"query": records(len(asked)), **({"continue": more} if more else {})})

    assert ids(api(answer).pages("x", Continue(), items="query", params={"list": "x"})) == [1, 2, 3]
    assert [sorted(query) for query in asked] == [["list"], ["a", "continue", "list"], ["b", "continue", "list"]]


def test_what_comes_after_the_last_record_is_asked_for_until_nothing_comes():
    def answer(request):
        after = int(request.url.params.get("min", 0))
        assert request.url.params["sort"] == "id"
        return ok({"items": records(*[n for n in ALL if n > after][:2])})

    assert ids(api(answer).pages("x", After("min", "items.id", {"sort": "id"}), items="items")) == ALL
    same = api(lambda request: ok({"items": records(1)}))
    with pytest.raises(Changed, match="same page again"):
        list(same.pages("x", After("min", "items.id"), items="items"))
    with pytest.raises(Changed, match=r"has no items\.key"):
        list(same.pages("x", After("min", "items.key"), items="items"))


def test_a_header_says_the_next_page_and_its_absence_is_a_change_where_it_is_always_sent():
    told = [ok(records(1), **{"X-Next-Page": "2"}), ok(records(2), **{"X-Next-Page": ""})]
    assert ids(api(answers(*told)).pages("x", Header("page", "X-Next-Page", always=True))) == [1, 2]
    with pytest.raises(Changed, match="no header X-Next-Page"):
        list(api(answers(ok(records(1)))).pages("x", Header("page", "X-Next-Page", always=True)))
    assert ids(api(answers(ok(records(1)))).pages("x", Header("page", "X-Token"))) == [1]


def test_an_address_may_stand_in_two_pieces():
    body = {"results": records(1), "_links": {"base": "https://example.org/wiki", "next": "/rest?start=1"}}
    asked = []

    def answer(request):
        asked.append(str(request.url))
        return ok(body if len(asked) == 1 else {"results": [], "_links": {"base": "https://example.org/wiki"}})

    list(api(answer).pages("x", Next("_links.next", base="_links.base"), items="results", params={"limit": 1}))
    assert asked[1] == "https://example.org/wiki/rest?start=1"


def test_a_repeated_cursor_is_found_out_though_the_pages_differ():
    count = iter(range(99))
    cursor = Cursor("c", "next")
    with pytest.raises(Changed, match="same page again"):
        list(api(lambda request: ok({"items": records(next(count)), "next": "a"})).pages("x", cursor, items="items"))
    assert next(count) == 2


def test_a_source_that_gives_the_first_page_whatever_is_asked_is_found_out():
    with pytest.raises(Changed, match="same page again"):
        list(api(lambda request: ok(records(1, 2))).pages("x", Counted("offset", "limit", 2)))


def test_a_cursor_goes_into_the_body_of_a_post():
    with Vendor("posted") as vendor:
        list(Api(vendor.address).pages("list", vendor.paging, items="items", params={"v": 1}, **vendor.asked))
    assert [(method, path) for method, path, _ in vendor.log] == [("POST", "/list?v=1")] * 3
    assert [sorted(body) for _, _, body in vendor.log] == [["size"], ["cursor", "size"], ["cursor", "size"]]


def test_a_value_is_found_by_its_path_or_by_a_name_that_has_a_dot():
    body = {"a": {"b": [1], "c.d": 2}, "@odata.nextLink": "n", "e": None, "f": "\ud83d"}
    reply = Reply("x", json.dumps(body).encode())
    paths = ("a.b", "a.c.d", "@odata.nextLink", "e.x", "a.b.c", "none", "f")
    for _ in range(2):
        assert [reply.at(path) for path in paths] == [[1], 2, "n", None, None, None, "\ud83d"]
    assert reply.at("") == body

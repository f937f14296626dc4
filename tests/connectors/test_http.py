"""The polite way to ask a web API: everything, or an error that says who must act; never a part in silence."""

import json
import logging
import socket
import struct
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from connectors.errors import Busy, Changed, Refused
from connectors.http import Api, Basic, Bearer, Counted, Cursor, Key, Next

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ALL = [1, 2, 3, 4, 5]


def api(answer, **options):
    slept = []
    made = Api(
        "https://example.org/api",
        transport=httpx2.MockTransport(answer),
        sleep=slept.append,
        clock=lambda: NOW,
        **options,
    )
    made.slept = slept
    return made


def answers(*replies):
    left = list(replies)
    return lambda request: left.pop(0)


def ok(body=None, **headers):
    return httpx2.Response(200, json=body if body is not None else [], headers=headers)


def ids(pages):
    return [record["id"] for page in pages for record in page]


def records(*numbers):
    return [{"id": number} for number in numbers]


def test_credentials_go_into_their_header():
    sent = []
    for who in (Bearer("t0ken"), Bearer("t0ken", "Token"), Basic("ann", "pw"), Key("X-Api-Key", "k")):
        api(lambda request: sent.append(request.headers) or ok(), credentials=who).get("x")
    assert [headers.get("Authorization") for headers in sent] == ["Bearer t0ken", "Token t0ken", "Basic YW5uOnB3", None]
    assert sent[3]["X-Api-Key"] == "k"


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


def test_an_address_on_another_host_is_never_given_our_token():
    link = {"Link": '<https://evil.example/x>; rel="next"'}
    with pytest.raises(Changed, match="another host"):
        list(api(answers(ok(records(1), **link)), credentials=Bearer("t0ken")).pages("x", Next()))


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


def test_it_waits_as_long_as_it_is_asked_to():
    later = (NOW + timedelta(seconds=7)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    slow = [httpx2.Response(429, headers={"Retry-After": "3"}), httpx2.Response(503, headers={"Retry-After": later})]
    patient = api(answers(*slow, httpx2.Response(403, headers={"Retry-After": "1"}), ok([])))
    assert (patient.get("x").body, patient.slept) == ([], [3.0, 7.0, 1.0])


def test_a_wait_too_long_for_one_run_says_when_to_come_back():
    with pytest.raises(Busy, match="come back at 2026-11-22 13:00:00 UTC"):
        api(answers(httpx2.Response(429, headers={"Retry-After": "3600"}))).get("x")


def test_all_waits_of_a_run_together_have_a_limit():
    slow = [httpx2.Response(429, headers={"Retry-After": "40"})] * 2
    with pytest.raises(Busy, match="come back"):
        api(answers(*slow), patience=timedelta(seconds=60)).get("x")


def test_failures_that_pass_are_tried_again_ever_later():
    def answer(request):
        if len(slept := patient.slept) == 0:
            raise httpx2.ReadTimeout("slow")
        return httpx2.Response(502) if len(slept) < 3 else ok([])

    patient = api(answer)
    assert patient.get("x").body == []
    assert len(patient.slept) == 3 and all(s <= 2**i for i, s in enumerate(patient.slept))


def test_failures_that_do_not_pass_end_as_busy_and_so_does_the_budget():
    with pytest.raises(Busy, match=r"did not answer, tries: 6 \(500\)"):
        api(lambda request: httpx2.Response(500)).get("x")
    with pytest.raises(Busy, match="used up"):
        api(lambda request: httpx2.Response(500), budget=3).get("x")


def test_who_waits_to_know_is_told_after_one_try():
    impatient = api(lambda request: httpx2.Response(500))
    with pytest.raises(Busy, match="tries: 1"):
        impatient.once().get("x")
    assert impatient.slept == []


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (httpx2.Response(401), Refused, r"example.org refused /api/x \(401\); renew the token"),
        (httpx2.Response(403), Refused, "403"),
        (httpx2.Response(404), Changed, "answered 404"),
        (httpx2.Response(410), Changed, "answered 410"),
        (httpx2.Response(302, headers={"Location": "https://evil.example"}), Changed, "answered 302"),
        (httpx2.Response(200, text="<html>log in</html>"), Changed, "not JSON"),
        (ok({"error": "canary"}), Changed, "no list of records at 'items'"),
        (ok({"items": ["canary"]}), Changed, "no list of records"),
        (ok(["canary"]), Changed, "no list of records"),
    ],
)
def test_every_other_answer_says_who_must_act(reply, error, words):
    with pytest.raises(error, match=words) as raised:
        list(api(answers(reply)).pages("x", Next(), items="items"))
    assert "canary" not in str(raised.value)


def test_an_address_that_cannot_be_meant_is_refused():
    for address in ("example.org", "ftp://example.org", "https://ann:pw@example.org/x"):
        with pytest.raises(Refused, match=r"must look like https://example.org/api"):
            Api(address)
    with pytest.raises(Refused, match="a sign that none can hold"):
        Api("https://example.org", Bearer("tökén"))


def test_no_secret_is_in_a_log_an_error_or_a_repr(caplog):
    caplog.set_level(logging.DEBUG)
    for who in (Bearer("s3cret"), Basic("ann", "s3cret"), Key("X", "s3cret")):
        asking = api(answers(ok([]), httpx2.Response(401)), credentials=who, headers={"X-Other": "s3cret"})
        asking.get("x", {"key": "s3cret"})
        with pytest.raises(Refused) as raised:
            asking.get("x", {"key": "s3cret"})
        assert "s3cret" not in f"{raised.value}{who!r}{asking!r}{caplog.text}"


class Faulty(BaseHTTPRequestHandler):
    """Five records in pages of two; the request whose number is `broken` goes wrong in the way of `fault`."""

    protocol_version = "HTTP/1.1"
    broken, fault, count = -1, "", 0

    def do_GET(self):
        cls = type(self)
        cls.count += 1
        start = int(parse_qs(urlsplit(self.path).query).get("cursor", ["0"])[0])
        after = start + 2 if start + 2 < len(ALL) else None
        body = json.dumps({"items": records(*ALL[start : start + 2]), "next": after}).encode()
        getattr(self, cls.fault if cls.count - 1 == cls.broken else "well")(body)

    def well(self, body, status=200, length=None, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def limited(self, body):
        self.well(b"", 429, Retry_After="0")

    def far_too_limited(self, body):
        self.well(b"", 429, Retry_After="86400")

    def unavailable(self, body):
        self.well(b"", 503)

    def expired(self, body):
        self.well(b"", 401)

    def gone(self, body):
        self.well(b"", 410)

    def dropped_before(self, body):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def dropped_within(self, body):
        self.well(body[: len(body) // 2], length=len(body))
        self.close_connection = True

    def cut_without_length(self, body):
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.close_connection = True

    def login_page(self, body):
        self.well(b"<html>log in</html>")

    def other_shape(self, body):
        self.well(b'{"ok": false, "error": "canary"}')

    def silent(self, body):
        self.server.released.wait(5)
        self.close_connection = True

    def log_message(self, *words):
        pass


@pytest.fixture
def faulty():
    class Fresh(Faulty):
        pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Fresh)
    server.released = threading.Event()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield Fresh, f"http://127.0.0.1:{server.server_port}"
    server.released.set()
    server.shutdown()
    server.server_close()


FAULTS = {
    "limited": None,
    "unavailable": None,
    "dropped_before": None,
    "dropped_within": None,
    "silent": None,
    "far_too_limited": Busy,
    "expired": Refused,
    "gone": Changed,
    "cut_without_length": Changed,
    "login_page": Changed,
    "other_shape": Changed,
}


@pytest.mark.parametrize("broken", [0, 1, 2])
@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_goes_wrong_at_whatever_request_nothing_is_left_out_in_silence(faulty, fault, broken):
    server, address = faulty
    server.fault, server.broken = fault, broken
    pages = Api(address, timeout=0.3, sleep=lambda seconds: None).pages("x", Cursor("cursor", "next"), items="items")
    if FAULTS[fault]:
        with pytest.raises(FAULTS[fault]):
            list(pages)
    else:
        assert ids(pages) == ALL

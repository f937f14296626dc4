"""Who asks: secrets go where they belong and are said nowhere."""

import logging
import threading
from datetime import timedelta

import httpx2
import pytest
from answering import NOW, answers, api, limited, ok
from faults import Vendor

from connectors.errors import Busy, Changed, Refused
from connectors.http import Api, Basic, Bearer, ClientCredentials, Key, Refresh


def test_credentials_go_into_their_header():
    sent = []
    for who in (Bearer("t0ken"), Bearer("t0ken", "Token"), Basic("ann", "pw"), Key("X-Api-Key", "k")):
        api(lambda request: sent.append(request.headers) or ok(), credentials=who).get("x")
    assert [headers.get("Authorization") for headers in sent] == ["Bearer t0ken", "Token t0ken", "Basic YW5uOnB3", None]
    assert sent[3]["X-Api-Key"] == "k"


class Door:
    """An API whose tokens are given by another host and last ten minutes."""

    held, hold, headers = 0, threading.Event(), {}

    def __init__(self, **said):
        self.now, self.given, self.asked, self.bad, self.said = NOW, 0, [], set(), said

    def __call__(self, request):
        if request.url.host == "login.example":
            self.asked.append(dict(httpx2.QueryParams(request.content.decode())))
            assert "authorization" not in request.headers and "x-other" not in request.headers
            self.given += 1
            self.hold.wait(self.held)
            body = {"access_token": f"t{self.given}", "expires_in": 600, "token_type": "Bearer"}
            return ok({**body, **self.said}, **self.headers)
        token = request.headers["Authorization"]
        return httpx2.Response(401) if token in self.bad else ok([token])

    def api(self, who, **options):
        transport = httpx2.MockTransport(self)
        headers = {"X-Other": "s3cret"}
        return Api("https://example.org", who, headers, transport=transport, clock=lambda: self.now, **options)


def client(**options):
    return ClientCredentials("https://login.example/token", "id", "s3cret", **options)


def test_a_client_fetches_its_token_when_it_is_first_needed_and_anew_a_minute_before_its_end():
    door = Door()
    api = door.api(client(scope="read"))
    assert door.given == 0
    seen = []
    for seconds in (0, 539, 540, 1079):
        door.now = NOW + timedelta(seconds=seconds)
        seen += api.get("x").body
    assert seen == ["Bearer t1", "Bearer t1", "Bearer t2", "Bearer t2"]
    sent = {"grant_type": "client_credentials", "scope": "read", "client_id": "id", "client_secret": "s3cret"}
    assert door.asked == [sent, sent]


def test_a_token_that_is_refused_is_fetched_anew_once():
    door = Door()
    api = door.api(client())
    api.get("x")
    door.bad = {"Bearer t1"}
    assert api.get("x").body == ["Bearer t2"]
    door.bad = {"Bearer t2", "Bearer t3", "Bearer t4"}
    with pytest.raises(Refused, match=r"example.org refused /x \(401\)"):
        api.get("x")
    assert door.given == 3


def test_a_refresh_token_that_is_replaced_is_used_and_handed_on():
    kept, door = [], Door(refresh_token="r2")
    api = door.api(Refresh("https://login.example/token", "id", "s3cret", "r1", kept.append))
    api.get("x")
    door.now += timedelta(hours=1)
    assert api.get("x").body == ["Bearer t2"]
    assert ([sent["refresh_token"] for sent in door.asked], kept) == (["r1", "r2"], ["r2"])


def test_the_clock_of_who_gives_the_tokens_is_not_the_clock_of_the_source():
    door = Door()
    api = door.api(client())
    door.headers = {"Date": "Sun, 22 Nov 2026 12:05:00 GMT"}
    api.get("x")
    assert api.skew is None


def test_threads_fetch_one_token():
    door = Door()
    door.held = 0.2
    api = door.api(client())
    threads = [threading.Thread(target=api.get, args=("x",)) for _ in range(8)]
    [one.start() for one in threads], [one.join() for one in threads]
    assert door.given == 1


@pytest.mark.parametrize(
    ("reply", "error", "words"),
    [
        (httpx2.Response(400, json={"error": "s3cret"}), Refused, "gives no token .400.; renew this source's client"),
        (httpx2.Response(401), Refused, "gives no token"),
        (ok({"nothing": 1}), Changed, "gave no access_token"),
        (httpx2.Response(200, text="s3cret"), Changed, "not JSON"),
        (limited(Retry_After="7200"), Busy, "login.example/token asks to wait"),
    ],
)
def test_who_gets_no_token_is_told_why(reply, error, words, caplog):
    caplog.set_level(logging.DEBUG)
    who = client()
    asking = api(answers(reply), credentials=who)
    with pytest.raises(error, match=words) as raised:
        asking.get("x")
    assert "s3cret" not in f"{raised.value}{who!r}{asking!r}{caplog.text}"


def test_no_secret_is_in_a_log_an_error_or_a_repr(caplog):
    caplog.set_level(logging.DEBUG)
    for who in (Bearer("s3cret"), Basic("ann", "s3cret"), Key("X", "s3cret")):
        asking = api(answers(ok([]), httpx2.Response(401)), credentials=who, headers={"X-Other": "s3cret"})
        asking.get("x", {"key": "s3cret"})
        with pytest.raises(Refused) as raised:
            asking.get("x", {"key": "s3cret"})
        assert "s3cret" not in f"{raised.value}{who!r}{asking!r}{caplog.text}"


def test_no_secret_is_in_a_log_when_a_real_server_is_asked(caplog):
    caplog.set_level(logging.DEBUG)
    with Vendor() as vendor:
        Api(vendor.address, Bearer("s3cret")).get("list", {"key": "s3cret"})
    assert "s3cret" not in caplog.text

"""The polite way to ask a web API: an answer, or an error that says who must act."""

import gzip
import ssl
import subprocess

import httpx2
import pytest
from answering import answers, api, ok, records
from faults import Vendor

from connectors.errors import Changed, Refused
from connectors.http import (
    Api,
    Bearer,
    Next,
)


def test_an_address_on_another_host_is_never_given_our_token():
    link = {"Link": '<https://evil.example/x>; rel="next"'}
    with pytest.raises(Changed, match="another host"):
        list(api(answers(ok(records(1), **link)), credentials=Bearer("t0ken")).pages("x", Next()))


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


def test_an_error_inside_an_answer_is_an_error_or_a_wait():
    def wrong(reply):
        said = reply.at("error")
        return {None: None, "slow": 5.0, "token": Refused("renew it")}[said]

    patient = api(answers(ok({"error": "slow"}), ok({"items": []})), wrong=wrong)
    assert (patient.get("x").body, patient.slept) == ({"items": []}, [5.0])
    with pytest.raises(Refused, match="renew it"):
        api(answers(ok({"error": "token"})), wrong=wrong).get("x")
    with pytest.raises(Refused, match="renew it"):
        api(answers(httpx2.Response(400, json={"error": "token"})), wrong=wrong).get("x")
    with pytest.raises(Changed, match="answered 404"):
        api(answers(httpx2.Response(404, text="<html>")), wrong=wrong).get("x")


def test_a_redirect_is_followed_on_the_same_host_and_not_by_another_method():
    to = httpx2.Response(301, headers={"Location": "/api/v2/x?page=1"})
    seen = []

    def answer(request):
        seen.append((request.method, str(request.url)))
        return to if request.url.path == "/api/x" else ok([])

    assert api(answer).get("x", {"a": 1}).body == []
    assert seen[1] == ("GET", "https://example.org/api/v2/x?page=1")
    with pytest.raises(Changed, match="answered 301"):
        api(answer).ask("x", method="POST", json={})
    circle = api(lambda request: httpx2.Response(302, headers={"Location": "/api/x"}))
    with pytest.raises(Changed, match="answered 302"):
        circle.get("x")


def test_the_query_of_an_address_and_what_is_asked_go_together():
    seen = []
    api(lambda request: seen.append(str(request.url)) or ok()).get("x?a=1", {"b": [2, 3], "c": None})
    assert seen == ["https://example.org/api/x?a=1&b=2&b=3"]


def test_a_packed_answer_is_unpacked():
    packed = httpx2.Response(200, content=gzip.compress(b"[7]"), headers={"Content-Encoding": "gzip"})
    assert api(answers(packed)).get("x").body == [7]


@pytest.fixture
def authority(tmp_path):
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", tmp_path / "key.pem", "-out", tmp_path / "ca.pem"]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, *files]
    try:
        subprocess.run(make, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not here: apt install openssl")
    return tmp_path


def test_only_a_certificate_of_someone_we_trust_is_taken(authority, tmp_path):
    inside = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    inside.load_cert_chain(authority / "ca.pem", authority / "key.pem")
    with Vendor(context=inside) as vendor:
        with pytest.raises(Refused, match="a certificate that we do not trust; set ca"):
            Api(vendor.address).get("list")
        assert Api(vendor.address, ca=str(authority / "ca.pem")).get("list").at("ok") is True
    with pytest.raises(Refused, match=r"no certificate can be read from nowhere.pem; set ca"):
        Api("https://example.org", ca="nowhere.pem")

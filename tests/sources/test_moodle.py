"""What is special in Moodle: errors in a reply of 200, a token in no address, courses that nothing completes."""

from datetime import UTC, datetime

import contract
import httpx2
import pytest

from connectors.errors import Changed, Refused
from connectors.sources.moodle import moodle


@pytest.fixture
def learning(tmp_path):
    with contract.recorded("moodle", tmp_path) as source:
        lake = contract.Rehearsal(source, tmp_path / "store").sync().lake
    return {row["record"]: row for row in lake.scan("learning").collect().to_dicts()}, lake


def test_a_course_is_done_when_its_last_condition_was_met(learning):
    rows, _ = learning
    done = sorted(row["done"] for row in rows.values() if row["done"])
    assert done == [datetime.fromtimestamp(at, UTC) for at in (1772700000, 1772800000)]


def test_a_course_led_by_a_person_is_human_and_a_skill_is_known_by_the_number(learning):
    rows, _ = learning
    assert sorted((row["course"], row["mode"], row["skill"]) for row in rows.values()) == [
        ("7", "digital", "negotiation"),
        ("7", "digital", "negotiation"),
        ("8", "human", None),
        ("8", "human", None),
        ("9", "digital", None),
    ]


def test_a_name_with_bot_in_it_is_a_person_and_a_login_of_a_web_service_is_none(learning):
    _, lake = learning
    assert sorted(lake.scan("accounts").collect()["kind"]) == ["person", "person", "service"]


def answering(**said):
    seen = []

    def answer(request):
        seen.append(request)
        return httpx2.Response(200, json=said)

    return seen, moodle(
        "moodle", {"url": "https://x.example.org", "token": "canary", "transport": httpx2.MockTransport(answer)}
    )


@pytest.mark.parametrize(("code", "error"), [("invalidtoken", Refused), ("CANARY said so", Changed)])
def test_an_error_in_a_reply_of_200_is_one_and_is_not_quoted(code, error):
    _, source = answering(exception="x", errorcode=code, message="CANARY")
    with pytest.raises(error) as told:
        list(source.streams()[0].read(None))
    assert "CANARY" not in str(told.value)


def test_the_token_is_in_no_address():
    seen, source = answering(users=[])
    list(source.streams()[0].read(None))
    assert [(one.method, "canary" in str(one.url), b"canary" in one.content) for one in seen] == [("POST", False, True)]

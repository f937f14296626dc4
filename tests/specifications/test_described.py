"""Descriptions of APIs are read as they are meant: what keeps them passes, what breaks them is named."""

import re

import httpx2
import pytest
from asked import complaints, valid
from described import WAYS, recording
from replied import fitting, made
from vendor import Spec, described, nulls

SMALL = {
    "openapi": "3.0.1",
    "servers": [{"url": "https://example.org/api/v1"}],
    "paths": {
        "/notes": {
            "get": {
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}},
                    {"name": "kinds", "in": "query", "schema": {"type": "array", "items": {"enum": ["a", "b"]}}},
                    {"name": "since", "in": "query", "required": True, "schema": {"type": "string", "format": "date"}},
                ],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Note"}}}}
                },
            },
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Note"}}},
                },
                "responses": {"201": {"content": {"application/json": {"example": '{"id": 7}'}}}},
            },
        },
        "/notes/{id}": {
            "get": {"parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}]}
        },
        "/notes/mine": {"get": {"parameters": []}},
    },
    "components": {
        "schemas": {
            "Note": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "integer"},
                    "text": {"type": "string", "nullable": True},
                    "above": {"$ref": "#/components/schemas/Note"},
                    "labels": {"type": "array", "items": {"type": "string"}},
                },
            }
        }
    },
}
NOTES = Spec(nulls(SMALL))


def said(*asked, **more):
    return " ".join(complaints(NOTES, *asked, **more))


def test_a_request_that_keeps_the_description_is_valid():
    assert valid(NOTES, "GET", "/api/v1/notes", {"limit": 5, "since": "2026-03-05"})
    assert valid(NOTES, "GET", "/notes", [("kinds", "a"), ("kinds", "b"), ("since", "2026-03-05")])
    assert valid(NOTES, "GET", "/notes", {"kinds": "a,b", "since": "2026-03-05"})
    assert valid(NOTES, "GET", "/notes/7")
    assert valid(NOTES, "GET", "/notes/mine")
    assert valid(NOTES, "POST", "/notes", json={"id": 1, "text": None})


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (("GET", "/letters"), "is not described"),
        (("GET", "/notes", {"since": "2026-03-05", "size": 1}), "no parameter size"),
        (("GET", "/notes"), "since is required"),
        (("GET", "/notes", {"since": "yesterday"}), "since: 'yesterday' is not a 'date'"),
        (("GET", "/notes", {"since": "2026-03-05", "limit": "many"}), "limit: 'many'"),
        (("GET", "/notes", {"since": "2026-03-05", "limit": 101}), "limit: 101 is greater"),
        (("GET", "/notes", {"since": "2026-03-05", "kinds": "a,z"}), "kinds:"),
        (("GET", "/notes/seven"), "id: 'seven' is not of type 'integer'"),
        (("POST", "/notes"), "a body is required"),
        (("POST", "/notes", {}, {"id": "one"}), "'one' is not of type 'integer'"),
        (("GET", "/notes/7", {}, {"id": 1}), "a body is sent"),
    ],
)
def test_a_request_that_breaks_the_description_is_named(asked, words):
    assert words in said(*asked)


def test_a_reply_is_made_with_every_field_or_only_with_what_is_required():
    assert made(NOTES, "GET", "/notes", "full") == {"id": 1, "text": "xxxx", "labels": ["xxxx"]}
    assert made(NOTES, "GET", "/notes", "least") == {"id": 1}


def test_an_example_is_taken_out_of_its_text():
    assert made(NOTES, "POST", "/notes", "example") == {"id": 7}


def test_a_text_is_made_to_fit_its_pattern():
    assert re.fullmatch(r"\d{10}\.\d{6}", fitting(r"^\d{10}\.\d{6}$"))


def test_a_recording_answers_a_later_page_with_empty_lists():
    transport = recording(NOTES, "full", ends={"id": 9, "text": None})
    with httpx2.Client(transport=transport, base_url="https://example.org/api/v1") as client:
        asked = [client.get("/notes", params={"since": "2026-03-05", "page": page}).json() for page in (1, 2, 1)]
        assert client.get("/letters").status_code == 404
    full, empty = {"id": 9, "labels": ["xxxx"]}, {"id": 9, "labels": []}
    assert asked == [full, empty, full]
    assert transport.wrong[-1] == "GET /api/v1/letters is not described"


@pytest.mark.parametrize(
    ("start", "path"),
    [
        ("slack", "/api/conversations.history"),
        ("jira", "/rest/api/3/search/jql"),
        ("github", "/repos/o/r/issues"),
        ("zulip", "/api/v1/messages"),
    ],
)
@pytest.mark.parametrize("way", WAYS)
def test_the_vendors_descriptions_make_replies(start, path, way):
    reply = made(described(start), "GET", path, way)
    assert isinstance(reply, dict | list)
    assert reply or way == "least"

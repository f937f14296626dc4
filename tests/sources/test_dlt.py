"""dlt resources by their settings: what is imported, what is selected, and what to do where that fails."""

import os
import sys
from pathlib import Path

import pytest

from connectors.errors import Refused
from connectors.source import kinds

sys.path.append(str(Path(__file__).parents[1] / "connectors"))


def tickets(**options):
    columns = {"ticket": "id", "kind": "type", "opened": "created"}
    return kinds()["dlt"]("crm", {"tickets": {"columns": columns, **options}})


def given(source):
    return [
        row for page in source.streams()[0].read(None) for row in page.filter(page["ticket"].is_not_null())["ticket"]
    ]


def test_a_resource_of_a_source_is_selected():
    source = tickets(resource="recorded_resources:desk", select="tickets", arguments={"token": "secret"})
    assert given(source) == ["crm:1", "crm:2", "crm:3"]
    assert source.check().reachable


def test_a_token_is_not_shown():
    source = tickets(resource="recorded_resources:desk", select="tickets", arguments={"token": "secret"})
    assert "secret" not in repr(source)


def test_where_a_source_has_several_resources_one_must_be_chosen():
    with pytest.raises(Refused, match="select must be one of tickets, others"):
        given(tickets(resource="recorded_resources:desk", arguments={"token": "x"}))


def test_what_cannot_be_imported_says_what_to_install():
    assert "cannot be imported" in tickets(resource="no_such_package.crm:tickets").check().words
    assert "has no nothing" in tickets(resource="recorded_resources:nothing").check().words
    with pytest.raises(Refused, match="has no resource"):
        tickets()


def test_without_dlt_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "dlt", None)
    assert 'pip install "bellwether[dlt]"' in tickets(resource="recorded_resources:desk").check().words


def test_its_telemetry_is_off():
    tickets(resource="recorded_resources:talk").check()
    assert os.environ["RUNTIME__DLTHUB_TELEMETRY"] == "false"

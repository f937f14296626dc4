"""What a source must bear: no records, fields that are new or gone, rows without a key, tokens nobody may see."""

import json
import logging

import bearing
import contract
import polars as pl
import pytest
from varied import NO_FIELDS, Varied

from connectors.fields import moment, text
from connectors.http import Bearer
from connectors.shape import rows
from connectors.source import Stream, kinds
from connectors.web import Endpoint, Rows, Web, polite

FIELDED = [Varied(kind) for kind in sorted(kinds()) if kind not in NO_FIELDS]
every = pytest.mark.parametrize("varied", FIELDED, ids=lambda varied: varied.kind)


@every
def test_a_source_bears_that_there_is_nothing_yet(varied, tmp_path):
    bearing.an_empty_input_is_no_failure(varied, tmp_path)


@every
def test_fields_that_nobody_knows_change_nothing(varied, tmp_path):
    bearing.fields_that_nobody_knows_change_nothing(varied, tmp_path)


@every
@pytest.mark.parametrize("instead", bearing.INSTEAD)
def test_a_source_bears_that_a_field_is(instead, varied, tmp_path):
    bearing.a_field_may_be(instead, varied, tmp_path)


@every
def test_rows_without_a_key_are_kept_aside_and_never_dropped_in_silence(varied, tmp_path):
    bearing.rows_without_a_key_are_told_of(varied, tmp_path)


@every
def test_a_secret_shows_nowhere(varied, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    bearing.a_secret_shows_nowhere(varied, tmp_path, lambda: caplog.text)


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_rows_without_a_key_go_to_quarantine(kind, tmp_path):
    """Whatever comes without a key is refused by name when it lands, and the rest lands."""
    with contract.recorded(kind, tmp_path) as source:
        stream = source.streams()[0]
        page = next(page for name, page in contract.given(stream) if name == stream.table and page.height)
        key = next(name for name in contract.TABLES[stream.table].key if name in page.columns and name != "source")
        rehearsal = contract.Rehearsal(Keyless(source.name, stream.table, page, key), tmp_path / "store")
        rehearsal.sync()
    refused = rehearsal.memory.refused().filter(table=stream.table)
    assert refused["rows"].sum() >= 1, "a row without a key landed, or is nowhere"


class Keyless:
    """The first page of a source with its first row's key gone."""

    def __init__(self, name, table, page, key):
        first = pl.int_range(pl.len()) == 0
        self.name, self.table = name, table
        self.page = page.with_columns(pl.when(first).then(None).otherwise(pl.col(key)).alias(key))

    def streams(self):
        return [Stream(self.table, lambda since: iter([self.page]))]


TICKET = {"id": "1", "opened": "2026-03-02T09:00:00Z", "type": {"name": "incident"}, "agent": "a", "subject": "CANARY"}
REPLIES = [{"path": "/tickets", "body": {"tickets": [TICKET, {**TICKET, "id": "2"}]}}]


class Bad(Web):
    """A source over the web that bears one thing less than it must."""

    fault = ""

    def frames(self, endpoint, above, since):
        if self.fault:
            reply = self.api.get(endpoint.path)
            records = json.loads(rows(reply, "tickets")[0])
            if self.fault == "empty":
                records[0]
            if self.fault == "absent":
                [one["agent"] for one in records]
            if self.fault == "quoting" and any(not isinstance(one.get("subject"), str) for one in records):
                raise ValueError(records)
        for found in super().frames(endpoint, above, since):
            yield found.drop_nulls("id") if self.fault == "keyless" else found

    def pages(self, endpoint, above, since):
        for page in super().pages(endpoint, above, since):
            if self.fault == "unknown":
                known = len(json.loads(self.api.get(endpoint.path).content)["tickets"][0])
                page = page.with_columns(pl.lit(str(known)).alias("cause"))
            yield page

    def __repr__(self):
        return f"Bad({self.api.credentials.token})" if self.fault == "secret" else "Bad()"


def bad(fault, pages):
    """A kind that is not registered, with recorded replies of its own."""
    fields = {"id": str, "opened": str, "type": {"name": str}, "agent": str}
    columns = {"ticket": "id", "kind": text("type.name"), "assignee": "agent", "opened": moment("opened")}
    endpoint = Endpoint("tickets", "tickets", fields, (Rows("tickets", columns),), "tickets")

    def make(name, settings):
        found = Bad(name, polite(settings, settings["url"], Bearer(settings["token"])), [endpoint])
        found.fault = fault
        return found

    folder = pages / "bad"
    folder.mkdir(parents=True)
    (folder / "replies.json").write_text(json.dumps(REPLIES))
    (folder / "settings.toml").write_text('url = "URL"\ntoken = "canary-token"\n')
    return Varied("bad", pages, make)


CHECKS = {
    "empty": bearing.an_empty_input_is_no_failure,
    "unknown": bearing.fields_that_nobody_knows_change_nothing,
    "absent": lambda varied, into: bearing.a_field_may_be("gone", varied, into),
    "quoting": lambda varied, into: bearing.a_field_may_be("of another kind", varied, into),
    "keyless": bearing.rows_without_a_key_are_told_of,
    "secret": lambda varied, into: bearing.a_secret_shows_nowhere(varied, into, lambda: ""),
}


@pytest.mark.parametrize("fault", CHECKS)
def test_a_source_that_does_not_bear_it_is_found_out(fault, tmp_path):
    with pytest.raises(AssertionError):
        CHECKS[fault](bad(fault, tmp_path / "pages"), tmp_path / "work")


@pytest.mark.parametrize("check", CHECKS)
def test_a_good_source_passes_all_of_these(check, tmp_path):
    CHECKS[check](bad("", tmp_path / "pages"), tmp_path / "work")


def test_a_kind_without_a_document_is_found_out():
    with pytest.raises(AssertionError, match="no page in docs"):
        contract.a_document_names("bad_without_a_page")

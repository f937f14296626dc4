"""The contract of sources, kept by every kind because it is registered, and seen to fail for one that breaks it."""

import logging
import re
import sys
import tomllib
from datetime import UTC, datetime

import contract
import polars as pl
import pytest

from connectors.source import KINDS, Health, Stream, kinds

ALL = sorted(kinds())


@pytest.fixture(scope="module")
def rehearsal(request, tmp_path_factory):
    """One for all that look at a first sync; what syncs again takes a copy."""
    folder = tmp_path_factory.mktemp(request.param)
    with contract.recorded(request.param, folder) as source:
        yield contract.Rehearsal(source, folder / "store")


every = pytest.mark.parametrize("rehearsal", ALL, indirect=True)


@every
def test_pages_bear_our_columns_and_no_other(rehearsal):
    contract.pages_bear_our_columns_only(rehearsal.source)


@every
def test_a_run_over_recorded_input_is_done(rehearsal):
    contract.a_run_is_done(rehearsal)


@every
def test_a_first_run_is_full(rehearsal):
    contract.a_first_run_is_full(rehearsal)


@every
def test_landing_twice_is_landing_once(rehearsal):
    contract.landing_twice_is_landing_once(rehearsal.copied())


@every
def test_the_order_of_pages_does_not_matter(rehearsal):
    contract.the_order_of_pages_does_not_matter(rehearsal)


@every
def test_nothing_private_is_in_any_byte_that_was_written_logged_or_said(rehearsal, caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    watched = contract.Rehearsal(rehearsal.source, tmp_path)
    contract.nothing_private_is_written_or_said(watched, lambda: caplog.text)


@every
def test_a_source_without_news_brings_nothing(rehearsal):
    future = datetime(2100, 1, 1, tzinfo=UTC)
    streams = [stream for stream in rehearsal.source.streams() if not stream.whole]
    assert not [name for stream in streams for name, page in contract.given(stream, future) if page.height]


@every
def test_a_check_reaches_it(rehearsal):
    assert rehearsal.source.check().reachable


@pytest.mark.parametrize("rehearsal", [kind for kind in ALL if contract.expected(kind)], indirect=True)
def test_rows_landed_and_refused_are_as_counted_by_hand(rehearsal):
    contract.counts_are_as_counted_by_hand(rehearsal, contract.expected(rehearsal.source.name))


@pytest.mark.parametrize("kind", ALL)
def test_a_document_names_it(kind):
    contract.a_document_names(kind)


class Bad:
    """A source that breaks the contract in one way at a time."""

    name = "bad"

    def __init__(self, **fault):
        self.fault, self.reads = fault, 0

    def streams(self):
        return [Stream("tickets", self.read)]

    def read(self, since):
        self.reads += 1
        moment = datetime(2026, 3, 2, 9, tzinfo=UTC)
        first = {"ticket": "bad:1", "kind": "incident", "unit": "Blue", "opened": moment, "changed": moment}
        second = {**first, "ticket": "bad:2"}
        if "renamed" in self.fault:
            first["ticket"] = f"bad:{self.reads}"
        if "incremental" in self.fault and since is None and self.reads == 1:
            return
        if "ordered" in self.fault:
            second |= {"ticket": "bad:1", "unit": "Red"}
        if "text" in self.fault:
            first |= {self.fault["text"]: "CANARY cannot log in"}
        for row in (first, second):
            page = pl.DataFrame([row])
            yield page.drop("ticket") if "keyless" in self.fault else page

    def check(self):
        return Health(True, "")


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ({"text": "subject"}, lambda r, log: contract.pages_bear_our_columns_only(r.source)),
        ({"keyless": True}, lambda r, log: contract.pages_bear_our_columns_only(r.source)),
        ({"keyless": True}, lambda r, log: contract.a_run_is_done(r)),
        ({"incremental": True}, lambda r, log: contract.a_first_run_is_full(r)),
        ({"renamed": True}, lambda r, log: contract.landing_twice_is_landing_once(r)),
        ({"ordered": True}, lambda r, log: contract.the_order_of_pages_does_not_matter(r)),
        ({"text": "cause"}, contract.nothing_private_is_written_or_said),
    ],
)
def test_a_source_that_breaks_the_contract_fails_it(fault, check, tmp_path):
    with pytest.raises(AssertionError):
        check(contract.Rehearsal(Bad(**fault), tmp_path), lambda: "")


def test_a_good_source_passes_the_same_checks(tmp_path):
    contract.pages_bear_our_columns_only(Bad())
    contract.a_run_is_done(contract.Rehearsal(Bad(), tmp_path / "1"))
    contract.a_first_run_is_full(contract.Rehearsal(Bad(), tmp_path / "2"))
    contract.landing_twice_is_landing_once(contract.Rehearsal(Bad(), tmp_path / "3"))
    contract.the_order_of_pages_does_not_matter(contract.Rehearsal(Bad(), tmp_path / "4"))
    contract.nothing_private_is_written_or_said(contract.Rehearsal(Bad(), tmp_path / "5"), lambda: "")


def blocks(kind):
    """What stands in the page's fences of this kind, one after the other."""
    page = (contract.DOCS / "add-a-connector.md").read_text()
    return re.findall(rf"```{kind}\n(.*?)```", page, re.S)


@pytest.fixture
def example(tmp_path, monkeypatch):
    """The connector of docs/add-a-connector.md with its recorded replies, as they stand there."""
    (tmp_path / "roundup_of_the_page.py").write_text(blocks("python")[0])
    monkeypatch.syspath_prepend(tmp_path)
    __import__("roundup_of_the_page")
    folder = tmp_path / "pages" / "roundup"
    folder.mkdir(parents=True)
    settings, expected = blocks("toml")[:2]
    (folder / "settings.toml").write_text(settings)
    (folder / "expected.toml").write_text(expected)
    (folder / "replies.json").write_text(blocks("json")[0])
    yield tmp_path / "pages"
    del KINDS["roundup"]
    del sys.modules["roundup_of_the_page"]


def test_the_connector_in_the_documents_keeps_the_contract(example, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    with contract.recorded("roundup", tmp_path, example) as source:
        rehearsal = contract.Rehearsal(source, tmp_path / "store")
        contract.pages_bear_our_columns_only(source)
        contract.a_run_is_done(rehearsal)
        contract.a_first_run_is_full(rehearsal)
        contract.landing_twice_is_landing_once(rehearsal)
        contract.the_order_of_pages_does_not_matter(rehearsal)
        contract.nothing_private_is_written_or_said(rehearsal, lambda: caplog.text + repr(source))
        fresh = contract.Rehearsal(source, tmp_path / "fresh")
        contract.counts_are_as_counted_by_hand(fresh, tomllib.loads(blocks("toml")[1]))
        tickets = rehearsal.lake.scan("tickets").sort("ticket").collect()
    assert tickets["ticket"].to_list() == ["roundup:1", "roundup:2", "roundup:3"]
    assert tickets["kind"].to_list() == ["incident", "request", "incident"]
    assert tickets["resolved"].to_list() == [None, None, datetime(2026, 3, 5, 16, 30, tzinfo=UTC)]
    assert source.check().reachable is False


def test_the_section_a_user_writes_in_the_documents_is_one_that_is_known(example):
    section = tomllib.loads(blocks("toml")[2])["sources"]["roundup"]
    assert KINDS[section["kind"]]("roundup", section).name == "roundup"


def test_the_connector_in_the_documents_is_short():
    body = blocks("python")[0].partition("KINDS =")[2].partition("@source")[0]
    assert len([line for line in body.splitlines() if line.strip(" )},(")]) <= 40

"""A stream that tells only of today, on its way into the lake: history stays, and half a read says nothing."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from connectors.errors import Busy
from connectors.people import Pseudonyms
from connectors.source import Health, Page, Stream
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync


class Directory:
    name = "hr"

    def __init__(self, *pages):
        self.pages = pages

    def streams(self):
        return [Stream("people", self.read, whole=True, history=True, also=("units",))]

    def read(self, since):
        for page in self.pages:
            if isinstance(page, Exception):
                raise page
            yield page

    def check(self):
        return Health(True, "")


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path / "lake")


@pytest.fixture
def read(lake, tmp_path):
    memory, names = Memory.open(f"sqlite:///{tmp_path / 'memory.db'}"), Pseudonyms(bytes(range(32)))

    def read(day, *pages):
        return sync(Directory(*pages), lake, memory, names, datetime(2026, 3, day, 6, tzinfo=UTC))[0]

    return read


def page(*people):
    kinds = {"person": pl.String, "unit": pl.String, "joined": pl.Date, "valid_from": pl.Date}
    return pl.DataFrame([(*one, None) for one in people], schema=kinds, orient="row")


JOINED = date(2020, 1, 1)
ANN, BOB = ("ann", "Blue", JOINED), ("bob", "Blue", date(2021, 1, 1))


def stays(lake):
    return lake.scan("people").sort("joined", "valid_from").select("unit", "valid_from", "valid_to").collect().rows()


def test_a_move_between_two_reads_is_dated_history(read, lake):
    read(2, page(ANN, BOB))
    assert read(9, page(("ann", "Red", JOINED)), page(BOB)).landed == 2
    assert stays(lake)[:2] == [("Blue", JOINED, date(2026, 3, 9)), ("Red", date(2026, 3, 9), None)]


def test_a_read_without_news_lands_nothing(read):
    read(2, page(ANN, BOB))
    assert read(9, page(ANN, BOB)).landed == 0


def test_a_read_that_is_cut_off_ends_nobody(read, lake):
    read(2, page(ANN, BOB))
    assert read(9, page(BOB), Busy("cut; the next run tries again")).state == "busy"
    assert [until for _, _, until in stays(lake)] == [None, None]


def test_a_read_that_brings_next_to_nobody_is_a_warning(read, lake):
    read(2, page(ANN, BOB))
    found = read(9, page())
    assert (found.state, found.words) == ("warning", "2 of 2 people are no longer listed; none was ended")


def test_units_begin_with_the_first_of_their_people(read, lake):
    units = pl.DataFrame({"unit": ["Blue"], "name": ["Blue"], "valid_from": [None]})
    read(2, page(ANN, BOB), Page("units", units))
    assert lake.scan("units").select("unit", "valid_from").collect().rows() == [("Blue", JOINED)]


def test_it_is_said_of_whom_nobody_knows_since_when_they_are_there(read):
    found = read(2, page(ANN, ("cat", "Red", None)))
    assert (found.state, found.words) == ("done", "since when is not known of 1 people; they are counted from today on")
    assert read(3, page(ANN, ("cat", "Red", None))).words == ""

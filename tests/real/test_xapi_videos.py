"""22,000 statements of 1,452 learners of a public video platform, read page by page as a store gives them."""

import gzip
import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import polars as pl
import pytest

from connectors.people import Pseudonyms
from connectors.sources.xapi import xapi
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync

DATA = Path(__file__).parents[2] / ".." / "shared" / "data" / "learning_xapi" / "fun_mooc_statements.ndjson.gz"
pytestmark = pytest.mark.skipif(
    not DATA.exists(), reason=f"{DATA} is missing; it is data/statements.json.gz of the public repository openfun/ralph"
)
SIZE = 500


@cache
def statements():
    with gzip.open(DATA) as lines:
        return [json.loads(line) for line in lines]


def answering(found):
    """A store that holds these statements: 500 a page, the rest behind `more`."""

    def answer(request):
        start = int(parse_qs(urlsplit(str(request.url)).query).get("from", ["0"])[0])
        more = f"/xAPI/statements?from={start + SIZE}" if start + SIZE < len(found) else ""
        return httpx2.Response(200, json={"statements": found[start : start + SIZE], "more": more})

    return httpx2.MockTransport(answer)


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fun")
    settings = {
        "url": "https://lrs.example.org/xAPI",
        "user": "u",
        "password": "p",
        "transport": answering(statements()),
    }
    lake, memory = Lake(folder / "lake"), Memory.open(f"sqlite:///{folder / 'memory.db'}")
    sync(xapi("fun", settings), lake, memory, Pseudonyms(bytes(32)), datetime(2026, 11, 22, tzinfo=UTC))
    assert set(memory.runs()["state"]) == {"done"}
    assert memory.refused().is_empty()
    return lake


def told(verb):
    """Who said so of which video, counted from the file itself."""
    return {(s["actor"]["account"]["name"], s["object"]["id"]) for s in statements() if s["verb"]["id"].endswith(verb)}


def test_a_record_stands_for_everyone_who_began_or_finished_a_video(lake):
    learning = lake.scan("learning").collect()
    assert learning.height == len(told("/initialized") | told("/completed"))
    assert learning["started"].count() == len(told("/initialized"))
    assert learning["done"].count() == len(told("/completed"))


def test_there_are_two_courses_and_all_of_it_is_digital(lake):
    learning = lake.scan("learning").collect()
    assert learning["course"].n_unique() == 2
    assert set(learning["mode"]) == {"digital"}


def test_no_account_of_the_platform_is_in_the_lake(lake):
    names = {s["actor"]["account"]["name"] for s in statements()}
    assert not names & set(lake.scan("accounts").collect().select(pl.col(pl.String)).unpivot()["value"])

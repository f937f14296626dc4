"""A real company's public handbook: dated teams from who reported to whom, articles from edits, by settings alone."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from connectors.people import Pseudonyms, resolve
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync
from dashboard.settings import load_settings
from metrics.weeks import Calendar, team_of_record

HERE = Path(__file__).parent
DATA = HERE.parents[1].parent / "shared" / "data" / "sourcegraph_company"
pytestmark = pytest.mark.skipif(
    not DATA.exists(), reason=f"{DATA} is missing; it is made from a public company handbook's history, see its NOTE.md"
)


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    folder = tmp_path_factory.mktemp("handbook")
    for name in ("hr_team_history.parquet", "kb_page_edits.parquet"):
        shutil.copy(DATA / name, folder)
    shutil.copy(HERE / "handbook.toml", folder / "settings.toml")
    lake, memory = Lake(folder / "lake"), Memory.open(f"sqlite:///{folder / 'memory.db'}")
    source = load_settings(folder / "settings.toml").source("handbook")
    sync(source, lake, memory, Pseudonyms(bytes(32)), datetime(2026, 11, 22, tzinfo=UTC))
    assert set(memory.runs()["state"]) == {"done"}
    assert memory.refused().is_empty()
    return lake


def raw():
    return pl.read_parquet(DATA / "hr_team_history.parquet")


def test_units_people_and_articles_load(lake):
    units, people, articles = (lake.scan(name).collect() for name in ("units", "people", "articles"))
    assert set(units["unit"]) == set(raw()["manager_role_slug"].drop_nulls().str.to_lowercase())
    assert people["person"].n_unique() > 400
    edits = pl.read_parquet(DATA / "kb_page_edits.parquet").filter(pl.col("path").str.contains(r"^content/.*\.md$"))
    assert articles.height == edits["path"].n_unique()
    assert articles["created"].min() == edits["authored_at"].min()


def test_most_authors_are_people_whose_team_is_known(lake):
    recent = lake.scan("articles").filter(pl.col("created") >= datetime(2022, 2, 1, tzinfo=UTC))
    known = resolve(recent, ["author"], lake.scan("accounts")).join(
        lake.scan("people"), left_on="author", right_on="person", how="semi"
    )
    assert known.collect().height / recent.collect().height > 0.6


def test_nobody_is_named(lake):
    names = raw()["person_key"].str.to_lowercase().unique()
    assert not lake.scan("people").collect()["person"].is_in(names.implode()).any()


def test_a_person_who_moved_counts_in_the_team_of_that_day(lake):
    calendar = Calendar(today=date(2024, 6, 3), holidays=frozenset())
    record = team_of_record(lake.scan("people"), calendar).collect()
    mine = lake.scan("people").collect()
    moved = mine.group_by("person").agg(pl.col("unit").n_unique()).filter(pl.col("unit") > 1)
    assert moved.height > 100
    person = moved.sort("unit", "person", descending=True)["person"][0]
    spells = mine.filter(person=person).sort("valid_from")
    for week, unit in record.filter(person=person).select("week", "unit").rows():
        thursday = pl.lit(week).dt.offset_by("3d")
        there = spells.filter(
            pl.col("valid_from") <= thursday, pl.col("valid_to").is_null() | (pl.col("valid_to") > thursday)
        )
        if there.height:
            assert unit in there["unit"].to_list()
    assert record.filter(person=person)["unit"].n_unique() > 1

"""A real service desk's event log, read by settings alone."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.mapping.section import TABLE_KEYS
from connectors.people import Pseudonyms
from connectors.sources.files import KEYS
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync
from connectors.tables import TABLES
from dashboard.settings import load_settings

HERE = Path(__file__).parent
DATA = HERE.parents[1].parent / "shared" / "data" / "servicenow_uci"
SETTINGS = HERE / "servicenow.toml"
DOCUMENT = HERE.parents[1] / "docs" / "your-own-data.md"
real = pytest.mark.skipif(
    not DATA.exists(), reason=f"{DATA} is missing; download UCI data set 498 and put incident_event_log.csv.zip there"
)


@pytest.fixture(params=["incident_event_log.csv.zip", "incident_event_log.parquet"])
def tickets(request, tmp_path):
    shutil.copy(DATA / request.param, tmp_path)
    text = SETTINGS.read_text().replace("incident_event_log.csv.zip", request.param)
    (tmp_path / "settings.toml").write_text(text)
    lake, memory = Lake(tmp_path / "lake"), Memory.open(f"sqlite:///{tmp_path / 'memory.db'}")
    source = load_settings(tmp_path / "settings.toml").source("desk")
    sync(source, lake, memory, Pseudonyms(bytes(32)), datetime(2026, 11, 22, tzinfo=UTC))
    assert memory.runs()["state"].to_list() == ["done"]
    assert memory.refused().is_empty()
    return lake.scan("tickets").collect()


@real
def test_events_become_tickets_with_the_figures_that_are_known(tickets):
    hours = (tickets["resolved"] - tickets["opened"]).dt.total_minutes() / 60
    assert tickets.height == 24_918
    assert f"{tickets['knowledge'].mean():.2%}" == "14.68%"
    assert f"{(tickets['reopenings'] > 0).mean():.2%}" == "1.10%"
    assert round(hours.median(), 1) == 22.1
    assert tickets["resolved"].null_count() == 1_556
    assert tickets["closed"].null_count() == 0


@real
def test_nobody_is_named_but_the_groups_are(tickets):
    assert not tickets["assignee"].drop_nulls().str.contains("Resolver").any()
    assert tickets["unit"].drop_nulls().str.starts_with("Group ").all()


def test_the_settings_have_at_most_forty_lines_and_stand_in_the_documents():
    assert len(SETTINGS.read_text().splitlines()) <= 40
    assert SETTINGS.read_text() in DOCUMENT.read_text()


def test_the_documents_list_every_table_and_what_it_needs():
    listed = dict(re.findall(r"^- `(\w+)`: \*\*(.*?)\*\*", DOCUMENT.read_text(), re.M))
    for name, table in TABLES.items():
        needed = [c for c, kind in table.schema.columns().items() if not kind.nullable]
        assert listed[name].split(", ") == [c for c in needed if c not in ("source", "changed")]
        assert all(column in DOCUMENT.read_text() for column in table.dtypes)


def test_every_key_the_documents_name_is_known():
    cells = " ".join(re.findall(r"^\| (`.*?`) \|", DOCUMENT.read_text(), re.M))
    assert {*re.findall(r"`(\w+)`", cells), "name"} == {*TABLE_KEYS, *KEYS}

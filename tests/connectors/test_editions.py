"""Editions are swapped in whole: a reader sees the one before or the one after."""

from datetime import date, timedelta

import polars as pl
import pytest
import sqlalchemy as sa
from forked import FORKS

from connectors.store.memory import Edition, Memory

MONDAY = date(2026, 3, 2)


@pytest.fixture
def memory(memory_url):
    memory = Memory.open(memory_url)
    yield memory
    memory.close()


def cell(unit, indicator="link_rate", week=MONDAY, **facts):
    empty = dict.fromkeys(["value", "low", "high", "n", "people", "usual_low", "usual_high"])
    words = {"state": "shown", "mark": "", "verdict": "ok", "side": ""}
    return {"unit": unit, "indicator": indicator, "week": week} | words | empty | facts


def edition(*cells, organisation="Acme", **frames):
    return Edition(
        as_of=MONDAY, organisation=organisation, cells=pl.DataFrame(cells, infer_schema_length=None), **frames
    )


def rows_kept(memory, table):
    with memory.reading() as connection:
        return connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar()


def test_nothing_is_published_at_first(memory):
    assert memory.edition() is None
    assert memory.published() is None
    assert memory.cells().is_empty()
    assert memory.cells().schema["week"] == pl.Date
    assert memory.verdicts().schema["p"] == pl.Float64


def test_what_is_published_is_what_is_read(memory):
    number = memory.publish(
        edition(cell("a", value=12.5, n=40, people=9), cell("b", state="hidden", verdict="unknown"))
    )
    assert memory.edition().id == number
    assert memory.edition().organisation == "Acme"
    assert memory.cells().select("unit", "state", "value", "n", "people").rows() == [
        ("a", "shown", 12.5, 40, 9),
        ("b", "hidden", None, None, None),
    ]


def test_no_number_is_no_number_on_every_database(memory):
    memory.publish(edition(cell("a", value=float("nan"), low=1.0)))
    assert memory.cells().select("value", "low").rows() == [(None, 1.0)]


def test_words_come_back_as_they_were(memory):
    odd = "it's \"odd\", isn't it?\nüñ\\N"
    units = pl.DataFrame(
        {"unit": ["a"], "parent": [None], "name": [odd], "depth": [0]}, schema_overrides={"parent": str}
    )
    memory.publish(edition(cell("a"), units=units))
    assert memory.units().rows() == [("a", None, odd, 0)]


def test_cells_are_asked_for_by_indicator_unit_and_week(memory):
    later = MONDAY + timedelta(days=7)
    memory.publish(edition(*(cell(u, i, w) for u in "abc" for i in ("link_rate", "reopened") for w in (MONDAY, later))))
    assert len(memory.cells()) == 12
    assert len(memory.cells(indicator="reopened")) == 6
    assert len(memory.cells(units=["a", "b"], since=later)) == 4
    assert memory.cells(units=[]).is_empty()
    assert memory.latest("c").select("indicator", "week").rows() == [("link_rate", later), ("reopened", later)]


def test_the_edition_before_is_deleted_after(memory):
    memory.publish(edition(cell("a"), cell("b")))
    memory.publish(edition(cell("c")))
    assert memory.cells()["unit"].to_list() == ["c"]
    assert rows_kept(memory, "cells") == 1
    assert rows_kept(memory, "editions") == 1


def test_an_edition_that_fails_half_way_leaves_the_one_before(memory):
    memory.publish(edition(cell("a")))
    with pytest.raises((sa.exc.DBAPIError, memory.engine.dialect.dbapi.Error)):
        memory.publish(edition(cell("b"), cell("b")))
    assert memory.cells()["unit"].to_list() == ["a"]
    assert rows_kept(memory, "cells") == 1


def test_all_of_an_edition_is_read_in_one_piece(memory):
    made = edition(cell("a", value=1.0), events=pl.DataFrame({"week": [MONDAY], "unit": ["a"], "text": ["moved"]}))
    memory.publish(made)
    found = memory.published()
    assert found.cells.equals(made.cells.select(found.cells.columns).cast(found.cells.schema))
    assert found.events.rows() == [(MONDAY, "a", "moved")]


def publish_many(url, name):
    memory = Memory.open(url)
    for _ in range(6):
        memory.publish(edition(*(cell(f"{name}{n}") for n in range(200)), organisation=name))


def test_two_who_publish_at_once_are_never_mixed(memory, memory_url):
    start = FORKS.Process
    writers = [start(target=publish_many, args=(memory_url, name)) for name in "xy"]
    for writer in writers:
        writer.start()
    seen = set()
    while any(writer.is_alive() for writer in writers):
        found = memory.published()
        if found is not None:
            assert len(found.cells) == 200
            assert found.cells["unit"].str.slice(0, 1).unique().to_list() == [found.organisation]
            seen.add(found.organisation)
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert seen
    assert rows_kept(memory, "cells") == 200

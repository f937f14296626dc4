"""Bookmarks, runs, quarantine, weeks to count anew, what was told: the same on SQLite and on PostgreSQL."""

from datetime import UTC, date, datetime, timedelta, timezone

import polars as pl
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from forked import FORKS

from connectors.store import database
from connectors.store.memory import Memory
from connectors.store.schema import VERSION, metadata

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def memory(memory_url):
    memory = Memory.open(memory_url)
    yield memory
    memory.close()


def quarantined(*rows):
    return pl.DataFrame(rows, schema=["source", "table", "rule", "key"], orient="row")


def test_the_steps_lead_to_the_tables_the_program_means(memory):
    with memory.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_version_is_the_last_step():
    config = Config()
    config.set_main_option("script_location", str(database.Path(database.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == VERSION


def test_opening_again_keeps_everything(memory_url):
    Memory.open(memory_url).remember("chat", "messages", NOON)
    assert Memory.open(memory_url).bookmark("chat", "messages") == NOON


def test_a_database_from_the_future_is_left_alone(memory, memory_url):
    with memory.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RuntimeError, match="install the newer one"):
        Memory.open(memory_url)


def test_a_stream_never_read_has_no_bookmark(memory):
    assert memory.bookmark("chat", "messages") is None


def test_a_bookmark_is_moved_not_added(memory):
    memory.remember("chat", "messages", NOON)
    memory.remember("chat", "messages", NOON + timedelta(hours=1))
    assert memory.bookmark("chat", "messages") == NOON + timedelta(hours=1)


def test_a_moment_comes_back_in_utc(memory):
    memory.remember("chat", "messages", datetime(2026, 3, 2, 14, tzinfo=timezone(timedelta(hours=2))))
    assert memory.bookmark("chat", "messages") == NOON


def test_a_moment_without_a_zone_is_not_taken(memory):
    with pytest.raises(sa.exc.StatementError, match="without a time zone"):
        memory.remember("chat", "messages", datetime(2026, 3, 2))


def test_a_run_keeps_its_account(memory):
    run = memory.start_run("chat", "public", NOON, table="messages")
    memory.finish_run(
        run, "done", at=NOON, received=3, landed=2, refused=1, newest=NOON, counted=3, words="one column unknown"
    )
    assert memory.runs().rows() == [
        ("chat", "public", "messages", NOON, NOON, "done", 3, 2, 1, NOON, 3, "one column unknown")
    ]


def test_only_the_last_run_of_each_stream_is_asked_for(memory):
    for stream in ("messages", "messages", "ties_seen"):
        memory.finish_run(memory.start_run("chat", stream, NOON), "done", at=NOON, received=0, landed=0, refused=0)
    assert memory.runs()["stream"].to_list() == ["messages", "ties_seen"]
    assert memory.runs(latest=False)["stream"].to_list() == ["messages", "messages", "ties_seen"]


def test_a_run_that_never_finished_is_called_interrupted(memory):
    memory.start_run("chat", "messages", NOON)
    memory.start_run("chat", "messages", NOON)
    assert memory.runs(latest=False)["state"].to_list() == ["interrupted", "running"]


def begin_and_die(url):
    Memory.open(url).start_run("chat", "messages", NOON)


def test_a_run_whose_process_is_gone_is_called_interrupted(memory, memory_url):
    memory.start_run("chat", "ties_seen", NOON)
    process = FORKS.Process(target=begin_and_die, args=(memory_url,))
    process.start()
    process.join()
    found = memory.runs().select("stream", "state", "words").rows()
    assert found == [("messages", "interrupted", ""), ("ties_seen", "running", "")]


def test_a_row_refused_twice_is_one_row(memory):
    memory.refuse(quarantined(("desk", "tickets", "resolved_after_opened", "T1")))
    memory.refuse(
        quarantined(("desk", "tickets", "resolved_after_opened", "T1"), ("desk", "tickets", "kind|nullability", "T2"))
    )
    memory.refuse(quarantined(("desk", "tickets", "resolved_after_opened", "T3")))
    assert memory.refused().rows() == [
        ("desk", "tickets", "kind|nullability", 1, "T2"),
        ("desk", "tickets", "resolved_after_opened", 2, "T1"),
    ]


def test_a_row_set_right_leaves_the_quarantine(memory):
    memory.refuse(quarantined(("desk", "tickets", "r", "T1"), ("desk", "tickets", "r", "T2")))
    memory.pardon("desk", "tickets", pl.Series(["T2", "T9"]))
    assert memory.refused().rows() == [("desk", "tickets", "r", 1, "T1")]


def test_touched_days_stay_until_they_are_settled(memory):
    memory.touch("tickets", date(2026, 3, 2), date(2026, 3, 9))
    memory.touch("people", date(2026, 3, 2), date(9999, 12, 31))
    assert memory.touched().rows()[1][1:] == ("people", date(2026, 3, 2), date(9999, 12, 31))
    memory.settle(memory.touched()["id"].to_list()[:1])
    assert memory.touched()["table"].to_list() == ["people"]


def test_what_was_told_is_kept_for_each_way_out(memory):
    flips = pl.DataFrame(
        {
            "indicator": "link_rate",
            "unit": "sales",
            "verdict": ["alarm"],
            "side": "worse",
            "since": date(2026, 3, 2),
            "sentence": "not kept",
        }
    )
    memory.tell("mail", flips, NOON)
    memory.tell("mail", flips.with_columns(verdict=pl.lit("ok")), NOON + timedelta(days=7))
    told = ("link_rate", "sales", "ok", "worse", date(2026, 3, 2), NOON + timedelta(days=7))
    assert memory.told("mail").rows() == [told]
    assert memory.told("file").is_empty()


@pytest.mark.parametrize("read", ["runs", "refused", "touched", "mutes", "subscriptions"])
def test_what_is_empty_has_its_types_all_the_same(memory, read):
    found = getattr(memory, read)()
    assert found.is_empty()
    assert pl.Null not in found.dtypes


def test_a_source_stays_away_from_a_host_as_long_as_it_was_asked_to(memory):
    memory.waits("slack").wait("example.org", NOON)
    assert memory.waits("slack").until("example.org") == NOON
    assert memory.waits("other").until("example.org") is None


def test_the_parts_of_a_stream_keep_bookmarks_of_their_own(memory):
    memory.mark("slack", "messages", {"C1": NOON, "C2/x": NOON})
    memory.remember("slack", "messages", NOON)
    assert memory.marks("slack", "messages") == {"C1": NOON, "C2/x": NOON}
    memory.unmark("slack", "messages")
    assert memory.marks("slack", "messages") == {}
    assert memory.bookmark("slack", "messages") == NOON

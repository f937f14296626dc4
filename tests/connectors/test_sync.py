"""Carrying facts in: what lands, what is kept aside, what is remembered, and what is never written anywhere."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from connectors.errors import Busy, Changed, Refused
from connectors.people import Pseudonyms
from connectors.source import Health, Stream
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync

NOW = datetime(2026, 3, 9, 6, tzinfo=UTC)
MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
NAMES = Pseudonyms(bytes(range(32)))


@dataclass
class Made:
    """A source that gives what it is told to."""

    given: list[Stream]
    name: str = "chat"

    def streams(self):
        return self.given

    def check(self):
        return Health(True, "made for a test")


@dataclass
class House:
    lake: Lake
    memory: Memory
    asked: list = field(default_factory=list)

    def sync(self, *streams, now=NOW, **options):
        return sync(Made(list(streams)), self.lake, self.memory, NAMES, now, **options)

    def stream(self, *pages, table="messages", **options):
        def read(since):
            self.asked.append(since)
            for page in pages:
                if isinstance(page, Exception):
                    raise page
                yield page

        return Stream(table, read, **options)

    def last(self, stream="messages"):
        return self.memory.runs().row(by_predicate=pl.col("stream") == stream, named=True)


@pytest.fixture
def house(tmp_path):
    return House(Lake(tmp_path / "lake"), Memory.open(f"sqlite:///{tmp_path / 'memory.db'}"))


def messages(*names, sent=MARCH, **columns):
    said = {"message": list(names), "channel": "c", "author": "ada@example.org", "sent": sent, **columns}
    return pl.DataFrame(said)


def landed(house, table="messages"):
    return house.lake.scan(table).collect()


def test_pages_land_and_the_run_says_how_many(house):
    (run,) = house.sync(house.stream(messages("m1", "m2"), messages("m3")))
    assert (run.state, run.received, run.landed, run.refused, run.words) == ("done", 3, 3, 0, "")
    assert sorted(landed(house)["message"]) == ["m1", "m2", "m3"]
    assert house.last()["newest"] == MARCH
    assert landed(house)["source"].unique().to_list() == ["chat"]


def test_a_first_run_is_a_full_run_and_the_next_reads_since_its_start_less_the_overlap(house):
    stream = house.stream(messages("m1"), overlap=2 * DAY)
    house.sync(stream)
    house.sync(stream, now=NOW + 7 * DAY)
    assert house.asked == [None, NOW - 2 * DAY]
    assert house.memory.bookmark("chat", "messages") == NOW + 5 * DAY


def test_reading_the_same_again_lands_nothing_and_touches_no_day(house):
    stream = house.stream(messages("m1", "m2"))
    house.sync(stream)
    house.memory.settle(house.memory.touched()["id"].to_list())
    (run,) = house.sync(stream, now=NOW + DAY)
    assert (run.state, run.received, run.landed) == ("done", 2, 0)
    assert house.memory.touched().is_empty()


def test_the_days_of_what_landed_are_to_be_counted_anew(house):
    house.sync(house.stream(messages("m1")))
    assert house.memory.touched().rows() == [(1, "messages", date(2026, 3, 1), date(2026, 3, 3))]


@pytest.mark.parametrize("error, state", [(Refused, "refused"), (Busy, "busy"), (Changed, "changed")])
def test_a_stream_that_fails_is_recorded_keeps_its_bookmark_and_the_others_go_on(house, error, state):
    failing = house.stream(messages("m1"), error("it failed; do something"), key="failing")
    runs = house.sync(failing, house.stream(messages("m2"), key="fine"))
    assert [(run.stream, run.state) for run in runs] == [("failing", state), ("fine", "done")]
    assert house.last("failing")["words"] == "it failed; do something"
    assert house.memory.bookmark("chat", "failing") is None
    assert house.memory.bookmark("chat", "fine") == NOW - DAY


def test_a_source_that_cannot_name_its_streams_is_recorded(house):
    source = Made([])
    source.streams = lambda: (_ for _ in ()).throw(Refused("no token; give one"))
    assert [run.state for run in sync(source, house.lake, house.memory, NAMES, NOW)] == ["refused"]
    assert house.memory.runs()["words"].to_list() == ["no token; give one"]


def test_a_bug_in_a_source_is_recorded_by_its_place_and_never_quoted(house, caplog):
    runs = house.sync(house.stream(messages("m1"), KeyError("canary said this")))
    assert runs[0].state == "changed"
    assert "chat: KeyError at test_sync.py:" in runs[0].words
    assert "canary" not in runs[0].words + str(house.memory.runs().rows()) + caplog.text


def test_a_row_that_breaks_a_rule_is_kept_aside_and_the_rest_lands(house):
    page = messages("m1", "m2", "m3").with_columns(channel=pl.Series(["c", "", None]))
    (run,) = house.sync(house.stream(page))
    assert (run.state, run.received, run.landed, run.refused) == ("done", 3, 1, 2)
    assert house.memory.refused().rows() == [
        ("chat", "messages", "channel|min_length", 1, "m2"),
        ("chat", "messages", "channel|nullability", 1, "m3"),
    ]


def test_a_row_that_is_set_right_leaves_the_quarantine(house):
    house.sync(house.stream(messages("m1", channel="")))
    house.sync(house.stream(messages("m1")), now=NOW + DAY)
    assert house.memory.refused().is_empty()


def test_a_row_that_the_source_refuses_is_kept_aside_under_the_sources_rule(house):
    rule = "sent: not a date like %d/%m/%Y"
    page = messages("m1", "m2").with_columns(refused=pl.Series([None, rule]))
    (run,) = house.sync(house.stream(page))
    assert (run.landed, run.refused) == (1, 1)
    assert house.memory.refused().rows() == [("chat", "messages", rule, 1, "m2")]
    assert landed(house)["message"].to_list() == ["m1"]


def test_two_words_about_one_thing_break_no_rule_and_the_newer_one_lands(house):
    page = messages("m1", "m1").with_columns(changed=pl.Series([MARCH + DAY, MARCH]), channel=pl.Series(["new", "old"]))
    (run,) = house.sync(house.stream(page))
    assert (run.landed, run.refused) == (1, 0)
    assert landed(house)["channel"].to_list() == ["new"]


def test_a_column_we_do_not_have_is_named_and_never_read(house):
    (run,) = house.sync(house.stream(messages("m1", text="canary", **{"canary? really!": 1})))
    assert run.words == "also gives one with an odd name, text, not read"
    assert run.state == "done"


def test_a_missing_column_that_is_needed_is_a_change_of_shape(house):
    (run,) = house.sync(house.stream(messages("m1").drop("message")))
    assert (run.state, run.words) == (
        "changed",
        "messages: column message is missing; name the field it comes from",
    )


def test_a_column_of_another_kind_is_a_change_of_shape_and_no_value_is_quoted(house):
    (run,) = house.sync(house.stream(messages("m1", sent="canary")))
    assert (run.state, run.words) == (
        "changed",
        "messages: column sent is text, moments are needed; set dates = ... for it",
    )


def test_numbers_as_ids_and_moments_of_another_zone_are_taken(house):
    page = messages(7).with_columns(pl.col("sent").dt.convert_time_zone("Asia/Tokyo").dt.cast_time_unit("ms"))
    house.sync(house.stream(page))
    assert landed(house).select("message", "sent").rows() == [("7", MARCH)]


def test_where_the_source_does_not_know_when_a_row_changed_its_own_moment_stands_in(house):
    house.sync(house.stream(messages("m1")))
    assert landed(house)["changed"].to_list() == [MARCH]


def test_a_full_run_without_rows_where_there_were_many_is_doubtful_and_read_in_full_again(house):
    house.sync(house.stream(messages(*map(str, range(100)))))
    with house.memory.writing() as connection:
        connection.exec_driver_sql("DELETE FROM bookmarks")
    (run,) = house.sync(house.stream(messages().head(0)))
    assert (run.state, run.received) == ("warning", 0)
    assert "100 rows came the last time" in run.words
    assert house.memory.bookmark("chat", "messages") is None


def many(count, start=MARCH, **more):
    columns = {"message": [f"m{n}" for n in range(count)], "channel": "c1", "sent": start, "author": "U1", **more}
    return pl.DataFrame(columns)


def test_nothing_new_where_much_was_to_be_expected_is_doubtful_and_asked_for_again(house):
    """150 rows in a day were read the last time: a day of silence is odd, an hour is not."""
    stream = {"overlap": timedelta(0)}
    house.sync(house.stream(many(10), **stream), now=NOW)
    house.sync(house.stream(many(150), **stream), now=NOW + DAY)
    nothing = many(0).head(0)
    house.sync(house.stream(nothing, **stream), now=NOW + DAY + timedelta(hours=1))
    assert house.last()["state"] == "done"
    house.sync(house.stream(nothing, **stream), now=NOW + 3 * DAY)
    assert (house.last()["state"], house.last()["words"]) == (
        "warning",
        "nothing came, 150 rows were to be expected after the last time; look whether it may still read them",
    )
    assert house.memory.bookmark("chat", "messages") == NOW + DAY + timedelta(hours=1)


def test_a_field_that_was_there_and_comes_no_more_is_named(house):
    house.sync(house.stream(many(120, question=True, thread=None)))
    lost = many(120, question=pl.Series([None] * 120, dtype=pl.Boolean), thread=None)
    house.sync(house.stream(lost), now=NOW + DAY)
    assert house.last()["state"] == "warning"
    assert house.last()["words"] == ("question came in none of 120 rows, before in most; look at the vendor's changes")


def test_a_field_that_comes_in_few_rows_or_never_came_is_not_missed(house):
    house.sync(house.stream(many(120, thread=None)))
    house.sync(house.stream(many(120, thread=None)), now=NOW + DAY)
    house.sync(house.stream(many(20, question=None)), now=NOW + 2 * DAY)
    assert house.memory.runs(latest=False)["state"].unique().to_list() == ["done"]


def test_another_number_than_the_sources_own_is_doubtful(house):
    (run,) = house.sync(house.stream(messages("m1", "m2"), count=lambda: 3))
    assert (run.state, run.words) == ("warning", "the source counts 3 rows, 2 are here")
    assert house.last()["counted"] == 3


def test_a_count_that_cannot_be_read_is_said_and_stops_nothing(house):
    def count():
        raise Refused("example.org refused /count (403); grant the right")

    house.sync(house.stream(many(3), count=count))
    assert (house.last()["state"], house.last()["landed"]) == ("done", 3)
    assert house.last()["words"] == "its own count cannot be read: example.org refused /count (403); grant the right"
    assert house.memory.bookmark("chat", "messages") is not None


def test_rows_that_the_source_has_and_the_lake_has_not_are_noticed_on_a_later_run_too(house):
    house.sync(house.stream(messages("m1", "m2"), count=lambda: 2))
    (run,) = house.sync(house.stream(messages("m3"), count=lambda: 4))
    assert (run.state, run.words) == ("warning", "the source counts 4 rows, 3 are here")


def test_rows_that_the_source_has_deleted_raise_no_doubt(house):
    house.sync(house.stream(messages("m1", "m2"), count=lambda: 2))
    (run,) = house.sync(house.stream(messages("m2"), count=lambda: 1))
    assert run.state == "done"


def test_whoever_waits_is_told_how_far_it_is(house):
    seen = []
    house.sync(
        house.stream(messages("m1", "m2"), messages("m3")),
        tick=lambda source, stream, rows: seen.append((stream, rows)),
    )
    assert seen == [("messages", 2), ("messages", 3)]


def test_many_small_pages_are_one_landing(house):
    house.sync(house.stream(*(messages(f"m{number}") for number in range(30))))
    assert house.lake.delta("messages").version() == 1
    assert landed(house).height == 30


def every_byte(folder):
    for path in (path for path in folder.rglob("*") if path.is_file()):
        body = path.read_bytes()
        if path.suffix == ".parquet":
            body += repr(pl.read_parquet(path, hive_partitioning=False).rows()).encode()
        yield path, body.lower()


def test_no_text_and_no_name_is_in_any_byte_written_logged_or_said(tmp_path, caplog):
    caplog.set_level("DEBUG")
    house = House(Lake(tmp_path / "lake"), Memory.open(f"sqlite:///{tmp_path / 'memory.db'}"))
    page = messages("m1", "m2", text="kanarie writes").with_columns(
        author=pl.Series(["Kanarie@example.org", "kanarie.two"])
    )
    long = messages("m3", thread="kanarie " * 40)
    people = pl.DataFrame({"person": ["kanarie@example.org"], "unit": [""], "valid_from": [date(2026, 1, 1)]})
    answers = messages("m4", sent="kanarie")
    runs = house.sync(
        house.stream(page, long, key="fine"),
        house.stream(people, table="people"),
        house.stream(answers, key="wrong"),
        house.stream(RuntimeError("kanarie"), key="bug"),
    )
    assert [(run.state, run.landed, run.refused) for run in runs] == [
        ("done", 2, 1),
        ("done", 0, 1),
        ("changed", 0, 0),
        ("changed", 0, 0),
    ]
    house.memory.close()
    found = dict(every_byte(tmp_path))
    assert {path.suffix for path in found} >= {".db", ".json", ".parquet"}
    assert [path for path, body in found.items() if b"kanarie" in body] == []
    assert "kanarie" not in (caplog.text + repr(runs)).lower()

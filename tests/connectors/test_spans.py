"""What a read says it has seen whole goes where it is no longer; a read that was cut off goes on where it was."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from contract import Rehearsal

from connectors.errors import Busy
from connectors.source import Health, Page, Part, Span, Stream

JUNE = [datetime(2026, 6, day, 9, tzinfo=UTC) for day in range(1, 11)]
LATER = datetime(2026, 7, 1, tzinfo=UTC)


def said(*rows, **more):
    names = ("message", "channel", "thread", "sent")
    kinds = {"message": pl.String, "channel": pl.String, "thread": pl.String, "sent": pl.Datetime("us", "UTC")}
    return Page("messages", pl.DataFrame([dict(zip(names, row, strict=True)) for row in rows], schema=kinds), **more)


class Chat:
    """Gives what it is told to give, and remembers how it was asked."""

    name = "chat"

    def __init__(self):
        self.pages, self.asked = {}, []

    def streams(self):
        return [Stream("messages", self.all, parts=self.parts, covers="said", overlap=timedelta(days=1))]

    def all(self, since):
        for part in self.parts(since):
            yield from part.read(since)

    def parts(self, since):
        return [Part(name, self.reader(name), resume=self.reader(name)) for name in sorted(self.pages)]

    def reader(self, name):
        def read(since, reached=None):
            self.asked.append((name, since, reached))
            for page in self.pages[name]:
                if isinstance(page, Exception):
                    raise page
                yield page

        return read

    def check(self):
        return Health(True, "")


@pytest.fixture
def chat(tmp_path):
    source = Chat()
    rehearsal = Rehearsal(source, tmp_path)
    source.here = lambda: sorted(rehearsal.sync().lake.scan("messages").collect()["message"].to_list())
    source.state = lambda: rehearsal.memory.runs()["state"].to_list()
    return source


def test_what_was_not_named_in_a_span_is_removed_and_nothing_else(chat):
    told = [("a", "c", None, JUNE[0]), ("b", "c", None, JUNE[4]), ("r", "c", "a", JUNE[4]), ("o", "d", None, JUNE[4])]
    chat.pages = {"c": [said(*told)]}
    assert chat.here() == ["a", "b", "o", "r"]
    chat.pages = {"c": [said(seen=(Span("channel", ["c"], JUNE[1], JUNE[6], but="thread"),))]}
    assert chat.here() == ["a", "o", "r"]
    chat.pages = {"c": [said(seen=(Span("thread", ["a"]),))]}
    assert chat.here() == ["a", "o"]


def test_a_row_dated_at_the_end_of_a_span_is_not_meant(chat):
    chat.pages = {"c": [said(("a", "c", None, JUNE[0]), ("b", "c", None, JUNE[4]))]}
    chat.here()
    chat.pages = {"c": [said(seen=(Span("channel", ["c"], JUNE[0], JUNE[4]),))]}
    assert chat.here() == ["b"]


def test_what_a_span_names_stays_and_what_its_table_has_no_column_for_is_left_alone(chat):
    row = ("a", "c", None, JUNE[0])
    chat.pages = {"c": [said(row)]}
    chat.here()
    chat.pages = {"c": [said(row, seen=(Span("channel", ["c"]), Span("ticket", ["c"])))]}
    assert chat.here() == ["a"]


def test_a_read_that_was_cut_off_goes_on_from_there_and_is_done_once(chat):
    chat.pages = {"c": [said(("a", "c", None, JUNE[0]), reached=JUNE[3]), Busy("wait")]}
    assert chat.here() == ["a"]
    assert chat.state() == ["busy"]
    chat.pages = {"c": [said(("b", "c", None, JUNE[4]))]}
    assert chat.here() == ["a", "b"]
    chat.here()
    done = datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert chat.asked == [("c", None, None), ("c", None, JUNE[3]), ("c", done, None)]


def test_what_was_begun_comes_first_and_then_what_is_furthest_behind(chat):
    chat.pages = {"a": [said()], "b": [said(reached=JUNE[0]), Busy("wait")], "c": [said()]}
    chat.here()
    chat.pages = {"a": [said()], "b": [said()], "c": [said()]}
    chat.here()
    assert [name for name, _, _ in chat.asked] == ["a", "b", "b", "c", "a"]

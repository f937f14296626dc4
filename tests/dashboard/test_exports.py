"""Ways out: the contract each keeps, the files they write, and that nothing is remembered that was not sent."""

import csv
import io
import json
import resource
from datetime import date, datetime

import polars as pl
import pytest
from telltale import AS_OF, FOUR, WEEK, flip, flips, report, trend

from connectors.store.memory import Edition, Memory
from dashboard import telling
from dashboard.export import ExportError, kinds, make

SECTIONS = {
    "files": {"folder": "out"},
    "mail": {"host": "127.0.0.1", "from": "b@example.org", "to": ["a@example.org"], "security": "none"},
}


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_each_kind_is_made_from_its_section_and_keeps_its_name(kind, tmp_path):
    assert make("board", kind, SECTIONS[kind], tmp_path).name == "board"


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_each_kind_refuses_an_unknown_key_and_says_where(kind, tmp_path):
    with pytest.raises(ExportError, match=r"\[exports.board\] colour"):
        make("board", kind, SECTIONS[kind] | {"colour": "red"}, tmp_path)


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_each_kind_that_cannot_send_says_so_and_what_to_do(kind, tmp_path):
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(ExportError, match=r"board: .+; .+ in \[exports.board\]"):
        make("board", kind, SECTIONS[kind] | ({"port": 1} if kind == "mail" else {}), tmp_path).send(
            report(cells=FOUR.clear())
        )


def test_an_unknown_kind_names_the_known_ones(tmp_path):
    with pytest.raises(ExportError, match="'pigeon' is not known; known are files, mail"):
        make("board", "pigeon", {}, tmp_path)


@pytest.fixture
def written(tmp_path):
    def write(one=None, **options):
        make("folder", "files", {"folder": "out"} | options, tmp_path).send(one or report())
        return {path.suffix: path for path in (tmp_path / "out").iterdir()}

    return write


def test_one_file_a_format_with_the_day_in_its_name(written):
    found = written()
    assert sorted(found) == [".csv", ".json", ".md", ".xlsx"]
    assert all(path.name.startswith("bellwether-2026-11-22-") for path in found.values())


def test_the_same_news_twice_is_one_file_and_other_news_another(written, tmp_path):
    written(formats=["md"])
    written(formats=["md"])
    assert len(list((tmp_path / "out").iterdir())) == 1
    written(report(FOUR.head(1)), formats=["md"])
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_a_name_that_looks_like_a_formula_stays_text_in_csv(written):
    rows = list(csv.DictReader(io.StringIO(written()[".csv"].read_text("utf-8-sig"))))
    assert [row["Unit"] for row in rows][1] == "'=cmd()|'/C calc'!A0"
    assert [row["Unit"] for row in rows][3] == "'+49 People"
    assert rows[0]["Now"] == "31.5"


def test_xlsx_holds_text_numbers_and_dates_as_such(written):
    sheet = pl.read_excel(written()[".xlsx"], sheet_name="Changed")
    assert sheet["Unit"].to_list() == ["Engineering & <b>Ops</b>", "=cmd()|'/C calc'!A0", "Sales", "+49 People"]
    assert sheet["Now"].to_list() == [31.5] * 4
    assert sheet.schema["Since (week of)"] in (pl.Date, pl.Datetime("ms"), pl.Datetime("us"))
    assert sheet["Since (week of)"].cast(pl.Date).to_list() == [date(2026, 10, 12)] * 4


def test_xlsx_has_no_formula_in_it_and_a_frozen_heading(written):
    from zipfile import ZipFile

    with ZipFile(written()[".xlsx"]) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert 'state="frozen"' in sheet


def test_json_carries_the_news_and_the_failing_sources(written):
    found = json.loads(written(report(failing=["Data from Chat is three weeks old."]))[".json"].read_text())
    assert (found["organisation"], found["as_of"]) == ("Acme", "2026-11-22")
    assert found["failing"] == ["Data from Chat is three weeks old."]
    assert [one["unit"] for one in found["alerts"]] == ["eng", "cmd", "sales", "hr"]
    assert datetime.fromisoformat(found["alerts"][0]["since"]) == datetime(2026, 10, 12)


def test_markdown_shows_names_as_they_stand(written):
    text = written()[".md"].read_text()
    assert text.startswith("# 2 new alerts, 1 good news, 1 alert over – Acme, week of 16 November 2026")
    assert r"Engineering \& \<b\>Ops\</b\>" in text
    assert "<https://learning.example.org/knowledge_reuse?unit=eng>" in text


def test_a_full_disk_leaves_the_old_file_whole(written, tmp_path):
    path = written(formats=["md"])[".md"]
    before = path.read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(ExportError, match="File too large"):
            written(formats=["md"])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == before
    assert len(list((tmp_path / "out").iterdir())) == 1


def test_the_subject_counts_in_words():
    one = report(flips(flip("new", "link_rate", "a", "A")))
    assert one.subject == "1 new alert – Acme, week of 16 November 2026"
    assert report(organisation="Acme\r\nBcc: x@example.org").subject.endswith(
        "– Acme Bcc: x@example.org, week of 16 November 2026"
    )


def test_at_most_five_are_told_in_full_and_the_rest_is_counted():
    many = report(
        flips(*[flip("new", "link_rate", f"u{i}", f"U{i}") for i in range(7)], flip("over", "link_rate", "z", "Z"))
    )
    assert len(many.full) == 5
    assert many.rest == "2 new alerts, 1 alert over"


def test_the_id_is_the_same_for_the_same_news_in_any_order():
    assert report(FOUR.reverse()).id == report().id
    assert report(FOUR.head(3)).id != report().id


class Way:
    name = "board"

    def __init__(self, fails=False):
        self.fails, self.sent = fails, []

    def send(self, report):
        if self.fails:
            raise ExportError("board: refused")
        self.sent.append(report)
        return "sent"


def test_what_failed_to_go_out_is_not_remembered():
    remembered = []
    with pytest.raises(ExportError):
        telling.deliver(Way(fails=True), report(), remembered.append)
    assert remembered == []


def test_what_went_out_is_remembered_after():
    way, remembered = Way(), []
    assert telling.deliver(way, report(), remembered.append) == "sent"
    assert remembered[0].rows() == way.sent[0].flips.rows()


def test_an_empty_report_is_not_sent():
    way, remembered = Way(), []
    assert telling.deliver(way, report(FOUR.clear()), remembered.append) == "nothing new to tell"
    assert (way.sent, remembered) == ([], [])


def judged(unit, side="worse", verdict="alarm", indicator="knowledge_reuse", folded=None):
    facts = {"indicator": indicator, "unit": unit, "week": WEEK, "verdict": verdict, "side": side}
    facts |= {"since": date(2026, 10, 12), "before": 44.0, "now": 31.5, "n": 812, "strength": 2.0, "p": 0.001}
    return facts | {"folded": folded, "sentence": f"It fell in {unit}."}


def changed(*rows):
    names = ("indicator", "unit", "verdict", "side", "since", "sentence")
    return pl.DataFrame([{name: row[name] for name in names} | {"kind": "new"} for row in rows])


@pytest.fixture
def memory(tmp_path):
    """An edition with Acme above Sales and Platform; Platform's cells are hidden, and a team of four is nowhere."""
    numbers = ["value", "low", "high", "n", "people", "usual_low", "usual_high"]
    cells = pl.concat([trend("knowledge_reuse", unit) for unit in ("acme", "sales", "platform")])
    hidden = pl.col("unit") == "platform"
    cells = cells.with_columns(
        pl.when(hidden).then(None).otherwise(pl.col(numbers)).name.keep(),
        state=pl.when(hidden).then(pl.lit("hidden")).otherwise("state"),
    )
    units = {"unit": ["acme", "sales", "platform"], "parent": [None, "acme", "acme"], "depth": [0, 1, 1]}
    feeds = {"source": ["chat", "desk"], "table": ["messages", "tickets"], "newest": [date(2026, 11, 1), AS_OF]}
    feeds |= {"rows": [5, 5], "state": ["stale", "ok"], "words": ["Data from Chat is three weeks old.", ""]}
    edition = Edition(
        as_of=AS_OF,
        organisation="Acme",
        cells=cells,
        units=pl.DataFrame(units).with_columns(name=pl.col("unit").str.to_titlecase()),
        verdicts=pl.DataFrame([judged("acme"), judged("sales", folded="acme"), judged("platform")]),
        feeds=pl.DataFrame(feeds),
    )
    found = Memory.open(f"sqlite:///{tmp_path}/memory.db")
    found.publish(edition)
    yield found
    found.close()


def test_before_any_edition_there_is_nothing_to_tell(tmp_path):
    empty = Memory.open(f"sqlite:///{tmp_path}/memory.db")
    assert telling.report(empty, changed(judged("acme"))) is None


def test_a_report_names_units_highest_first_and_carries_their_cells(memory):
    found = telling.report(memory, changed(judged("sales"), judged("acme")), "https://l.example.org")
    assert found.flips["name"].to_list() == ["Acme", "Sales"]
    assert found.flips["now"].to_list() == [31.5, 31.5]
    assert found.drawn("knowledge_reuse", "acme").height == 52
    assert found.failing == ["Data from Chat is three weeks old."]


def test_of_two_in_one_unit_the_stronger_sign_is_told_first(memory):
    both = telling.named(
        pl.DataFrame(
            [
                judged("acme") | {"kind": "new"},
                judged("acme", indicator="link_rate") | {"kind": "new", "strength": -3.0},
            ]
        ),
        memory.units(),
    )
    assert both["indicator"].to_list() == ["link_rate", "knowledge_reuse"]


def test_good_news_is_told_as_such_and_after_trouble(memory):
    found = telling.report(memory, changed(judged("acme", "better"), judged("sales")))
    assert found.flips["group"].to_list() == ["new", "good"]


def test_neither_a_hidden_number_nor_an_unpublished_unit_is_told(memory):
    found = telling.report(memory, changed(judged("acme"), judged("platform"), judged("skunkworks")))
    assert found.flips["unit"].to_list() == ["acme"]
    assert "platform" not in found.cells["unit"]


def test_what_is_open_counts_an_alarm_once_and_no_hidden_one(memory):
    assert telling.report(memory, changed(judged("acme"))).open["unit"].to_list() == ["acme"]

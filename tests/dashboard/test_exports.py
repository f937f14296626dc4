"""Ways out: the contract each keeps, the files they write, and that nothing is remembered that was not sent."""

import csv
import io
import json
from datetime import date, datetime

import polars as pl
import pytest
from telltale import FOUR, flip, flips, report

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
    assert text.startswith("# 2 new alerts, 1 good news, 1 over – Acme, week of 16 November 2026")
    assert r"Engineering \& \<b\>Ops\</b\>" in text
    assert "<https://learning.example.org/knowledge_reuse?unit=eng>" in text


def test_a_full_disk_leaves_the_old_file_whole(written, tmp_path, monkeypatch):
    path = written(formats=["md"])[".md"]
    before = path.read_bytes()
    monkeypatch.setattr(
        "pathlib.Path.write_bytes", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device"))
    )
    with pytest.raises(ExportError, match="No space left"):
        written(formats=["md"])
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
    assert many.rest == "2 new alerts, 1 over"


def test_the_id_is_the_same_for_the_same_news_in_any_order():
    assert report(FOUR.reverse()).id == report().id
    assert report(FOUR.head(3)).id != report().id

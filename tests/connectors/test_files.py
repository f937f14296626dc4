"""Files of one's own: what is read of them, and what is said when they cannot be read."""

import gzip
import os
import time
import zipfile
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
import xlsxwriter

from connectors.errors import Busy, Changed, Refused
from connectors.people import Pseudonyms
from connectors.sources.files import arrived, files
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync

HEADER = "number,team,opened_at\n"
COLUMNS = {"ticket": "number", "unit": "team", "opened": "opened_at"}
TICKETS = {"columns": COLUMNS, "constant": {"kind": "incident"}, "dates": "%d/%m/%Y %H:%M"}


def source(folder, **section):
    return files("desk", {"folder": folder, "tickets": {"path": "tickets.csv", **TICKETS, **section}})


def read(folder, text=None, *, since=None, name="tickets.csv", **section):
    if text is not None:
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    pages = list(source(folder, **{"path": name, **section}).streams()[0].read(since))
    return pl.concat(pages) if pages else None


def rows(page, *names):
    return page.select(names).rows()


def test_a_row_becomes_a_ticket_with_the_name_of_its_source(tmp_path):
    page = read(tmp_path, HEADER + "7,Blue,5/3/2026 09:30\n")
    assert rows(page, "ticket", "unit", "kind", "opened", "refused") == [
        ("desk:7", "Blue", "incident", datetime(2026, 3, 5, 9, 30, tzinfo=UTC), None)
    ]


def test_moments_without_a_zone_are_of_the_organisation(tmp_path):
    page = read(tmp_path, HEADER + "7,Blue,5/7/2026 09:30\n", time_zone="Europe/Berlin")
    assert page["opened"].to_list() == [datetime(2026, 7, 5, 7, 30, tzinfo=UTC)]


def test_an_hour_that_the_clock_skips_is_not_lost(tmp_path):
    page = read(tmp_path, HEADER + "7,Blue,29/3/2026 02:30\n8,Blue,25/10/2026 02:30\n", time_zone="Europe/Berlin")
    assert page["opened"].to_list() == [
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    ]


def test_without_columns_those_that_bear_our_names_are_taken(tmp_path):
    text = "ticket,kind,opened,subject\nA,incident,2026-03-05T09:30:00Z,secret\n"
    (tmp_path / "own.csv").write_text(text)
    stream = files("desk", {"folder": tmp_path, "tickets": {"path": "own.csv"}}).streams()[0]
    assert next(stream.read(None)).columns == ["ticket", "kind", "opened", "refused", "changed"]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffnumber;team;opened_at\r\n7;Blue;5/3/2026 09:30\r\n".encode(),
        b"sep=;\nnumber;team;opened_at\n7;Blue;5/3/2026 09:30\n",
        "number\tteam\topened_at\n7\tBlue\t5/3/2026 09:30\n".encode("utf-16"),
        b'"number","team","opened_at"\n"7","Blue","5/3/2026 09:30"\n',
        b" number , team , opened_at \n 7 , Blue , 5/3/2026 09:30 \n\n",
        b"number;team;opened_at\r7;Blue;5/3/2026 09:30\r",
    ],
    ids=["semicolons and a mark", "sep=", "Unicode text", "quoted", "spaces and a blank line", "an old Mac's"],
)
def test_what_spreadsheets_write_is_read(tmp_path, text):
    assert rows(read(tmp_path, text), "ticket", "unit") == [("desk:7", "Blue")]


def test_a_quoted_line_break_is_part_of_its_value(tmp_path):
    page = read(tmp_path, HEADER + '7,"Blue\nteam",5/3/2026 09:30\n8,Red,5/3/2026 09:30\n')
    assert rows(page, "ticket", "unit") == [("desk:7", "Blue\nteam"), ("desk:8", "Red")]


def test_packed_files_and_folders_and_patterns(tmp_path):
    line = HEADER + "{},Blue,5/3/2026 09:30\n"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "1.csv.gz").write_bytes(gzip.compress(line.format(1).encode()))
    with zipfile.ZipFile(tmp_path / "in" / "2.csv.zip", "w") as archive:
        archive.writestr("2.csv", line.format(2))
        archive.writestr("__MACOSX/._2.csv", "rubbish")
    (tmp_path / "in" / "3.csv").write_text(line.format(3))
    (tmp_path / "in" / "notes.docx").write_text("not a table")
    for path in ("in", "in/*.csv*", "**/*.csv*"):
        assert sorted(read(tmp_path, path=path)["ticket"]) == ["desk:1", "desk:2", "desk:3"]


def test_parquet_json_lines_and_a_json_list(tmp_path):
    record = {"number": 7, "fields": {"team": "Blue"}, "opened_at": "5/3/2026 09:30"}
    pl.DataFrame([record]).write_parquet(tmp_path / "t.parquet")
    (tmp_path / "t.jsonl").write_text('{"number": 7, "fields": {"team": "Blue"}, "opened_at": "5/3/2026 09:30"}\n')
    (tmp_path / "t.json").write_text('[{"number": 7, "fields": {"team": "Blue"}, "opened_at": "5/3/2026 09:30"}]')
    for name in ("t.parquet", "t.jsonl", "t.json"):
        page = read(tmp_path, name=name, columns={**COLUMNS, "unit": "fields.team"})
        assert rows(page, "ticket", "unit") == [("desk:7", "Blue")]


def test_a_workbook_holds_dates_as_dates_or_as_numbers(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "t.xlsx")
    book.add_worksheet("Cover").write(0, 0, "nothing here")
    sheet = book.add_worksheet("Data")
    sheet.write_row(0, 0, ["number", "team", "opened_at", "closed_at"])
    sheet.write_row(1, 0, [7, "Blue"])
    sheet.write_datetime(1, 2, datetime(2026, 3, 5, 9, 30), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
    sheet.write(1, 3, 46086.5)
    book.close()
    page = read(tmp_path, name="t.xlsx", sheet="Data", columns={**COLUMNS, "closed": "closed_at"})
    noon = datetime(2026, 3, 5, 12, tzinfo=UTC)
    assert rows(page, "ticket", "opened", "closed") == [("desk:7", noon.replace(hour=9, minute=30), noon)]
    with pytest.raises(Refused, match='has no sheet "Dat"; did you mean "Data"'):
        read(tmp_path, name="t.xlsx", sheet="Dat")


def test_marks_of_missing_values_are_missing_and_never_false(tmp_path):
    text = "number,team,opened_at,kb\n7,?,5/3/2026 09:30,?\n8, ,5/3/2026 09:30,yes\n9,Blue,5/3/2026 09:30,no\n"
    page = read(tmp_path, text, columns={**COLUMNS, "knowledge": "kb"}, missing=["?"])
    assert rows(page, "unit", "knowledge") == [(None, None), (None, True), ("Blue", False)]


def test_values_are_translated_and_what_is_not_named_stays_or_takes_the_default(tmp_path):
    text = "number,team,opened_at,type\n1,A,5/3/2026 09:30,INC\n2,A,5/3/2026 09:30,RFC\n"
    columns = {**COLUMNS, "kind": "type"}
    kept = read(tmp_path, text, columns=columns, constant={}, values={"kind": {"INC": "incident"}})
    other = read(tmp_path, columns=columns, constant={}, values={"kind": {"INC": "incident", "default": "request"}})
    assert (kept["kind"].to_list(), other["kind"].to_list()) == (["incident", "RFC"], ["incident", "request"])


def test_numbers_with_separators(tmp_path):
    text = 'number,team,opened_at,n\n1,A,5/3/2026 09:30,"1,234"\n2,A,5/3/2026 09:30,12\n'
    assert read(tmp_path, text, columns={**COLUMNS, "reopenings": "n"})["reopenings"].to_list() == [1234, 12]
    text = "number;team;opened_at;n\n1;A;5/3/2026 09:30;1.234\n2;A;5/3/2026 09:30;12\n"
    unclear = read(tmp_path, text, columns={**COLUMNS, "reopenings": "n"})
    clear = read(tmp_path, columns={**COLUMNS, "reopenings": "n"}, decimal=",")
    assert (unclear["reopenings"].to_list(), clear["reopenings"].to_list()) == ([None, 12], [1234, 12])
    assert unclear["refused"][0].startswith("reopenings: not a number like 12.345,6, or unclear")


EVENTS = """number,team,opened_at,seen,kb
1,Blue,1/3/2026 09:00,3/3/2026 10:00,false
1,Red,1/3/2026 09:00,2/3/2026 10:00,true
2,Red,1/3/2026 09:00,1/3/2026 10:00,?
1,Blue,1/3/2026 09:00,1/3/2026 10:00,false
"""


def test_the_last_state_wins_and_any_event_counts(tmp_path):
    page = read(tmp_path, EVENTS, order="seen", any={"knowledge": "kb"}, missing=["?"])
    assert sorted(rows(page, "ticket", "unit", "knowledge")) == [("desk:1", "Blue", True), ("desk:2", "Red", None)]
    assert page["changed"].max() == datetime(2026, 3, 3, 10, tzinfo=UTC)


def test_any_event_counts_over_all_files_though_one_alone_is_new(tmp_path):
    head, *lines = EVENTS.splitlines(keepends=True)
    for number, line in enumerate(lines):
        (tmp_path / f"{number}.csv").write_text(head + line)
        time.sleep(0.02)
    since = arrived(tmp_path / "3.csv")
    page = read(tmp_path, path="*.csv", order="seen", any={"knowledge": "kb"}, missing=["?"], since=since)
    assert sorted(rows(page, "ticket", "knowledge")) == [("desk:1", True), ("desk:2", None)]


def test_an_order_by_numbers(tmp_path):
    text = "number,team,opened_at,step\n1,Blue,1/3/2026 09:00,10\n1,Red,1/3/2026 09:00,9\n"
    assert rows(read(tmp_path, text, order="step"), "unit") == [("Blue",)]


def test_text_is_turned_into_whether_it_asks_and_dropped(tmp_path):
    said = ["Who knows?", "see https://x.org/?a=1", "done", "`a ? b`"]
    frame = pl.DataFrame({"id": range(4), "at": ["2026-03-05"] * 4, "said": said})
    frame.write_parquet(tmp_path / "m.parquet")
    columns = {"message": "id", "sent": "at"}
    section = {
        "path": "m.parquet",
        "columns": columns,
        "constant": {"channel": "all"},
        "question": {"question": "said"},
    }
    page = pl.concat(files("chat", {"folder": tmp_path, "messages": section}).streams()[0].read(None))
    assert page["question"].to_list() == [True, False, False, False]
    assert "Who" not in str(page.rows())


def test_only_files_changed_since_are_read_again_and_a_first_run_is_full(tmp_path):
    for number in (1, 2):
        (tmp_path / f"{number}.csv").write_text(HEADER + f"{number},Blue,5/3/2026 09:30\n")
        time.sleep(0.02)
    assert read(tmp_path, path="*.csv").height == 2
    assert rows(read(tmp_path, path="*.csv", since=arrived(tmp_path / "2.csv")), "ticket") == [("desk:2",)]
    assert read(tmp_path, path="*.csv", since=datetime.now(UTC) + timedelta(hours=1)) is None


def test_a_file_that_arrives_late_with_an_old_date_is_read(tmp_path):
    since = datetime.now(UTC) - timedelta(seconds=5)
    (tmp_path / "tickets.csv").write_text(HEADER + "7,Blue,5/3/2026 09:30\n")
    os.utime(tmp_path / "tickets.csv", (1000, 1000))
    assert read(tmp_path, since=since).height == 1


def test_a_word_of_a_newer_file_is_newer(tmp_path):
    for number, team in ((1, "Blue"), (2, "Red")):
        (tmp_path / f"{number}.csv").write_text(HEADER + f"7,{team},5/3/2026 09:30\n")
        os.utime(tmp_path / f"{number}.csv", (number * 1000, number * 1000))
    assert rows(read(tmp_path, path="*.csv").sort("changed"), "unit") == [("Blue",), ("Red",)]


def test_ids_carry_their_source_unless_they_already_do(tmp_path):
    text = HEADER + "jira:7,Blue,5/3/2026 09:30\n8,Blue,5/3/2026 09:30\n"
    assert read(tmp_path, text)["ticket"].to_list() == ["jira:7", "desk:8"]
    assert read(tmp_path, prefix="")["ticket"].to_list() == ["jira:7", "8"]
    assert read(tmp_path, prefix={"ticket": "snow"})["ticket"].to_list() == ["jira:7", "snow:8"]


def test_a_query_over_the_file_says_what_a_mapping_cannot(tmp_path):
    (tmp_path / "hr.csv").write_text("who,boss,since\nann,ceo,2026-01-01\n")
    section = {"path": "hr.csv", "sql": "select who as person, boss as unit, since as valid_from, 'x' as y from self"}
    page = next(files("hr", {"folder": tmp_path, "people": section}).streams()[0].read(None))
    assert page.drop("changed").rows() == [("ann", "ceo", date(2026, 1, 1), None)]
    with pytest.raises(Refused, match="sql does not fit the file"):
        section["sql"] = "select nobody as person from self"
        next(files("hr", {"folder": tmp_path, "people": section}).streams()[0].read(None))


def test_some_rows_with_a_wrong_date_are_refused_and_the_rest_is_read(tmp_path):
    page = read(tmp_path, HEADER + "1,A,5/3/2026 09:30\n2,A,03-05-2026\n")
    assert rows(page, "ticket", "refused") == [("desk:1", None), ("desk:2", "opened: not a date like %d/%m/%Y %H:%M")]


def test_an_event_that_cannot_be_placed_in_time_is_refused_and_does_not_win(tmp_path):
    page = read(tmp_path, EVENTS + "1,Green,1/3/2026 09:00,soon,true\n", order="seen")
    assert sorted(rows(page.with_columns(pl.col("refused").is_not_null()), "ticket", "unit", "refused")) == [
        ("desk:1", "Blue", False),
        ("desk:1", "Green", True),
        ("desk:2", "Red", False),
    ]


def test_a_header_alone_is_no_rows_and_no_error(tmp_path):
    assert read(tmp_path, HEADER).height == 0


@pytest.mark.parametrize(
    ("content", "section", "error", "words"),
    [
        (None, {}, Refused, r"tickets.csv does not exist; put it there or correct path"),
        (None, {"path": "*.csv"}, Refused, r"\*.csv does not exist"),
        (b"", {}, Changed, "tickets.csv is empty: not even a header"),
        (b"numbr,team,opened_at\n", {}, Changed, 'tickets.csv has no column "number"; did you mean "numbr"'),
        (b"number,number,team,opened_at\n", {}, Changed, 'two columns "number"'),
        (b"number,team,opened_at\n1,A,2026-03-05\n", {}, Changed, '"opened_at": no row can be read .* %d/%m/%Y'),
        (b"number,team,opened_at\n1,A,x,canary\n", {}, Changed, "tickets.csv cannot be read as .csv"),
        (b"number,team,opened_at\n1,\xe9,5/3/2026 09:30\n", {}, Changed, "tickets.csv cannot be read as .csv"),
        (b"number,team,opened_at\n", {"encoding": "nonsense"}, Refused, "encoding"),
        (b"x", {"path": "tickets.parquet"}, Changed, "tickets.parquet cannot be read as .parquet"),
        (b"x", {"path": "tickets.xlsx"}, Changed, "tickets.xlsx cannot be read as .xlsx"),
        (b"x", {"path": "tickets.csv.gz"}, Changed, "tickets.csv.gz is no whole .gz file"),
        (b"x", {"path": "tickets.csv.zip"}, Changed, "tickets.csv.zip is no whole .zip file"),
        (b'{"number": 1', {"path": "tickets.jsonl"}, Changed, "tickets.jsonl cannot be read as .jsonl"),
        (b"number,team,opened_at\n", {"delimiter": "::"}, Refused, "a delimiter is one sign"),
        (
            b"number,team,opened_at\ncanary,A,5/3/2026 09:30\n",
            {"sql": "select cast(number as int) as number, team, opened_at from self"},
            Changed,
            r"\[sources.desk.tickets\] sql cannot be run over these rows",
        ),
        (b"x", {"path": "tickets.doc"}, Refused, "is of no kind that can be read"),
    ],
)
def test_bad_input_says_what_where_and_what_to_do(tmp_path, content, section, error, words):
    if content is not None:
        (tmp_path / section.get("path", "tickets.csv")).write_bytes(content)
    with pytest.raises(error, match=words) as raised:
        read(tmp_path, **section)
    assert "canary" not in str(raised.value)
    assert not source(tmp_path, **section).check().reachable


def test_a_headerless_file_does_not_leak_its_first_row_into_an_error(tmp_path):
    with pytest.raises(Changed) as raised:
        read(tmp_path, "7,ann@example.org,canary\n")
    assert "ann" not in str(raised.value) and "canary" not in str(raised.value)


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"ticket": {"path": "x"}}, r"\[sources.desk\] ticket is no table; did you mean \"tickets\""),
        ({"pth": "x"}, 'pth is not known; did you mean "path"'),
        ({"tickets": {"pth": "x"}}, r"\[sources.desk.tickets\] pth is not known; did you mean \"path\""),
        ({"tickets": {**TICKETS, "columns": {**COLUMNS, "closd": "x"}}}, 'no column closd; did you mean "closed"'),
        ({"tickets": {"columns": {"ticket": "number"}}}, "tickets needs kind, opened; add to columns or constant"),
        ({"tickets": {**TICKETS, "any": {"knowledge": "a"}, "constant": {"kind": "x", "knowledge": True}}}, "twice"),
        ({"tickets": {**TICKETS, "any": {"opened": "a"}}}, "mapped twice|not true or false"),
        ({"tickets": {**TICKETS, "values": {"unit": "x"}}}, "values.unit must be"),
        ({"tickets": {**TICKETS, "constant": {"kind": "x", "reopenings": "many"}}}, "does not fit its column"),
        ({"tickets": {**TICKETS, "time_zone": "Europe/Berln"}}, 'no time zone; did you mean "Europe/Berlin"'),
        ({"tickets": {**TICKETS, "decimal": ";"}}, 'decimal must be "." or ","'),
        ({}, "fills no table"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused_before_anything_is_read(section, words):
    with pytest.raises(Refused, match=words):
        files("desk", section)


def test_a_file_that_grows_while_it_is_read_is_left_for_the_next_run(tmp_path):
    (tmp_path / "tickets.csv").write_text(HEADER + "7,Blue,5/3/2026 09:30\n")
    pages = source(tmp_path).streams()[0].read(None)
    next(pages)
    (tmp_path / "tickets.csv").write_text(HEADER + "7,Blue,5/3/2026 09:30\n8,Blue,5/3/2026 09:30\n")
    with pytest.raises(Busy, match="was being written"):
        list(pages)


def test_two_sections_of_one_table_need_names(tmp_path):
    twice = {"folder": tmp_path, "path": "x.csv", "tickets": [TICKETS, TICKETS]}
    with pytest.raises(Refused, match="more than once"):
        files("desk", twice).streams()
    twice["tickets"] = [{**TICKETS, "name": "old"}, {**TICKETS, "name": "new"}]
    assert [stream.name for stream in files("desk", twice).streams()] == ["old", "new"]


def test_a_check_says_how_many_files_and_how_new_their_data_are(tmp_path):
    (tmp_path / "tickets.csv").write_text(HEADER + "7,Blue,5/3/2026 09:30\n8,Blue,4/3/2026 09:30\n")
    health = source(tmp_path).check()
    assert (health.reachable, health.words) == (True, "tickets: 1 file")
    assert health.newest == datetime(2026, 3, 5, 9, 30, tzinfo=UTC)


def test_a_file_that_had_rows_and_has_a_header_alone_is_doubted(tmp_path):
    lake, memory = Lake(tmp_path / "lake"), Memory.open(f"sqlite:///{tmp_path / 'memory.db'}")
    made = source(tmp_path)
    lines = "".join(f"{number},Blue,5/3/2026 09:30\n" for number in range(100))
    states = []
    for text in (HEADER, HEADER + lines, None, HEADER):
        if text:
            (tmp_path / "tickets.csv").write_text(text)
        later = datetime.now(UTC) + timedelta(days=1)
        states += [run.state for run in sync(made, lake, memory, Pseudonyms(bytes(32)), later)]
    assert states == ["done", "done", "done", "warning"]
    assert lake.rows("tickets") == 100

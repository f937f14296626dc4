"""Ways out: the contract each keeps by existing, and the files they write."""

import csv
import io
import json
import resource
import socket
import threading
from contextlib import contextmanager
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import polars as pl
import pytest
from aiosmtpd.controller import Controller
from telltale import AS_OF, FOUR, ID, WEEK, flip, flips, report, send, trend

from connectors.store.memory import Edition, Memory
from dashboard import telling
from dashboard.export import ExportError, kinds, make
from dashboard.planned import Planned
from metrics.alerts import flips as flipped
from metrics.subscriptions import TOLD

CANARY = "canary-7f3a9c"
NOTHING = pl.DataFrame(schema=TOLD)
SECRET = "a secret of more than 24 bytes"


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def listening(code=200, text="ok", headers=(), drop=False):
    """A web server that keeps what was posted to it and answers as it is told."""
    got = []

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((self.path, dict(self.headers), body))
            if drop:
                self.connection.close()
                return
            self.send_response(code)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def do_HEAD(self):
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, got
    finally:
        server.shutdown()
        server.server_close()


class Inbox:
    def __init__(self):
        self.got = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.got.append((envelope.rcpt_tos, {}, envelope.content))
        return "250 OK"


@contextmanager
def mailing():
    inbox = Inbox()
    server = Controller(inbox, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        yield server.port, inbox.got
    finally:
        server.stop()


def hook(port):
    return {"url": f"http://127.0.0.1:{port}/hooks/{CANARY}", "timeout": 2}


SECTIONS = {
    "files": lambda port: {"folder": "out"},
    "mail": lambda port: {
        "host": "127.0.0.1", "port": port, "from": "b@example.org", "to": ["a@example.org"], "security": "none",
        "user": "", "password": CANARY,
    },
    "slack": hook,
    "teams": hook,
    "mattermost": hook,
    "webhook": lambda port: hook(port) | {"secret": f"{CANARY} {SECRET}"},
    "apprise": lambda port: {"url": f"json://127.0.0.1:{port}/{CANARY}"},
}  # fmt: skip


@contextmanager
def reached(kind, tmp_path):
    """This way out, set up against something real on this machine, and what that has got."""
    if kind == "files":
        got = []
        yield make("board", kind, SECTIONS[kind](0), tmp_path), got
        got += [(path.name, {}, path.read_bytes()) for path in sorted((tmp_path / "out").glob("*"))]
        return
    with (mailing if kind == "mail" else listening)() as (port, got):
        yield make("board", kind, SECTIONS[kind](port), tmp_path), got


@pytest.fixture(params=sorted(kinds()))
def kind(request):
    return request.param


def test_each_kind_is_made_from_its_section_and_keeps_its_name(kind, tmp_path):
    assert make("board", kind, SECTIONS[kind](1), tmp_path).name == "board"


def test_each_kind_refuses_an_unknown_key_and_says_where(kind, tmp_path):
    with pytest.raises(ExportError, match=r"\[exports.board\] colour"):
        make("board", kind, SECTIONS[kind](1) | {"colour": "red"}, tmp_path)


def test_each_kind_names_its_recipients_and_what_they_may_see(kind, tmp_path):
    way = make("board", kind, SECTIONS[kind](1) | {"units": ["care"]}, tmp_path)
    assert [one.units for one in way.recipients] == [("care",)]


def test_each_kind_delivers_what_changed(kind, tmp_path):
    with reached(kind, tmp_path) as (way, got):
        assert send(way)
    whole = b" ".join(body for _, _, body in got).replace(b"=\r\n", b"")
    assert b"Knowledge reuse has fallen" in whole
    assert b"week of 16 November 2026" in whole or b"2 new alerts" in whole


def test_each_kind_says_first_that_data_are_missing(kind, tmp_path):
    with reached(kind, tmp_path) as (way, got):
        send(way, report(failing=["Data from Chat are late."]))
    for _, _, body in got:
        if body.startswith((b"PK", b"%PDF", b"\xef\xbb\xbf")):
            continue  # packed formats have tests of their own; CSV holds the rows alone
        assert 0 < body.find(b"Data from Chat") < body.find(b"Knowledge reuse has fallen")


def test_each_kind_hands_over_the_same_bytes_at_every_try(kind, tmp_path):
    with reached(kind, tmp_path) as (way, got):
        to = way.recipients[0].address
        packed = way.pack(report(), to, ID)
        way.hand(packed, to, ID, lambda: None)
        way.hand(packed, to, ID, lambda: None)
    if kind == "files":
        assert len(got) == 5  # written again, never twice
    else:
        assert got[0][2] == got[1][2]


def test_each_kind_says_that_it_is_about_to_hand_over_before_anything_is_there(kind, tmp_path):
    seen = []
    with reached(kind, tmp_path) as (way, got):
        send(way, ready=lambda: seen.append((len(got), (tmp_path / "out").exists())))
    assert seen == [(0, False)]


def test_each_kind_that_cannot_send_says_so_and_what_to_do_and_no_secret(kind, tmp_path):
    (tmp_path / "out").write_text("in the way")
    way = make("board", kind, SECTIONS[kind](free_port()), tmp_path)
    with pytest.raises(ExportError, match=r"board: .+; .+ in \[exports.board\]") as caught:
        send(way, report(cells=FOUR.clear()))
    assert CANARY not in str(caught.value)


def test_each_kind_shows_its_secret_nowhere(kind, tmp_path, caplog, capsys):
    caplog.set_level(0)
    with reached(kind, tmp_path) as (way, _):
        send(way)
        assert CANARY not in repr(vars(way)) + repr(way) + way.check()
    out = capsys.readouterr()
    assert CANARY not in caplog.text + out.out + out.err


def test_each_kind_takes_the_longest_names_and_five_alerts(kind, tmp_path):
    long = "Quality assurance and regulatory affairs for implantable devices, Region North-West " * 4
    many = [flip("new", "link_rate", f"u{n}", f"{long} {n}", f"It fell. {long}") for n in range(9)]
    with reached(kind, tmp_path) as (way, got):
        assert send(way, report(flips(*many)))
    assert got


def test_each_kind_has_its_way_of_setting_it_up_in_the_docs(kind):
    from pathlib import Path

    assert f'kind = "{kind}"' in (Path(__file__).parents[2] / "docs" / "reports.md").read_text()


POSTS = ("slack", "teams", "mattermost", "webhook")


@pytest.mark.parametrize("kind", POSTS)
@pytest.mark.parametrize(
    ("code", "text", "headers", "words", "doubtful", "lasting", "later"),
    [
        (404, "no_service", (), r"refused the message \(404, no_service\)", False, True, 0),
        (400, "<p>Your message: Knowledge reuse</p>", (), r"refused the message \(400\)", False, True, 0),
        (429, "", [("Retry-After", "120")], r"asks to wait \(429\)", False, False, 120),
        (503, "", [("Retry-After", "7")], r"asks to wait \(503\)", False, False, 7),
        (500, "", (), r"is in trouble \(500\)", True, False, 0),
    ],
)
def test_an_answer_that_is_no_yes_says_who_must_act(
    kind, code, text, headers, words, doubtful, lasting, later, tmp_path
):
    with listening(code, text, headers) as (port, _):
        way = make("board", kind, SECTIONS[kind](port), tmp_path)
        with pytest.raises(ExportError, match=words) as caught:
            send(way)
    assert (caught.value.doubtful, caught.value.lasting, caught.value.later) == (doubtful, lasting, later)


@pytest.mark.parametrize("kind", POSTS)
def test_a_server_that_takes_it_and_hangs_up_may_have_it(kind, tmp_path):
    with listening(drop=True) as (port, got):
        with pytest.raises(ExportError) as caught:
            send(make("board", kind, SECTIONS[kind](port), tmp_path))
        assert (caught.value.doubtful, len(got)) == (True, 1)


@pytest.mark.parametrize("kind", POSTS)
def test_nobody_there_surely_has_not_got_it(kind, tmp_path):
    with pytest.raises(ExportError) as caught:
        send(make("board", kind, SECTIONS[kind](free_port()), tmp_path))
    assert (caught.value.doubtful, caught.value.lasting) == (False, False)


@pytest.mark.parametrize("kind", POSTS)
@pytest.mark.parametrize("url", ["http://chat.example.org/hooks/x", "ftp://x", "nonsense"])
def test_an_address_that_carries_a_secret_goes_encrypted(kind, url, tmp_path):
    with pytest.raises(ExportError, match="must begin with https"):
        make("board", kind, SECTIONS[kind](1) | {"url": url}, tmp_path)


def test_an_unknown_kind_names_the_known_ones(tmp_path):
    with pytest.raises(ExportError, match="'pigeon' is not known; known are apprise, files, mail, mattermost, slack"):
        make("board", "pigeon", {}, tmp_path)


@pytest.fixture
def written(tmp_path):
    def write(one=None, id=ID, **options):
        send(make("folder", "files", {"folder": "out"} | options, tmp_path), one, id=id)
        return {path.suffix: path for path in (tmp_path / "out").iterdir()}

    return write


def test_one_file_a_format_with_the_day_in_its_name(written):
    found = written()
    assert sorted(found) == [".csv", ".json", ".md", ".pdf", ".xlsx"]
    assert all(path.name.startswith("bellwether-2026-11-22-") for path in found.values())


def test_one_delivery_twice_is_one_file_and_another_delivery_another(written, tmp_path):
    written(formats=["md"])
    written(formats=["md"])
    assert len(list((tmp_path / "out").iterdir())) == 1
    written(formats=["md"], id="f" * 32)
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


def judged(unit, side="worse", verdict="alarm", indicator="knowledge_reuse", folded=None):
    facts = {"indicator": indicator, "unit": unit, "week": WEEK, "verdict": verdict, "side": side}
    facts |= {"since": date(2026, 10, 12), "before": 44.0, "now": 31.5, "n": 812, "strength": 2.0, "p": 0.001}
    facts |= dict.fromkeys(("began", "began_early", "began_late"))
    return facts | {"folded": folded, "nature": "shift", "sentence": f"It fell in {unit}."}


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


def told(memory, **asked):
    """The report of everything that rings; which of it is news to whom has tests of its own."""
    return telling.report(memory, flipped(memory.verdicts(), NOTHING), telling.Asked(**asked))


def test_before_any_edition_there_is_nothing_to_tell(tmp_path):
    assert told(Memory.open(f"sqlite:///{tmp_path}/memory.db")) is None


def also(memory, *rows):
    """The edition again, with these verdicts."""
    from dataclasses import replace

    memory.publish(replace(memory.published(), verdicts=pl.DataFrame(list(rows))))
    return memory


def test_a_report_names_units_highest_first_and_carries_their_cells(memory):
    found = told(also(memory, judged("sales"), judged("acme")), link="https://l.example.org")
    assert found.flips["name"].to_list() == ["Acme", "Sales"]
    assert found.flips["now"].to_list() == [31.5, 31.5]
    assert found.drawn("knowledge_reuse", "acme").height == 52
    assert found.failing == ["Data from Chat is three weeks old."]


def test_of_two_in_one_unit_the_stronger_sign_is_told_first(memory):
    stronger = judged("acme", indicator="link_rate") | {"strength": -3.0}
    assert told(also(memory, judged("acme"), stronger)).flips["indicator"].to_list() == ["link_rate", "knowledge_reuse"]


def test_good_news_is_told_as_such_and_after_trouble(memory):
    found = told(also(memory, judged("acme", "better"), judged("sales")))
    assert found.flips["group"].to_list() == ["new", "good"]


def test_neither_a_hidden_number_nor_an_unpublished_unit_is_told(memory):
    found = told(also(memory, judged("acme"), judged("platform"), judged("skunkworks")))
    assert found.flips["unit"].to_list() == ["acme"]
    assert "platform" not in found.cells["unit"]


def test_what_is_open_counts_an_alarm_once_and_no_hidden_one(memory):
    assert told(memory).open["unit"].to_list() == ["acme"]


def test_who_may_see_one_unit_reads_of_it_alone_even_where_a_higher_one_explains_it(memory):
    """Sales is folded into Acme for those who see Acme; for those who see only Sales it stands for itself."""
    assert told(memory, sees=["sales"]).open["unit"].to_list() == ["sales"]
    assert told(memory, sees=["acme"]).open["unit"].to_list() == ["acme"]
    assert told(memory, sees=[]).empty
    assert told(memory, sees=["renamed"]).empty


EVERYTHING = Planned(to=["board"], content=["alerts", "scores", "indicators"])


def test_figures_are_of_the_highest_units_one_may_see_or_of_those_asked_for(memory):
    assert told(memory, plan=EVERYTHING).figures["unit"].to_list() == ["acme"]
    assert told(memory, plan=EVERYTHING, sees=["sales"]).figures["unit"].to_list() == ["sales"]
    two = EVERYTHING.model_copy(update={"units": ["sales", "acme"]})
    assert told(memory, plan=two).figures["unit"].to_list() == ["acme", "sales"]
    assert told(memory, plan=two, sees=["sales"]).figures["unit"].to_list() == ["sales"]


def test_a_figure_is_the_newest_whole_week_and_no_hidden_one(memory):
    """The made-up trend ends with 44 + 51 % 5 - 13 = 32; Platform's is hidden."""
    plan = EVERYTHING.model_copy(update={"units": ["acme", "platform"]})
    row = told(memory, plan=plan).figures.row(0, named=True)
    assert (row["unit"], row["value"], row["week"], row["n"], row["verdict"]) == ("acme", 32.0, WEEK, 812, "alarm")
    assert told(memory, plan=plan).figures.height == 1


def test_a_theme_narrows_alerts_and_figures(memory):
    other = EVERYTHING.model_copy(update={"themes": ["climate"]})
    found = told(memory, plan=other)
    assert (found.flips.height, found.open.height, found.figures.height) == (0, 0, 0)
    assert told(memory, plan=EVERYTHING.model_copy(update={"themes": ["knowledge"]})).open.height == 1


def test_numbers_that_are_days_old_are_said_to_be(memory):
    assert told(memory, today=date(2026, 11, 24)).failing == ["Data from Chat is three weeks old."]
    found = told(memory, today=date(2026, 11, 25)).failing
    assert found[0] == "The newest numbers are as of 22 November 2026; nothing has been counted since."


def test_a_report_that_is_waited_for_says_that_data_are_missing_where_nothing_changed(memory):
    quiet = also(memory, judged("acme", side="", verdict="ok"))
    alerts = Planned(to=["board"], content=["alerts"])
    assert told(quiet, plan=alerts).empty
    found = told(quiet, plan=alerts, name="weekly")
    assert (found.empty, found.headline) == (False, "No change seen, but data are missing")

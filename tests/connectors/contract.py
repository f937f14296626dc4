"""What every source must keep: run over each kind that is registered, and over one that keeps none of it."""

import json
import shutil
import sqlite3
import threading
import tomllib
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import polars as pl

from connectors.membership import NEEDED
from connectors.people import Pseudonyms
from connectors.source import Page, kinds
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync
from connectors.tables import TABLES

PAGES = Path(__file__).parents[1] / "pages"
DOCS = Path(__file__).parents[2] / "docs"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY = bytes(range(32))
CANARY = b"canary"


@contextmanager
def recorded(kind, into, pages=PAGES):
    """A source of this kind over a copy of its recorded input."""
    folder = Path(shutil.copytree(pages / kind, into / "input", dirs_exist_ok=True))
    for script in folder.glob("*.sql"):
        with sqlite3.connect(script.with_suffix(".db")) as connection:
            connection.executescript(script.read_text())
    text = (folder / "settings.toml").read_text()
    replies = folder / "replies.json"
    with replaying(json.loads(replies.read_text())) if replies.exists() else nullcontext("") as address:
        settings = tomllib.loads(text.replace("URL", address))
        yield kinds()[kind](kind, {"folder": str(folder), "time_zone": "UTC", **settings})


def expected(kind):
    path = PAGES / kind / "expected.toml"
    return tomllib.loads(path.read_text()) if path.exists() else {}


@dataclass
class Rehearsal:
    """A source and a store of its own to sync it into."""

    source: object
    folder: Path

    def __post_init__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.lake = Lake(self.folder / "lake")
        self.memory = Memory.open(f"sqlite:///{self.folder / 'memory.db'}")

    def sync(self):
        sync(self.source, self.lake, self.memory, Pseudonyms(KEY), NOW)
        return self

    def once(self):
        """After a first sync, whoever asked for it."""
        if self.memory.runs().is_empty():
            self.sync()
        return self

    def copied(self):
        """The same as it stands after a first sync, in a folder of its own, so that others do not see what follows."""
        shutil.copytree(self.once().folder, into := self.folder.with_name("copied"))
        return Rehearsal(self.source, into)

    def content(self):
        """Every table's rows as sorted numbers; what a second landing must not change."""
        rows = {name: self.lake.scan(name).collect() for name in TABLES}
        return {name: found.hash_rows().sort().to_list() for name, found in rows.items() if found.height}


class Turned:
    """The same source with its pages last first."""

    def __init__(self, source):
        self.name, self.inner = source.name, source

    def streams(self):
        return [
            replace(one, read=turned(one.read), parts=one.parts and (lambda since, p=one.parts: turned_parts(p(since))))
            for one in self.inner.streams()
        ]

    def check(self):
        return self.inner.check()


def turned(read):
    return lambda since: reversed(list(read(since)))


def turned_parts(parts):
    return [replace(part, read=turned(part.read)) for part in reversed(list(parts))]


def given(stream, since=None):
    """(table, page) of everything that a stream gives."""
    for page in stream.read(since):
        yield (page.table, page.rows) if isinstance(page, Page) else (stream.table, page)


def pages_bear_our_columns_only(source):
    for stream in source.streams():
        for name, page in given(stream):
            table = TABLES[name]
            assert name in stream.tables, f"{stream.name} gives {name}, which it does not say"
            assert not set(page.columns) - set(table.dtypes) - {"refused", "gone"}, (
                f"{stream.name} gives {page.columns}"
            )
            assert set(table.key) - {"source"} <= set(page.columns), f"{stream.name} gives no key"


def a_run_is_done(rehearsal):
    runs = rehearsal.once().memory.runs()
    assert set(runs["state"]) == {"done"}, runs.select("stream", "state", "words").rows()


def a_first_run_is_full(rehearsal):
    """As many keys as the source gives are kept; people have become tokens, so keys are counted, not compared.

    A source that tells only of today does not say since when; who is in no unit is kept aside.
    """
    rehearsal.once()
    found = {}
    for stream in rehearsal.source.streams():
        for name, page in given(stream):
            key = [one for one in TABLES[name].key if one != "source"]
            if stream.history and name in NEEDED:
                key = [NEEDED[name] if one == "valid_from" else one for one in key]
            found.setdefault(name, []).append(page.filter(fine(page)).select(pl.col(key).cast(pl.String)))
    for name, pages in found.items():
        keys = pl.concat(pages).drop_nulls().n_unique()
        assert keys, f"the recorded input has no rows for {name}"
        kept = rehearsal.lake.scan(name).select(TABLES[name].key).unique().collect().height
        assert kept == keys, f"{name}: {keys} keys are given, {kept} are kept"


def fine(page):
    """Rows that the source neither refuses nor says to be gone."""
    refused = pl.col("refused").is_null() if "refused" in page.columns else pl.lit(True)
    return refused & (~pl.col("gone").fill_null(False) if "gone" in page.columns else pl.lit(True))


def landing_twice_is_landing_once(rehearsal):
    once = rehearsal.once().content()
    assert rehearsal.sync().content() == once
    for stream in rehearsal.source.streams():
        rehearsal.memory.remember(rehearsal.source.name, stream.name, datetime(1970, 1, 2, tzinfo=UTC))
    assert rehearsal.sync().content() == once


def the_order_of_pages_does_not_matter(rehearsal):
    turned = Rehearsal(Turned(rehearsal.source), rehearsal.folder / "turned")
    assert turned.sync().content() == rehearsal.once().content()


def nothing_private_is_written_or_said(rehearsal, log):
    rehearsal.sync()
    rehearsal.memory.refused()
    assert CANARY not in log().lower().encode()
    for path in (path for path in rehearsal.folder.rglob("*") if path.is_file()):
        assert CANARY not in path.read_bytes().lower(), f"{path.relative_to(rehearsal.folder)} holds a canary"
    for path in rehearsal.folder.rglob("*.parquet"):
        texts = pl.read_parquet(path, hive_partitioning=False).select(pl.col(pl.String).str.to_lowercase())
        found = texts.select(pl.all().str.contains(CANARY.decode()).any())
        assert not any(found.row(0)), f"{path.relative_to(rehearsal.folder)} holds a canary"


def counts_are_as_counted_by_hand(rehearsal, expected):
    runs = rehearsal.once().memory.runs()
    for table, counted in expected.items():
        found = runs.filter(pl.col("table") == table)
        assert found.select("landed", "refused").sum().row(0) == (counted["landed"], counted["refused"]), found
        assert rehearsal.lake.scan(table).collect().height == counted["landed"]


def a_document_names(kind):
    assert any(f"`{kind}`" in page.read_text() for page in DOCS.rglob("*.md")), f"no page in docs/ names `{kind}`"


@contextmanager
def replaying(replies):
    """A server on this machine that answers with recorded replies: the first whose path, method, query and json fit.

    A reply may have status, headers, and a body or text; URL in any of them is this server's own address.
    """

    class Recorded(BaseHTTPRequestHandler):
        def answer(self):
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), self.rfile.read(length))
            reply = next((one for one in replies if asked.fits(one)), None)
            if reply is None:
                reply = {"status": 404, "body": {"error": f"nothing is recorded for {self.command} {self.path}"}}
            address = f"http://127.0.0.1:{self.server.server_port}"
            text = reply["text"] if "text" in reply else json.dumps(reply["body"])
            body = text.replace("URL", address).encode()
            self.send_response(reply.get("status", 200))
            for name, value in reply.get("headers", {}).items():
                self.send_header(name, value.replace("URL", address))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            self.answer()

        def do_POST(self):
            self.answer()

        def log_message(self, *words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Recorded)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@dataclass(frozen=True)
class Asked:
    """A request as a recorded reply sees it."""

    method: str
    path: str
    query: dict
    content: bytes

    def fits(self, reply):
        return (
            reply["path"] == self.path
            and reply.get("method", self.method) == self.method
            and {k: str(v) for k, v in reply.get("query", {}).items()}.items() <= self.query.items()
            and within(reply.get("json", {}), self.json)
        )

    @property
    def json(self):
        try:
            return json.loads(self.content or b"{}")
        except ValueError:
            return dict(parse_qsl(self.content.decode()))


def within(part, whole):
    """Whether everything said in `part` stands in `whole`."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(k in whole and within(v, whole[k]) for k, v in part.items())
    return part == whole

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

from connectors.people import Pseudonyms
from connectors.source import kinds
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
        settings = tomllib.loads(text.replace('"URL"', json.dumps(address)))
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

    def content(self):
        """Every table's rows as sorted numbers; what a second landing must not change."""
        rows = {name: self.lake.scan(name).collect() for name in TABLES}
        return {name: found.hash_rows().sort().to_list() for name, found in rows.items() if found.height}


class Turned:
    """The same source with its pages last first."""

    def __init__(self, source):
        self.name, self.inner = source.name, source

    def streams(self):
        return [replace(one, read=lambda since, r=one.read: reversed(list(r(since)))) for one in self.inner.streams()]

    def check(self):
        return self.inner.check()


def pages_bear_our_columns_only(source):
    for stream in source.streams():
        table = TABLES[stream.table]
        for page in stream.read(None):
            assert not set(page.columns) - set(table.dtypes) - {"refused"}, f"{stream.name} gives {page.columns}"
            assert set(table.key) - {"source"} <= set(page.columns), f"{stream.name} gives no key"


def a_run_is_done(rehearsal):
    runs = rehearsal.sync().memory.runs()
    assert set(runs["state"]) == {"done"}, runs.select("stream", "state", "words").rows()


def a_first_run_is_full(rehearsal):
    """As many keys as the source gives are kept; people have become tokens, so keys are counted, not compared."""
    rehearsal.sync()
    for stream in rehearsal.source.streams():
        key = [name for name in TABLES[stream.table].key if name != "source"]
        fine = [page.filter(refused_is_null(page)).select(key) for page in stream.read(None)]
        given = pl.concat(fine).drop_nulls().n_unique()
        assert given, f"the recorded input of {stream.name} has no rows"
        kept = rehearsal.lake.scan(stream.table).select(key).unique().collect().height
        assert kept == given, f"{stream.name} gives {given} keys, {kept} are kept"


def refused_is_null(page):
    return pl.col("refused").is_null() if "refused" in page.columns else pl.lit(True)


def landing_twice_is_landing_once(rehearsal):
    once = rehearsal.sync().content()
    assert rehearsal.sync().content() == once
    for stream in rehearsal.source.streams():
        rehearsal.memory.remember(rehearsal.source.name, stream.name, datetime(1970, 1, 2, tzinfo=UTC))
    assert rehearsal.sync().content() == once


def the_order_of_pages_does_not_matter(rehearsal):
    turned = Rehearsal(Turned(rehearsal.source), rehearsal.folder / "turned")
    assert turned.sync().content() == rehearsal.sync().content()


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
    rehearsal.sync()
    runs = rehearsal.memory.runs()
    for table, counted in expected.items():
        found = runs.filter(pl.col("table") == table)
        assert found.select("landed", "refused").sum().row(0) == (counted["landed"], counted["refused"]), found
        assert rehearsal.lake.scan(table).collect().height == counted["landed"]


def a_document_names(kind):
    assert any(f"`{kind}`" in page.read_text() for page in DOCS.glob("*.md")), f"no page in docs/ names `{kind}`"


@contextmanager
def replaying(replies):
    """A server on this machine that answers with recorded replies: the first whose path and query fit."""

    class Recorded(BaseHTTPRequestHandler):
        def do_GET(self):
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query))
            fits = (r for r in replies if r["path"] == parts.path and r.get("query", {}).items() <= query.items())
            body = json.dumps(next(fits)["body"]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Recorded)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()

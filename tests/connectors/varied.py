"""Recorded input with something changed: replies of a web API, or the files and tables that a source reads."""

import csv
import io
import json
import shutil
import sqlite3
import tomllib
from base64 import b64decode, b64encode
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import contract
import httpx2

from connectors.source import kinds

ADDRESS = "http://127.0.0.1:9"
GONE, ODD = object(), object()
PACKED = "eyJ"  # how an object begins in Base64
HEADERS = {"qualtrics": 3, "surveymonkey": 2}
NO_FIELDS = ("demo", "dlt", "git")
"""Their input is no list of records of a vendor: made up, mapped by settings, or git's own."""


@dataclass(frozen=True)
class Varied:
    """A kind, and what makes a source of it from changed input."""

    kind: str
    pages: Path = contract.PAGES
    make: object = None

    @property
    def folder(self):
        return self.pages / self.kind

    @property
    def recorded(self):
        return (self.folder / "replies.json").exists()

    def replies(self):
        return json.loads((self.folder / "replies.json").read_text())

    def made(self, settings):
        return (self.make or kinds()[self.kind])(self.kind, settings)

    def settings(self):
        return tomllib.loads((self.folder / "settings.toml").read_text().replace("URL", ADDRESS))

    @contextmanager
    def answering(self, change, into):
        """A source whose replies `change` has changed; no network, since each field takes its turn."""
        told = json.loads(json.dumps(change(self.replies())).replace("URL", ADDRESS))

        def answer(request):
            parts = urlsplit(str(request.url))
            asked = contract.Asked(request.method, parts.path, dict(parse_qsl(parts.query)), request.content)
            reply = next((one for one in told if asked.fits(one)), {"status": 404, "body": {"error": "not recorded"}})
            said = {"text": reply["text"]} if "text" in reply else {"json": reply["body"]}
            return httpx2.Response(reply.get("status", 200), headers=reply.get("headers"), **said)

        given = {"folder": str(into), "time_zone": "UTC", "transport": httpx2.MockTransport(answer)}
        yield self.made({**given, **self.settings()})

    @contextmanager
    def reading(self, change, into):
        """A source that reads files which `change` has changed, table by table."""
        folder = Path(shutil.copytree(self.folder, into, dirs_exist_ok=True))
        for path in sorted(one for one in folder.rglob("*") if one.suffix in WRITTEN):
            WRITTEN[path.suffix](path, change, HEADERS.get(self.kind, 1))
        yield self.made({"folder": str(folder), "time_zone": "UTC", **self.settings()})

    def changed(self, change, into):
        """With each record as `change` makes it: a record is a dictionary, of its name and its value."""
        if self.recorded:
            return self.answering(lambda told: bodies(told, lambda body: walked(body, change)), into)
        return self.reading(change, into)

    def empty(self, into):
        """With lists that are there, and have nothing in them."""
        if self.recorded:
            return self.answering(lambda told: bodies(told, emptied), into)
        return self.reading(None, into)

    def fields(self, into):
        """The names of all fields that the input has."""
        found = {}
        with self.changed(lambda record: found.update(record) or record, into):
            return sorted(found)


def bodies(told, change):
    return [{**one, "body": change(one["body"])} if "body" in one else one for one in told]


def walked(value, change):
    """Every object inside a value, innermost first, as `change` makes it."""
    if isinstance(value, list):
        return [walked(one, change) for one in value]
    if isinstance(value, dict):
        return change({name: walked(inner, change) for name, inner in value.items()})
    return unpacked(value, lambda inner: walked(inner, change))


def emptied(value):
    if isinstance(value, list):
        return []
    if isinstance(value, dict):
        return {name: emptied(inner) for name, inner in value.items()}
    return unpacked(value, emptied)


def unpacked(value, change):
    """JSON in Base64 inside JSON, as LimeSurvey has it, changed within."""
    if not isinstance(value, str) or not value.startswith(PACKED):
        return value
    return b64encode(json.dumps(change(json.loads(b64decode(value)))).encode()).decode()


def surprised(record):
    """Only what looks like a record: objects that stand for maps of ids must not be given another entry."""
    plain = any(not isinstance(inner, dict | list) for inner in record.values())
    return {**record, "zz_surprise": {"text": "CANARY", "list": [1, "a"]}} if plain else record


def replaced(field, instead):
    """A record with this field gone, null, or a text where an object was and an object where a text was."""

    def one(record):
        if field not in record:
            return record
        if instead is GONE:
            return {name: value for name, value in record.items() if name != field}
        return {**record, field: turned(record[field]) if instead is ODD else instead}

    return one


def turned(value):
    return "CANARY" if isinstance(value, dict | list) else {"canary": "CANARY"}


def in_json(path, change, _):
    said = json.loads(path.read_text())
    path.write_text(json.dumps(emptied(said) if change is None else walked(said, change)))


def in_lines(path, change, _):
    said = [json.loads(line) for line in path.read_text().splitlines()]
    path.write_text("".join(f"{json.dumps(walked(one, change))}\n" for one in said if change))


def in_cells(path, change, headers):
    """A cell holds text; a column that is gone is gone from every row of headers too."""
    text = path.read_text(encoding="utf-8-sig")
    mark = ";" if ";" in text.partition("\n")[0] else ","
    rows = list(csv.reader(io.StringIO(text), delimiter=mark))
    names = [f"{name}#{n}" for n, name in enumerate(rows[0])]
    if change is None:
        rows = rows[:headers]
    else:
        said = [{**dict(zip(names, row, strict=False)), "": ""} for row in rows]
        records = [change(one) for one in said]
        for head, record in zip(said[:headers], records, strict=False):  # what a column is called is no value of it
            record.update({name: head.get(name, "") for name in record})
        kept = [name for name in {**dict.fromkeys(names), **dict.fromkeys(records[0])} if name and name in records[0]]
        rows = [[as_cell(record.get(name)) for name in kept] for record in records]
        rows[0] = [name.partition("#")[0] for name in kept]
    with path.open("w", newline="") as file:
        csv.writer(file, delimiter=mark).writerows(rows)


def as_cell(value):
    return "" if value is None else value if isinstance(value, str) else json.dumps(value)


def in_entries(path, change, _):
    entries = [dict_of(entry) for entry in path.read_text().replace("\n ", "").split("\n\n")]
    said = [change(entry) for entry in entries] if change else []
    lines = [
        f"{name}:{value}"
        for entry in said
        for name, values in [*entry.items(), ("", [""])]
        for value in (values if isinstance(values, list) else [f" {as_cell(values)}"])
    ]
    path.write_text("\n".join(line.removeprefix(":") if line == ":" else line for line in lines))


def dict_of(entry):
    found = {}
    for line in entry.split("\n"):
        if line and not line.startswith(("#", "version:")):
            name, _, value = line.partition(":")
            found.setdefault(name, []).append(value)
    return found


def in_tables(path, change, _):
    """A script that makes one table; its columns are renamed, added and emptied in the database."""
    database = path.with_suffix(".db")
    database.unlink(missing_ok=True)
    with sqlite3.connect(database) as connection:
        connection.executescript(path.read_text())
        (table,) = (name for (name,) in connection.execute("select name from sqlite_master"))
        if change is None:
            connection.execute(f"delete from {table}")
            return
        cursor = connection.execute(f"select * from {table}")
        names = [one[0] for one in cursor.description]
        records = [change(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]
        connection.execute(f"drop table {table}")
        connection.execute(f"create table {table} ({', '.join(records[0])})")
        marks = ", ".join("?" for _ in records[0])
        rows = [[one if one is None else as_cell(one) for one in record.values()] for record in records]
        connection.executemany(f"insert into {table} values ({marks})", rows)


WRITTEN = {".json": in_json, ".jsonl": in_lines, ".csv": in_cells, ".ldif": in_entries, ".sql": in_tables}

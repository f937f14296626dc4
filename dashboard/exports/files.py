"""Files in a folder: what changed and what is open, as Markdown, CSV, JSON and XLSX."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import polars as pl
import polars.selectors as cs
from xlsxwriter import Workbook  # type: ignore[import-untyped]

from dashboard.export import ExportError, Options, export
from dashboard.exports.report import COLUMNS, MARKS, Report, in_words, line

HEADINGS = {
    "group": "What",
    "indicator": "Indicator id",
    "title": "Indicator",
    "unit": "Unit id",
    "name": "Unit",
    "since": "Since (week of)",
    "sentence": "In words",
    "before": "Usual",
    "now": "Now",
    "measure": "Measured in",
    "n": "Cases",
    "week": "Last week counted",
}


class FilesOptions(Options):
    folder: str = "alerts"
    formats: list[Literal["md", "csv", "json", "xlsx"]] = ["md", "csv", "json", "xlsx"]


class Files:
    """Each report becomes one file a format, `bellwether-2026-11-22-1a2b3c.md`; told twice is written once."""

    def __init__(self, name: str, options: FilesOptions, beside: Path) -> None:
        self.name = name
        self.folder = beside / options.folder
        self.formats = options.formats

    def send(self, report: Report) -> str:
        stem = f"bellwether-{report.as_of}-{report.id[:6]}"
        for suffix in self.formats:
            with self.writable():
                replace(self.folder / f"{stem}.{suffix}", FORMATS[suffix](report))
        return f"wrote {stem} ({', '.join(self.formats)}) to {self.folder}"

    def check(self) -> str:
        with self.writable():
            replace(self.folder / ".bellwether", b"")
            (self.folder / ".bellwether").unlink()
        return f"can write to {self.folder}"

    @contextmanager
    def writable(self) -> Iterator[None]:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            yield
        except OSError as error:
            raise ExportError(
                f"{self.name}: {self.folder} cannot be written ({error.strerror}); "
                f"make room or grant the right, or set another folder in [exports.{self.name}]"
            ) from None


@export("files")
def files(name: str, options: Mapping[str, Any], beside: Path) -> Files:
    return Files(name, FilesOptions(**options), beside)


def replace(path: Path, content: bytes) -> None:
    """The whole file or the old one: never half a file."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def markdown(report: Report) -> bytes:
    lines = [f"# {plain(report.subject)}", "", f"As of {in_words(report.as_of)}."]
    lines += [f"\n> {plain(note)}" for note in [*report.failing, *filter(None, [report.notes])]]
    for alert in report.flips.iter_rows(named=True):
        lines += ["", f"## {MARKS[alert['group']]}: {plain(alert['title'])} – {plain(alert['name'])}", ""]
        lines += [plain(alert["sentence"])]
        lines += [f"\n<{page}>" for page in [report.page(alert["indicator"], alert["unit"])] if page]
    lines += ["", f"## All open: {report.open.height}", ""]
    lines += [
        f"- {plain(one['title'])} – {plain(one['name'])}: {plain(one['sentence'])}"
        for one in report.open.iter_rows(named=True)
    ]
    return "\n".join([*lines, ""]).encode()


def plain(text: str) -> str:
    """Text that Markdown shows as it stands."""
    return re.sub(r"([\\`*_\[\]<>#|~&])", r"\\\1", line(text))


def csv(report: Report) -> bytes:
    """With a byte order mark, for Excel; an apostrophe stands before text that would run as a formula."""
    safe = cs.string().str.replace(r"^(\s*[=+\-@])", "'$1")
    return table(report.flips).with_columns(safe).write_csv(include_bom=True).encode()


def table(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(COLUMNS).rename(HEADINGS)


def as_json(report: Report) -> bytes:
    whole = {
        "organisation": report.organisation,
        "as_of": report.as_of,
        "subject": report.subject,
        "failing": report.failing,
        "notes": report.notes,
        "alerts": report.flips.select(*COLUMNS, "verdict", "side").to_dicts(),
        "open": report.open.select(COLUMNS).to_dicts(),
    }
    return json.dumps(whole, indent=1, ensure_ascii=False, default=str).encode()


def xlsx(report: Report) -> bytes:
    """Two sheets, changes and all that is open; text stays text, dates are dates, the heading stays in sight."""
    content = BytesIO()
    as_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(content, {**as_text, "in_memory": True}) as book:
        book.set_properties({"title": report.subject})
        for sheet, rows in (("Changed", report.flips), ("Open", report.open)):
            table(rows).write_excel(
                book,
                sheet,
                freeze_panes=(1, 0),
                autofit=True,
                dtype_formats={pl.Date: "yyyy-mm-dd", pl.Float64: "0.0"},
                column_widths={HEADINGS["sentence"]: 520},
            )
    return content.getvalue()


FORMATS: dict[str, Callable[[Report], bytes]] = {"md": markdown, "csv": csv, "json": as_json, "xlsx": xlsx}

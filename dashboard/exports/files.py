"""Files in a folder or on S3: what changed, what is open and where things stand, in the formats asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Annotated, Any, Literal
from zipfile import ZipFile

import polars as pl
import polars.selectors as cs
from pydantic import Field, SecretStr
from xlsxwriter import Workbook  # type: ignore[import-untyped]

from dashboard.export import Options, Ready, Recipient, export
from dashboard.exports.paper import page
from dashboard.exports.places import Bucket, Folder, Place
from dashboard.exports.report import COLUMNS, MARKS, Report, in_words, line
from dashboard.exports.rows import rows

STANDING = {"usual_low": "Usual or likely from", "usual_high": "to", "value": "Now", "said": "In words"}
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
    formats: Annotated[list[Literal["md", "csv", "json", "xlsx", "pdf"]], Field(min_length=1)] = [
        "md",
        "csv",
        "json",
        "xlsx",
        "pdf",
    ]
    storage: dict[str, SecretStr] = {}


class Files:
    """Each report becomes one file a format, `bellwether-2026-11-22-1a2b3c.md`; told twice is written once."""

    def __init__(self, name: str, options: FilesOptions, beside: Path) -> None:
        self.name = name
        self.options = options
        remote = "://" in options.folder
        self.place: Place = (
            Bucket(name, options.folder, options.storage) if remote else Folder(name, beside / options.folder)
        )

    @property
    def recipients(self) -> list[Recipient]:
        return [Recipient("", self.options.sees)]

    def pack(self, report: Report, to: str, id: str) -> bytes:
        stem = f"{report.name or 'bellwether'}-{report.as_of}-{id[:6]}"
        content = BytesIO()
        with ZipFile(content, "w") as parcel:
            for suffix in self.options.formats:
                parcel.writestr(f"{stem}.{suffix}", FORMATS[suffix](report))
        return content.getvalue()

    def hand(self, packed: bytes, to: str, id: str, ready: Ready) -> str:
        """A second try writes the same files again: there is never a second copy."""
        ready()
        with ZipFile(BytesIO(packed)) as parcel:
            names = parcel.namelist()
            for name in names:
                self.place.put(name, parcel.read(name))
        return f"wrote {names[0].rpartition('.')[0]} ({', '.join(self.options.formats)}) to {self.place.where}"

    def check(self) -> str:
        self.place.probe()
        return f"can write to {self.place.where}"


@export("files")
def files(name: str, options: Mapping[str, Any], beside: Path) -> Files:
    return Files(name, FilesOptions(**options), beside)


def markdown(report: Report) -> bytes:
    lines = [f"# {plain(report.subject)}", "", f"As of {in_words(report.as_of)}."]
    lines += [f"\n> {plain(note)}" for note in [*report.failing, *filter(None, [report.notes])]]
    for alert in report.flips.iter_rows(named=True):
        lines += ["", f"## {MARKS[alert['group']]}: {plain(alert['title'])} – {plain(alert['name'])}", ""]
        lines += [plain(alert["sentence"])]
        lines += [f"\n<{page}>" for page in [report.page(alert["indicator"], alert["unit"])] if page]
    for title, shown in (("Scores", report.scores), ("Where things stand", report.figures)):
        lines += ["", f"## {title}", ""] if len(shown) else []
        lines += [f"- {plain(in_a_line(one))}" for one in rows(report, shown)]
    if "alerts" in report.content:
        lines += ["", f"## All open: {report.open.height}", ""]
    lines += [
        f"- {plain(one['title'])} – {plain(one['name'])}: {plain(one['sentence'])}"
        for one in report.open.iter_rows(named=True)
    ]
    return "\n".join([*lines, ""]).encode()


def plain(text: str) -> str:
    """Text that Markdown shows as it stands."""
    return re.sub(r"([\\`*_\[\]<>#|~&])", r"\\\1", line(text))


def in_a_line(one: Mapping[str, Any]) -> str:
    beside = f", {one['beside']}" if one["beside"] else ""
    return f"{one['title']} – {one['name']}: {one['value']}{beside}. {one['said']}"


def csv(report: Report) -> bytes:
    """What changed and, below it, where things stand; with a byte order mark, for Excel. An apostrophe stands before
    text that would run as a formula."""
    safe = cs.string().str.replace(r"^(\s*[=+\-@])", "'$1")
    parts = [table(report.flips)] if "alerts" in report.content else []
    parts += [standing(report)] if report.figures.height + report.scores.height else []
    whole = pl.concat(parts, how="diagonal_relaxed") if parts else table(report.flips)
    return whole.with_columns(safe).write_csv(include_bom=True).encode()


def table(shown: pl.DataFrame) -> pl.DataFrame:
    return shown.select(COLUMNS).rename(HEADINGS)


def standing(report: Report) -> pl.DataFrame:
    """Scores and figures as columns of a table."""
    both = pl.concat(
        [report.scores.with_columns(group=pl.lit("score")), report.figures.with_columns(group=pl.lit("figure"))]
    )
    said = [one["said"] for one in rows(report, both)]
    named = both.select(
        "group", "title", "name", "usual_low", "usual_high", "value", "measure", "n", "week", "indicator", "unit"
    )
    return named.with_columns(said=pl.Series(said, dtype=pl.String)).rename(HEADINGS | STANDING, strict=False)


def as_json(report: Report) -> bytes:
    whole = {
        "organisation": report.organisation,
        "as_of": report.as_of,
        "subject": report.subject,
        "failing": report.failing,
        "notes": report.notes,
        "alerts": report.flips.select(*COLUMNS, "verdict", "side").to_dicts(),
        "open": report.open.select(COLUMNS).to_dicts(),
        "scores": report.scores.to_dicts(),
        "figures": report.figures.to_dicts(),
    }
    return json.dumps(whole, indent=1, ensure_ascii=False, default=str).encode()


def xlsx(report: Report) -> bytes:
    """Sheets for changes, all that is open, and where things stand; text stays text, the heading stays in sight."""
    content = BytesIO()
    as_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(content, {**as_text, "in_memory": True}) as book:
        book.set_properties({"title": report.subject})
        for name, shown in sheets(report).items():
            shown.write_excel(
                book,
                name,
                freeze_panes=(1, 0),
                autofit=True,
                dtype_formats={pl.Date: "yyyy-mm-dd", pl.Float64: "0.0"},
                column_widths={HEADINGS["sentence"]: 520} if HEADINGS["sentence"] in shown.columns else None,
            )
    return content.getvalue()


def sheets(report: Report) -> dict[str, pl.DataFrame]:
    changes = {"Changed": table(report.flips), "Open": table(report.open)} if "alerts" in report.content else {}
    return changes | ({"Standing": standing(report)} if report.figures.height + report.scores.height else {})


FORMATS: dict[str, Callable[[Report], bytes]] = {
    "md": markdown,
    "csv": csv,
    "json": as_json,
    "xlsx": xlsx,
    "pdf": page,
}

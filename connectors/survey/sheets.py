"""Files of cells, CSV or workbook, read as text without taking any row for a header."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import fastexcel
import polars as pl

from connectors.errors import Changed
from connectors.mapping.formats import SHEETS, TEXTS, content, first_line, form, readable, sniffed

KNOWN = (*TEXTS, *SHEETS)


def files(folder: Path, pattern: str) -> list[Path]:
    """The exports that a path, a folder or a pattern names, oldest name first."""
    start = folder / pattern
    if start.is_file():
        return [start]
    found = start.iterdir() if start.is_dir() else folder.glob(pattern)
    return sorted(path for path in found if path.is_file() and form(path) in KNOWN and not path.name.startswith("~$"))


def grid(path: Path) -> pl.DataFrame:
    """All cells as text; what is blank is null."""
    with readable(path):
        found = workbook(path) if form(path) in SHEETS else delimited(path)
    if found.height < 2:
        raise Changed(f"{path.name} has no rows below its headers; export it again")
    blank = pl.all().cast(pl.String).str.strip_chars()
    found = found.select(pl.when(blank != "").then(blank).name.keep())
    return found.filter(~pl.all_horizontal(pl.all().is_null()))


def delimited(path: Path) -> pl.DataFrame:
    text = decoded(content(path))
    header, _ = first_line(text)
    body = text.encode()
    return pl.read_csv(
        BytesIO(body), has_header=False, infer_schema=False, separator=sniffed(header), truncate_ragged_lines=True
    )


def decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252")


def workbook(path: Path) -> pl.DataFrame:
    book = fastexcel.read_excel(content(path))
    return book.load_sheet(0, header_row=None, dtypes="string").to_polars()

"""Files of tables opened as lazy frames: CSV, Parquet, JSON lines and XLSX, also packed."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl

from connectors.errors import Changed, Refused
from connectors.mapping.section import near

PACKED = (".gz", ".zip")
TEXTS = (".csv", ".tsv", ".txt")
SHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
LINES = (".jsonl", ".ndjson", ".json")
PARQUET = (".parquet", ".pq")
KNOWN = (*TEXTS, *PARQUET, *LINES, *SHEETS)
DELIMITERS = (",", ";", "\t", "|")
UTF16 = (b"\xff\xfe", b"\xfe\xff")
UTF8_MARK = b"\xef\xbb\xbf"


def form(path: Path) -> str:
    """The suffix that says how a file is written, below its packing."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    while suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Names the file that cannot be read; never what stands in it, as a library's own message may."""
    try:
        yield
    except FileNotFoundError:
        raise Changed(f"{path.name} went away while it was read; the next run looks again") from None
    except PermissionError:
        raise Refused(f"{path.name} may not be read by this account; grant the right to read it") from None
    except (zipfile.BadZipFile, EOFError, zlib.error, gzip.BadGzipFile):
        raise Changed(f"{path.name} is no whole {path.suffix} file; write it again") from None
    except (UnicodeDecodeError, LookupError):
        raise Refused(f'{path.name} is not in the encoding that was set; set encoding = "cp1252" or another') from None
    except (pl.exceptions.PolarsError, fastexcel.FastExcelError, OSError):
        hint = (
            'see whether each row has the header\'s fields, or set encoding = "cp1252"' if form(path) in TEXTS else ""
        )
        raise Changed(f"{path.name} cannot be read as {form(path)}; {hint or 'write it again'}") from None


def opened(path: Path, options: Mapping[str, Any]) -> tuple[pl.LazyFrame, str]:
    """A file as a lazy frame, and the delimiter it turned out to have ("" where it has none)."""
    kind = form(path)
    if kind in TEXTS:
        return delimited(path, options)
    if kind in SHEETS:
        return sheet(path, options.get("sheet")), ""
    whole: Path | BytesIO = BytesIO(content(path)) if path.suffix.lower() in PACKED else path
    if kind in PARQUET:
        return pl.scan_parquet(whole), ""
    if kind in LINES:
        return lines(whole), ""
    raise Refused(f"{path.name} is of no kind that can be read; the kinds are {', '.join(KNOWN)}, also in .zip or .gz")


def content(path: Path) -> bytes:
    """The bytes of a file, unpacked; of an archive the one file in it."""
    if path.suffix.lower() == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix.lower() != ".zip":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        names = [one for one in archive.namelist() if not one.endswith("/") and not one.startswith("__MACOSX/")]
        if len(names) != 1:
            raise Changed(f"{path.name} holds {len(names)} files, one is expected; pack each on its own")
        return archive.read(names[0])


def delimited(path: Path, options: Mapping[str, Any]) -> tuple[pl.LazyFrame, str]:
    """Text with a header; every value stays text until it is read as what it should be."""
    encoding = options.get("encoding")
    packed = path.suffix.lower() in PACKED
    start = b"" if packed else beginning(path)
    raw = content(path) if packed or encoding or start.startswith(UTF16) else None
    start = raw[:65536] if raw is not None else start
    if start.startswith(UTF16):
        encoding = "utf-16"
    if raw is not None and encoding:
        raw = raw.decode(encoding).encode()
        start = raw[:65536]
    header, skipped = first_line(start.removeprefix(UTF8_MARK).decode("utf-8", "replace"))
    if not header.strip():
        raise Changed(f"{path.name} is empty: not even a header; write it again")
    delimiter = options.get("delimiter") or skipped or sniffed(header)
    if len(delimiter) != 1:
        raise Refused(f"{path.name}: a delimiter is one sign; set delimiter to it")
    frame = pl.scan_csv(
        BytesIO(raw) if raw is not None else path,
        separator=delimiter,
        infer_schema=False,
        skip_lines=1 if skipped else 0,
        eol_char="\r" if "\r" in header.rstrip("\r") else "\n",
        glob=False,
    )
    frame = frame.rename({name: tidy(name) for name in frame.collect_schema().names()})
    return frame.filter(~pl.all_horizontal(pl.all().is_null())), delimiter


def beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(65536)


def first_line(text: str) -> tuple[str, str]:
    """The header, and the delimiter where Excel's `sep=;` stands before it."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.strip()) == 5:
        return rest.partition("\n")[0], first.strip()[4]
    return first, ""


def sniffed(header: str) -> str:
    """The delimiter that stands most often in the header, outside quotes."""
    bare = "".join(header.partition("\r")[0].split('"')[::2])
    return max(DELIMITERS, key=bare.count)


def tidy(name: str) -> str:
    return name.strip("\ufeff \t\r\n\u00a0")


def sheet(path: Path, name: str | None) -> pl.LazyFrame:
    """A sheet of a workbook, the first unless one is named; mixed columns are read as text."""
    source = content(path)
    book = fastexcel.read_excel(source)
    if name is not None and name not in book.sheet_names:
        raise Refused(f'{path.name} has no sheet "{name}"{near(name, book.sheet_names)}; set sheet')
    frame = pl.read_excel(
        BytesIO(source), sheet_name=name or book.sheet_names[0], infer_schema_length=None, raise_if_empty=False
    )
    return frame.rename({column: tidy(column) for column in frame.columns}).lazy()


def lines(source: Path | BytesIO) -> pl.LazyFrame:
    """One JSON object a line, or one list of them."""
    start = source.getvalue()[:1] if isinstance(source, BytesIO) else beginning(source)[:1]
    if not start:
        return pl.LazyFrame()
    if start == b"[":
        return pl.read_json(source, infer_schema_length=None).lazy()
    return pl.scan_ndjson(source, infer_schema_length=None)


def arrived(path: Path) -> datetime:
    """When a file was written or put here: a copy may keep a date from long before."""
    return datetime.fromtimestamp(max(path.stat().st_mtime, path.stat().st_ctime), UTC)

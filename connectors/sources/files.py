"""Tables from files of your own: the columns that settings name, and nothing else of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from connectors.errors import Busy, Changed, Refused, SourceError
from connectors.mapping import Translation, near, sections
from connectors.mapping.formats import KNOWN, SHEETS, arrived, form, opened, readable
from connectors.mapping.readings import ISO
from connectors.source import Health, Stream, source
from connectors.tables import MOMENT

KEYS = ("path", "sheet", "delimiter", "encoding", "sql")
ROWS = 200_000
WILD = set("*?[")


@source(
    "files",
    title="Files of your own",
    group="anything",
    proof="server",
    by="CSV, Parquet, JSON lines and XLSX files of public data sets",
)
def files(name: str, settings: Mapping[str, Any]) -> Files:
    """`folder` is where relative paths start: the folder of the settings file."""
    folder = Path(settings.get("folder", "."))
    made = Files(name, [])
    for table, place, options in sections(name, settings, table_keys=KEYS, source_keys=KEYS):
        made.sections.append(Section(folder, options, Translation.of(name, table, place, options)))
    return made


@dataclass
class Files:
    name: str
    sections: list[Section]

    def streams(self) -> list[Stream]:
        named: dict[str, Stream] = {}
        for section in self.sections:
            table = section.translation.table.name
            key = section.options.get("name") or table
            if key in named:
                raise Refused(f'{section.translation.place} is there more than once; give each a name = "..."')
            named[key] = Stream(table, section.read, key=key, whole=section.single or section.together)
        return list(named.values())

    def check(self) -> Health:
        """Whether every file is there and its columns can be read as settings say."""
        words, newest = [], []
        for section in self.sections:
            try:
                paths = section.paths()
                newest.append(section.newest())
            except SourceError as error:
                return Health(False, str(error))
            words.append(f"{section.translation.table.name}: {len(paths)} file{'s' if len(paths) > 1 else ''}")
        return Health(True, ", ".join(words), max((one for one in newest if one), default=None))


@dataclass(frozen=True)
class Section:
    """Where the files of one table are, and how they are read."""

    folder: Path
    options: Mapping[str, Any]
    translation: Translation

    def read(self, since: datetime | None) -> Iterator[pl.DataFrame]:
        """Files changed or arrived since then; all of them where rows can only be understood together."""
        paths = self.paths()
        new = [path for path in paths if since is None or arrived(path) >= since]
        paths = paths if new and self.together else new
        before = [stamp(path) for path in paths]
        yield from self.pages(paths)
        for path, was in zip(paths, before, strict=True):
            if not path.exists() or stamp(path) != was:
                raise Busy(f"{path.name} was being written while it was read; the next run reads it again")

    @property
    def single(self) -> bool:
        """Whether one file holds everything, and not each file its part."""
        path = str(self.options.get("path", ""))
        return not WILD & set(path) and not (self.folder / path).is_dir()

    @property
    def together(self) -> bool:
        return self.translation.whole or "sql" in self.options

    def pages(self, paths: list[Path]) -> Iterator[pl.DataFrame]:
        if self.together or self.translation.order:
            if paths:
                yield self.gathered(paths)
            return
        for path in paths:
            yield from self.sliced(path)

    def gathered(self, paths: list[Path]) -> pl.DataFrame:
        """One page of all files, for rows that are understood together."""
        opened_files = [self.open(path) for path in paths]
        with readable(paths[-1]):
            if "sql" not in self.options:
                for path, (frame, _) in zip(paths, opened_files, strict=True):
                    self.translation.against(frame.collect_schema().names(), path.name)
            frame = pl.concat([frame for frame, _ in opened_files], how="diagonal_relaxed")
            frame, fitted = self.fitted(frame, paths[-1])
            raw = self.collected(frame)
        return self.translated(fitted, raw, max(paths, key=written), opened_files[-1][1])

    def sliced(self, path: Path) -> Iterator[pl.DataFrame]:
        """Pages of one file, so that a large one never stands in memory whole."""
        frame, delimiter = self.open(path)
        with readable(path):
            frame, fitted = self.fitted(frame, path)
        for raw in batches(frame, path):
            yield self.translated(fitted, raw, path, delimiter)

    def newest(self) -> datetime | None:
        """The newest moment in the newest file, which is read as a run would read it."""
        dated = self.translation.table.dated
        pages = self.pages([max(self.paths(), key=arrived)])
        found = [page[dated].cast(MOMENT).max() for page in pages if dated in page.columns]
        latest = pl.Series(found, dtype=MOMENT).max()
        return latest if isinstance(latest, datetime) else None

    def open(self, path: Path) -> tuple[pl.LazyFrame, str]:
        with readable(path):
            frame, delimiter = opened(path, self.options)
            frame.collect_schema()
        return frame, delimiter

    def fitted(self, frame: pl.LazyFrame, path: Path) -> tuple[pl.LazyFrame, Translation]:
        """Only the fields that are read, after the section's query where it has one."""
        where = path.name
        if "sql" in self.options:
            frame, where = self.asked(frame), f"the sql of {self.translation.place}"
        names = frame.collect_schema().names()
        fitted = self.translation.against(names, where)
        return frame.select(fitted.picked(names)), fitted

    def asked(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """What the section's query makes of the frame, which it calls `self`."""
        try:
            answer = pl.SQLContext({"self": frame}).execute(self.options["sql"])
            answer.collect_schema()
        except (pl.exceptions.SQLSyntaxError, pl.exceptions.SQLInterfaceError) as error:
            raise Refused(f"{self.translation.place} sql is not understood ({error}); correct it there") from None
        except pl.exceptions.PolarsError as error:
            kind = type(error).__name__
            raise Refused(f"{self.translation.place} sql does not fit the file ({kind}); correct it there") from None
        return answer

    def collected(self, frame: pl.LazyFrame) -> pl.DataFrame:
        try:
            return frame.collect()
        except pl.exceptions.InvalidOperationError:
            raise Changed(f"{self.translation.place} sql cannot be run over these rows; use try_cast there") from None

    def translated(self, fitted: Translation, raw: pl.DataFrame, path: Path, delimiter: str) -> pl.DataFrame:
        """Workbooks hold dates as dates or as numbers; a file with semicolons writes decimals with a comma."""
        dates = (*ISO, "excel") if form(path) in SHEETS else ()
        habits = fitted.habits(decimal=None if delimiter == ";" else ".", dates=dates)
        return fitted.page(raw, written(path), habits)

    def paths(self) -> list[Path]:
        """The files of this section, oldest first."""
        place = self.translation.place
        if not isinstance(pattern := self.options.get("path"), str):
            raise Refused(f"{place} has no path; set it to a file, a folder or a pattern like exports/*.csv")
        start = self.folder / pattern
        found = [path for path in matching(start) if path.is_file() and not path.name.startswith((".", "~$"))]
        if not found and start.exists():
            raise Refused(f"{place} {pattern} holds no file of a kind that can be read ({', '.join(KNOWN)})")
        if not found:
            raise Refused(f"{place} {pattern} does not exist{neighbour(start)}; put it there or correct path")
        return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))


def batches(frame: pl.LazyFrame, path: Path) -> Iterator[pl.DataFrame]:
    """At least one, so that a file with nothing but a header is seen to be empty."""
    with readable(path):
        yield frame.head(0).collect()
        yield from frame.collect_batches(chunk_size=ROWS, maintain_order=True)


def matching(start: Path) -> list[Path]:
    """A file, the readable files of a folder, or what a pattern names."""
    if start.is_dir():
        return [path for path in start.iterdir() if form(path) in KNOWN]
    if not WILD & set(str(start)) or start.exists():
        return [start]
    wild = next(i for i, part in enumerate(start.parts) if WILD & set(part))
    return list(Path(*start.parts[:wild]).glob(str(Path(*start.parts[wild:]))))


def neighbour(path: Path) -> str:
    """A file of nearly that name beside it."""
    return near(path.name, [one.name for one in path.parent.iterdir()]) if path.parent.is_dir() else ""


def written(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def stamp(path: Path) -> tuple[int, int]:
    return path.stat().st_mtime_ns, path.stat().st_size

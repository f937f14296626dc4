"""Files that survey tools export: one file a wave, read again whole when it is exported again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from connectors.errors import Changed, Refused, SourceError
from connectors.mapping.formats import arrived
from connectors.mapping.readings import ISO, Habits, moments
from connectors.source import Health, Page, Span, Stream
from connectors.survey.items import Item, folded, items, listed
from connectors.survey.sheets import files, grid
from connectors.survey.wide import Sheet, answers, calls, everyone_answers

IN_NAME = re.compile(r"(20\d\d)[-_.]?(0[1-9]|1[0-2])(?:[-_.]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
DATES = (*ISO, "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%y %H:%M", "%m/%d/%Y")
SETTINGS = {
    "path": "the exported file, or a pattern like exports/*.csv, one file for each wave",
    "items": "the questions to read, one [[...items]] each",
}
MORE = {
    "survey": "what waves of the same survey are called (the source's name)",
    "wave": "the day of the wave, such as 2026-09-01 (else in the file's name, else the day of the first answer)",
    "unit": "the header of the column that says the unit",
    "everyone": "the unit of all, where no column says one",
    "dates": "how the tool writes moments, such as %d/%m/%Y %H:%M",
    "respondent": "the header of the column with the respondent's id, where it is another than the tool's own",
}


@dataclass(frozen=True)
class Layout:
    """How one tool exports: how many rows of headers there are, and what its own columns are called."""

    headers: Callable[[pl.DataFrame], int]
    named: Callable[[Sequence[Sequence[str]]], list[list[str]]]
    respondent: tuple[str, ...]
    ended: tuple[str, ...]
    keep: Callable[[Sheet], pl.Expr]
    own: tuple[str, ...]


@dataclass
class Exports:
    """A survey whose waves are files."""

    name: str
    settings: Mapping[str, Any]
    layout: Layout

    def __post_init__(self) -> None:
        self.items: list[Item] = items(self.name, self.settings)
        if not self.settings.get("unit") and not self.settings.get("everyone"):
            raise Refused(f'[sources.{self.name}] needs unit = "header of its column", or everyone = "name of all"')

    def streams(self) -> list[Stream]:
        return [Stream("answers", self.read, covers="said")]

    def read(self, since: datetime | None) -> Iterator[Page]:
        """Files written since; each is a whole wave, and who is no longer in it has withdrawn."""
        for path in self.paths():
            if since is None or arrived(path) >= since:
                page, wave = self.wave(path)
                start = datetime.combine(wave, time(), UTC)
                yield Page("answers", page, (Span("survey", [self.survey], start, start + timedelta(days=1)),))

    @property
    def survey(self) -> str:
        return str(self.settings.get("survey", self.name))

    def paths(self) -> list[Path]:
        found = files(Path(self.settings.get("folder", ".")), str(self.settings["path"]))
        if not found:
            raise Refused(f"[sources.{self.name}] {self.settings['path']} is not there; put the export there")
        return found

    def sheet(self, path: Path) -> Sheet:
        """An export with its headers told from its rows; a row that stands for a preview or a test is left out."""
        cells = grid(path)
        count = self.layout.headers(cells)
        texts = [["" if cell is None else str(cell) for cell in row] for row in cells.head(count).rows()]
        found = Sheet(path.name, cells.slice(count), calls(cells.columns, *self.layout.named(texts)))
        return Sheet(found.place, found.rows.filter(self.layout.keep(found)), found.calls)

    def wave(self, path: Path) -> tuple[pl.DataFrame, date]:
        """The answers of one file, and the day of their wave."""
        sheet = self.sheet(path)
        respondent = self.called(sheet, [*listed(self.settings.get("respondent", [])), *self.layout.respondent])
        ended = self.ended(sheet)
        day = self.day(path, ended)
        said = sheet.rows.with_columns(ended.alias("ended"))
        sheet = Sheet(sheet.place, said, sheet.calls)
        page = answers(sheet, self.items, self.survey, day, respondent, self.unit(sheet), pl.col("ended"))
        return everyone_answers(page), day

    def unit(self, sheet: Sheet) -> pl.Expr:
        if not self.settings.get("unit"):
            return pl.lit(str(self.settings["everyone"]))
        named = pl.col(self.called(sheet, [str(self.settings["unit"])])).str.strip_chars()
        return pl.when(named != "").then(named)

    def ended(self, sheet: Sheet) -> pl.Series:
        column = next((found for one in self.layout.ended if (found := sheet.column(one))), None)
        if column is None:
            return pl.Series("ended", [None], dtype=pl.Datetime("us", "UTC")).new_from_index(0, sheet.rows.height)
        habits = Habits((*listed(self.settings.get("dates", [])), *DATES), self.settings.get("time_zone", "UTC"))
        return moments(sheet.rows[column], habits)

    def day(self, path: Path, ended: pl.Series) -> date:
        said = self.settings.get("wave")
        if isinstance(said, date):
            return said
        if said:
            return date.fromisoformat(str(said))
        if found := IN_NAME.search(path.stem):
            return date(int(found[1]), int(found[2]), int(found[3] or 1))
        first = ended.min()
        if not isinstance(first, datetime):
            raise Refused(
                f"{path.name} tells no day; put it into the file's name, such as pulse-2026-09.csv, or set wave"
            )
        return first.date()

    def called(self, sheet: Sheet, names: Sequence[str]) -> str:
        for name in names:
            if (column := sheet.column(name)) is not None:
                return column
        raise Changed(f"{sheet.place} has no column {' or '.join(map(repr, names))}; correct [sources.{self.name}]")

    def check(self) -> Health:
        """Which questions are read and which are not, by their headers, so that nobody has to type them."""
        try:
            paths = self.paths()
            sheet, (page, day) = self.sheet(paths[-1]), self.wave(paths[-1])
        except SourceError as error:
            return Health(False, str(error))
        found = [item.found(sheet.calls, sheet.place) for item in self.items]
        read = {column for columns in found for column in columns}
        named = {folded(one) for one in (*self.layout.own, *self.layout.respondent, *self.layout.ended)}
        left = [text for text, column in sheet.calls.items() if column not in read and text not in named]
        people = page["respondent"].n_unique()
        words = f"{len(paths)} waves, {people} respondents in that of {day}, {sum(map(bool, found))} questions read"
        rest = f"; {len(left)} are not: {', '.join(map(repr, sorted(left)[:5]))}" if left else ""
        return Health(True, words + rest, datetime.combine(day, time(), UTC))

"""One run of a stream on its way into the lake: gathered into landings worth their while, and its account kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import polars as pl

from connectors.errors import Busy, SourceError
from connectors.parts import Todo, heard
from connectors.rules import FILLED, GONE, fit, unknown
from connectors.source import Page, Part, Span, Stream
from connectors.spans import meant
from connectors.tables import MOMENT, TABLES

if TYPE_CHECKING:
    from connectors.sync import Carrier

LANDING = 200_000
MANY = 100
NOWHERE = datetime(1970, 1, 1, tzinfo=UTC)
REACHED = "reached {}"
REMEMBERED = ("valid_from", "valid_to", "joined", "left")
"""What sync keeps of people and units where their source tells only of today."""


@dataclass
class Tally:
    """What has been counted so far in a run, for one table."""

    pages: int = 0
    received: int = 0
    landed: int = 0
    refused: int = 0
    removed: int = 0
    newest: datetime | None = None
    counted: int | None = None
    strange: set[str] = field(default_factory=set)
    doubts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def counts(self) -> tuple[int, int, int]:
        return self.received, self.landed, self.refused

    @property
    def words(self) -> str:
        drift = [f"also gives {', '.join(sorted(self.strange))}, not read"] if self.strange else []
        gone = [f"removed there and here: {self.removed:,}"] if self.removed else []
        return "; ".join(self.doubts + self.notes + drift + gone)


@dataclass
class Loads:
    """What waits to be landed, what was seen, and which parts are done."""

    carrier: Carrier
    stream: Stream
    since: datetime | None
    tallies: dict[str, Tally] = field(default_factory=dict)
    waiting: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    rows: int = 0
    given: dict[str, set[str]] = field(default_factory=dict)
    seen: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    reached: dict[str, datetime] = field(default_factory=dict)
    done: list[Todo] = field(default_factory=list)
    failed: list[tuple[Todo, SourceError]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tallies = {table: Tally() for table in self.stream.tables}

    def carry(self) -> None:
        """Every part; one that fails keeps its bookmark and is told of once the others have landed."""
        todos, skipped = self.todos()
        for todo, said in heard(todos, self.stream.workers, self.carrier.guard):
            if said is None:
                self.done.append(todo)
            elif isinstance(said, SourceError):
                self.failed.append((todo, said))
            else:
                self.take(said)
                self.note(todo, said)
            if self.rows >= LANDING and not self.stream.history:
                self.land()
        if not (self.failed and self.stream.history):
            self.land()
        if self.failed:
            raise self.failure(len(todos) + skipped)

    def failure(self, parts: int) -> SourceError:
        """The first that must be acted on, and of how many parts it is said."""
        (_, error) = next(((t, e) for t, e in self.failed if isinstance(e, Busy)), self.failed[0])
        if self.stream.parts is None:
            return error
        return type(error)(f"{error} ({len(self.failed)} of {parts} parts could not be read, the others have landed)")

    def todos(self) -> tuple[list[Todo], int]:
        """What is to be read, and how many parts have been read already by a run that was cut off."""
        stream, source = self.stream, self.carrier.source
        if stream.parts is None:
            return [Todo(Part("", stream.read), self.since)], 0
        with self.carrier.guard():
            parts, marks = list(stream.parts(self.since)), self.carrier.memory.marks(source, stream.name)
            if stream.lasting:
                return in_turn(parts, marks), 0
            again = {part.name for part in stream.parts(min(marks.values()))} if marks else set()
        left = [part for part in parts if part.name not in marks or part.name in again]
        return [Todo(part, self.since) for part in left], len(parts) - len(left)

    def take(self, said: pl.DataFrame | Page) -> None:
        name, page = (said.table, said.rows) if isinstance(said, Page) else (self.stream.table, said)
        table, tally = TABLES[name], self.tallies[name]
        tally.strange |= unknown(table, page)
        self.given.setdefault(name, set()).update(page.columns)
        self.waiting.setdefault(name, []).append(fit(table, page))
        self.rows += page.height
        tally.pages += 1
        tally.received += page.height
        self.carrier.tick(self.carrier.source, self.stream.name, self.tallies[self.stream.table].received)

    def note(self, todo: Todo, said: pl.DataFrame | Page) -> None:
        """What a page says of what was read."""
        if isinstance(said, Page):
            self.spans += said.seen
            if said.reached is not None:
                self.reached[todo.part.name] = said.reached

    def land(self) -> None:
        """What waits; then the rows that finished parts no longer have go, and only then are the parts done."""
        for name in (one for one in self.stream.tables if one in self.waiting):
            pages = self.waiting[name]
            self.emptied(name, pages)
            keys = self.carrier.land(TABLES[name], pl.concat(pages), self.tallies[name], history=self.stream.history)
            if self.stream.covers:
                self.seen.setdefault(name, []).append(keys)
        self.waiting, self.rows = {}, 0
        if self.stream.covers and (self.done or self.spans):
            for name in self.stream.tables:
                self.sweep(name)
        self.mark()
        self.spans, self.done = [], []

    def emptied(self, name: str, pages: Sequence[pl.DataFrame]) -> None:
        """Columns that are empty in all of many rows and were not so before: the vendor may call a field otherwise."""
        known = TABLES[name].schema.columns()
        free = [one for one in sorted(self.given[name] & known.keys()) if known[one].nullable and one not in FILLED]
        rows = pl.concat(pages).filter(~pl.col(GONE))
        bare = [
            one
            for one in free
            if rows[one].null_count() == rows.height and not (self.stream.history and one in REMEMBERED)
        ]
        if rows.height < MANY or not bare:
            return
        mine = self.carrier.lake.scan(name).filter(source=self.carrier.source)
        held = mine.select(pl.len().alias("rows"), pl.col(bare).count()).collect().row(0, named=True)
        odd = [one for one in bare if held["rows"] >= MANY and held[one] * 2 > held["rows"]]
        if odd:
            words = f"{', '.join(odd)} came in none of {rows.height:,} rows"
            self.tallies[name].doubts.append(f"{words}, before in most; look at the vendor's changes")

    def mark(self) -> None:
        """How far the parts have come, and which are done."""
        marks = {REACHED.format(name): moment for name, moment in self.reached.items()}
        for todo in (todo for todo in self.done if todo.part.name):
            marks[todo.part.name] = self.carrier.now - self.stream.overlap
            if todo.reached or todo.part.name in self.reached:
                marks[REACHED.format(todo.part.name)] = NOWHERE
        if marks:
            self.carrier.memory.mark(self.carrier.source, self.stream.name, marks)
        self.reached = {}

    def sweep(self, name: str) -> None:
        """Rows that a complete read should have seen and did not are gone; most of them at once is doubted."""
        table, tally = TABLES[name], self.tallies[name]
        for held in self.held(name):
            rows = held.collect()
            seen = self.seen.get(name)
            gone = rows.join(pl.concat(seen), on=table.key, how="anti") if seen else rows
            if gone.height > MANY and gone.height * 2 > rows.height:
                tally.doubts.append(f"{gone.height:,} of {rows.height:,} rows are no longer there; nothing was removed")
            else:
                tally.removed += self.carrier.remove(table, gone)

    def held(self, name: str) -> Iterator[pl.LazyFrame]:
        """The keys that the lake holds of what the finished parts cover."""
        table = TABLES[name]
        mine = self.carrier.lake.scan(name).filter(source=self.carrier.source)
        if self.stream.covers == "said":
            yield from meant(mine, table, self.spans)
            return
        parts = [(todo, todo.part.within.get(name)) for todo in self.done]
        if self.stream.parts is None:
            since = self.since if self.stream.covers == "since" else None
            yield dated(mine, table.dated, pl.lit(since, MOMENT)).select(table.key)
            return
        known = [(within, todo.since) for todo, within in parts if within]
        if known:
            column = known[0][0][0]
            values = [value for (_, value), _ in known]
            moments = [since if self.stream.covers == "since" else None for _, since in known]
            ends = pl.LazyFrame(
                {column: values, "part_since": moments}, schema={column: pl.String, "part_since": MOMENT}
            )
            here = mine.join(ends, on=column, how="inner")
            yield dated(here, table.dated, pl.col("part_since")).select(table.key)


def in_turn(parts: list[Part], marks: Mapping[str, datetime]) -> list[Todo]:
    """What was begun first, then what is furthest behind, so that every part has its turn where little can be read."""
    reached = {part.name: marks.get(REACHED.format(part.name), NOWHERE) for part in parts if part.resume}
    begun = {name: moment for name, moment in reached.items() if moment > NOWHERE}
    todos = [Todo(part, marks.get(part.name), begun.get(part.name)) for part in parts]
    return sorted(todos, key=lambda todo: (todo.reached is None, todo.since or NOWHERE))


def dated(rows: pl.LazyFrame, column: str, since: pl.Expr) -> pl.LazyFrame:
    return rows.filter(since.is_null() | (pl.col(column).cast(MOMENT) >= since))

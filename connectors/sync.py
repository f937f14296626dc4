"""Carries new facts from a source into the store, and keeps account of every run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from traceback import extract_tb
from types import TracebackType

import polars as pl

from connectors.errors import Busy, Changed, Refused, SourceError
from connectors.people import Pseudonyms
from connectors.rules import fill, fit, key_of, sift, unknown
from connectors.source import Source, Stream
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.store.news import Landed
from connectors.tables import MOMENT, TABLES, Table

LANDING = 200_000
MANY = 100
Tick = Callable[[str, str, int], None]


@dataclass(frozen=True)
class Run:
    """How one stream's run ended: `done`, `warning`, `refused`, `busy` or `changed`, with its counts."""

    source: str
    stream: str
    table: str
    state: str
    received: int = 0
    landed: int = 0
    refused: int = 0
    words: str = ""


@dataclass
class Tally:
    """What has been counted so far in a run."""

    pages: int = 0
    received: int = 0
    landed: int = 0
    refused: int = 0
    newest: datetime | None = None
    counted: int | None = None
    strange: set[str] = field(default_factory=set)
    doubts: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        drift = [f"also gives {', '.join(sorted(self.strange))}, not read"] if self.strange else []
        return "; ".join(self.doubts + drift)


def sync(
    source: Source, lake: Lake, memory: Memory, pseudonyms: Pseudonyms, now: datetime, tick: Tick | None = None
) -> list[Run]:
    """Reads every stream of a source; one that fails leaves its bookmark where it was and the others go on.

    `now` is the start of the read in UTC: bookmarks move to it, less the stream's overlap.
    """
    carrier = Carrier(source.name, lake, memory, pseudonyms, now, tick or (lambda source, stream, rows: None))
    try:
        with asked(source.name):
            streams = source.streams()
    except SourceError as error:
        return [carrier.failed("streams", error)]
    return [carrier.run(stream, alone=[one.table for one in streams].count(stream.table) == 1) for stream in streams]


@dataclass
class Carrier:
    """One source on its way into the store."""

    source: str
    lake: Lake
    memory: Memory
    pseudonyms: Pseudonyms
    now: datetime
    tick: Tick
    began: float = field(default_factory=time.monotonic)

    @property
    def clock(self) -> datetime:
        return self.now + timedelta(seconds=time.monotonic() - self.began)

    def run(self, stream: Stream, *, alone: bool) -> Run:
        """The one place where a source's errors are caught."""
        since, tally = self.memory.bookmark(self.source, stream.name), Tally()
        before = self.memory.last_received(self.source, stream.name)
        number = self.memory.start_run(self.source, stream.name, self.clock, table=stream.table)
        try:
            self.carry(stream, since, tally)
            self.compare(stream, since, before, tally, alone=alone)
            state, words = "warning" if tally.doubts else "done", tally.words
        except SourceError as error:
            state, words = state_of(error), str(error)
        self.finish(number, state, since, tally, words)
        if state == "done" or (state == "warning" and tally.received):
            self.memory.remember(self.source, stream.name, self.now - stream.overlap)
        counts = (tally.received, tally.landed, tally.refused)
        return Run(self.source, stream.name, stream.table, state, *counts, words)

    def finish(self, number: int, state: str, since: datetime | None, tally: Tally, words: str) -> None:
        self.memory.finish_run(
            number,
            state,
            at=self.clock,
            asked=since,
            received=tally.received,
            landed=tally.landed,
            refused=tally.refused,
            newest=tally.newest,
            counted=tally.counted,
            words=words,
        )

    def failed(self, name: str, error: SourceError) -> Run:
        number, state = self.memory.start_run(self.source, name, self.clock), state_of(error)
        self.finish(number, state, None, Tally(), str(error))
        return Run(self.source, name, name, state, words=str(error))

    def carry(self, stream: Stream, since: datetime | None, tally: Tally) -> None:
        """Small pages are gathered, so that a landing is worth its while."""
        table, waiting, rows = TABLES[stream.table], list[pl.DataFrame](), 0
        for page in pages(self.source, stream, since):
            tally.strange |= unknown(table, page)
            waiting.append(fit(table, page))
            rows += page.height
            tally.pages += 1
            tally.received += page.height
            self.tick(self.source, stream.name, tally.received)
            if rows >= LANDING:
                self.land(table, pl.concat(waiting), tally)
                waiting, rows = [], 0
        if rows:
            self.land(table, pl.concat(waiting), tally)

    def land(self, table: Table, page: pl.DataFrame, tally: Tally) -> None:
        """People are hidden first; which days may change is written down before any of it lands."""
        hidden = self.pseudonyms.hide(table, fill(table, page, self.source, self.now), self.source)
        sifted = sift(table, hidden, self.source)
        landed = self.lake.land(table, sifted.rows, before=lambda landed: self.touch(table, landed))
        self.memory.pardon(self.source, table.name, sifted.rows.select(key=key_of(table))["key"])
        self.memory.refuse(sifted.refused)
        tally.refused += sifted.refused.height
        tally.landed += landed.new + landed.changed
        dated = table.dated if table.dtypes[table.dated] == MOMENT else "changed"
        tally.newest = pl.Series([tally.newest, sifted.rows[dated].max()], dtype=MOMENT).max()  # type: ignore[assignment]

    def touch(self, table: Table, landed: Landed) -> None:
        for first, last in landed.spans:
            self.memory.touch(table.name, first, last)

    def compare(self, stream: Stream, since: datetime | None, before: int, tally: Tally, *, alone: bool) -> None:
        """Nothing where there was much, or another number than the source's own, is doubtful and said."""
        all_of_it = since is None or (stream.whole and tally.pages > 0)
        if all_of_it and not tally.received and before >= MANY:
            tally.doubts.append(
                f"nothing came, {before:,} rows came the last time; look whether it may still read them"
            )
        if stream.count is None:
            return
        with asked(self.source):
            tally.counted = stream.count()
        if tally.counted is None or not (alone or since is None):
            return
        here = tally.received if since is None else self.held(stream.table)
        if here < tally.counted if since else here != tally.counted:
            tally.doubts.append(f"the source counts {tally.counted:,} rows, {here:,} are here")

    def held(self, table: str) -> int:
        rows = self.lake.scan(table).filter(pl.col("source") == self.source)
        return int(rows.select(pl.len()).collect().item())


def state_of(error: SourceError) -> str:
    return "refused" if isinstance(error, Refused) else "busy" if isinstance(error, Busy) else "changed"


def pages(source: str, stream: Stream, since: datetime | None) -> Iterator[pl.DataFrame]:
    with asked(source):
        yield from stream.read(since)


@contextmanager
def asked(source: str) -> Iterator[None]:
    """A source's own bug must stop neither the others nor quote what was read: its type and place are all we keep."""
    try:
        yield
    except SourceError:
        raise
    except Exception as bug:  # noqa: BLE001 any bug of any vendor's file; nothing of ours runs inside
        raise Changed(f"{source}: {type(bug).__name__} at {place(bug.__traceback__)}; look at this source") from None


def place(trace: TracebackType | None) -> str:
    """File and line where it broke, in our files rather than in a library's."""
    frames = extract_tb(trace)
    ours = [frame for frame in frames if "site-packages" not in frame.filename] or list(frames)
    return f"{Path(ours[-1].filename).name}:{ours[-1].lineno}"

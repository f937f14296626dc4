"""Carries new facts from a source into the store, and keeps account of every run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from traceback import extract_tb
from types import TracebackType

import polars as pl

from connectors.errors import Busy, Changed, Refused, SourceError
from connectors.identity.sealed import Seal, sealed
from connectors.loads import MANY, Loads, Tally
from connectors.membership import TRAITS, kept
from connectors.people import Pseudonyms
from connectors.rules import GONE, fill, key_of, sift
from connectors.source import Source, Stream
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.store.news import Landed
from connectors.tables import MOMENT, TABLES, Table

Tick = Callable[[str, str, int], None]
OF_IT = {
    "tickets": (("ticket_moves", "ticket"), ("article_uses", "ticket")),
    "articles": (("article_uses", "article"),),
}
"""What goes with a thing that is gone: rows of these tables that name it in this column, of the same source."""


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
    filled = [table for stream in streams for table in stream.tables]
    return [run for one in streams for run in carrier.run(one, alone=filled.count(one.table) == 1)]


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

    def guard(self) -> AbstractContextManager[None]:
        return asked(self.source)

    @property
    def clock(self) -> datetime:
        return self.now + timedelta(seconds=time.monotonic() - self.began)

    def run(self, stream: Stream, *, alone: bool) -> list[Run]:
        """The one place where a source's errors are caught; each table that the stream fills has its own account."""
        since = self.memory.bookmark(self.source, stream.name)
        span = self.now - since if since and not stream.whole else None
        before = self.memory.last_received(self.source, stream.name, span)
        names = {table: stream.name if table == stream.table else f"{stream.name}/{table}" for table in stream.tables}
        numbers = {
            table: self.memory.start_run(self.source, name, self.clock, table=table) for table, name in names.items()
        }
        loads = Loads(self, stream, since)
        main = loads.tallies[stream.table]
        try:
            loads.carry()
            self.compare(stream, since, before, main, alone=alone)
            state, words = "warning" if main.doubts else "done", ""
        except SourceError as error:
            state, words = state_of(error), str(error)
        for table, tally in loads.tallies.items():
            self.finish(numbers[table], state, since, tally, words or tally.words)
        if state == "done" or (state == "warning" and main.received):
            self.memory.remember(self.source, stream.name, self.now - stream.overlap)
            if not stream.lasting:
                self.memory.unmark(self.source, stream.name)
        return [
            Run(self.source, names[table], table, state, *tally.counts, words or tally.words)
            for table, tally in loads.tallies.items()
        ]

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

    def land(self, table: Table, page: pl.DataFrame, tally: Tally, *, history: bool = False) -> pl.DataFrame:
        """People are hidden first; which days may change is written down before any of it lands.

        Gives the keys of all rows that the source named.
        """
        filled = fill(table, page, self.source, self.now)
        hidden = self.pseudonyms.hide(table, filled, self.source)
        if table.name == "accounts":
            self.memory.seal(sealed(Seal(self.pseudonyms.sealing_key()), filled, hidden))
        if history and table.name in TRAITS:
            hidden = self.since_when(table, hidden, tally)
        gone = hidden.filter(pl.col(GONE)).select(table.key)
        sifted = sift(table, hidden.filter(~pl.col(GONE)).drop(GONE), self.source)
        landed = self.lake.land(table, sifted.rows, before=lambda landed: self.touch(table, landed))
        self.memory.pardon(self.source, table.name, sifted.rows.select(key=key_of(table))["key"])
        self.memory.refuse(sifted.refused)
        tally.refused += sifted.refused.height
        tally.landed += landed.new + landed.changed
        tally.removed += self.remove(table, gone)
        dated = table.dated if table.dtypes[table.dated] == MOMENT else "changed"
        tally.newest = pl.Series([tally.newest, sifted.rows[dated].max()], dtype=MOMENT).max()  # type: ignore[assignment]
        return hidden.filter(~pl.col(GONE)).select(table.key)

    def since_when(self, table: Table, present: pl.DataFrame, tally: Tally) -> pl.DataFrame:
        """What a read that tells only of today changes in the history that is held; units begin with their people."""
        held = self.lake.scan(table.name).filter(source=self.source).collect()
        people = self.lake.scan("people").filter(source=self.source)
        first = people.select(pl.col("valid_from").min()).collect().item() if held.is_empty() else None
        found = kept(table, present, held, self.now, first)
        tally.doubts += [found.doubt] if found.doubt else []
        tally.notes += [found.note] if found.note else []
        return found.rows

    def remove(self, table: Table, keys: pl.DataFrame) -> int:
        if keys.is_empty():
            return 0
        for name, column in OF_IT.get(table.name, ()):
            mine = self.lake.scan(name).filter(pl.col("source") == self.source)
            theirs = mine.join(keys.lazy().select(pl.first().alias(column)), on=column, how="semi")
            self.remove(TABLES[name], theirs.select(TABLES[name].key).collect())
        return self.lake.remove(table, keys, before=lambda landed: self.touch(table, landed))

    def touch(self, table: Table, landed: Landed) -> None:
        for first, last in landed.spans:
            self.memory.touch(table.name, first, last)

    def compare(self, stream: Stream, since: datetime | None, before: int, tally: Tally, *, alone: bool) -> None:
        """Nothing where there was much, or another number than the source's own, is doubtful and said."""
        looked = since is None or tally.pages > 0 or stream.parts is not None
        if looked and not tally.received and before >= MANY:
            came = "came the last time" if since is None or stream.whole else "were to be expected after the last time"
            tally.doubts.append(f"nothing came, {before:,} rows {came}; look whether it may still read them")
        if stream.count is None:
            return
        try:
            with asked(self.source):
                tally.counted = stream.count()
        except (Refused, Changed) as error:  # all has been read; only nobody can say whether it was all
            tally.notes.append(f"its own count cannot be read: {error}")
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

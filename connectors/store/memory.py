"""Memories: what cannot be fetched again, and the one thing that screen and exports may ask."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from socket import gethostname

import polars as pl
import sqlalchemy as sa

from connectors.store.ahead import Ahead
from connectors.store.alerts import Alerts
from connectors.store.database import frame, insert, upsert
from connectors.store.editions import Edition as Edition
from connectors.store.editions import Editions
from connectors.store.editions import Header as Header
from connectors.store.identities import Identities
from connectors.store.outbox import Errand as Errand
from connectors.store.outbox import Hold as Hold
from connectors.store.outbox import Outbox
from connectors.store.plans import Plans
from connectors.store.schema import bookmarks, quarantine, runs, told, touched
from connectors.store.scored import Scored
from connectors.store.surveyed import Surveyed

STAY_AWAY = "stay away: "


class Memory(Editions, Identities, Alerts, Ahead, Scored, Surveyed, Outbox, Plans):
    """Bookmarks, runs, quarantine, weeks to count anew, editions, who is who, alerts, what was told and begun, the
    outbox, and the plans of reports."""

    def bookmark(self, source: str, stream: str) -> datetime | None:
        query = sa.select(bookmarks.c.moment).where(bookmarks.c.source == source, bookmarks.c.stream == stream)
        with self.reading() as connection:
            return connection.execute(query).scalar()

    def remember(self, source: str, stream: str, moment: datetime) -> None:
        with self.writing() as connection:
            upsert(connection, bookmarks, [{"source": source, "stream": stream, "moment": moment}])

    def marks(self, source: str, stream: str) -> dict[str, datetime]:
        """The bookmarks of a stream's parts."""
        start = f"{stream}/"
        mine = bookmarks.c.stream.startswith(start, autoescape=True)
        query = sa.select(bookmarks.c.stream, bookmarks.c.moment).where(bookmarks.c.source == source, mine)
        with self.reading() as connection:
            return {name.removeprefix(start): moment for name, moment in connection.execute(query)}

    def mark(self, source: str, stream: str, parts: Mapping[str, datetime]) -> None:
        """These parts of a stream have landed."""
        rows = [{"source": source, "stream": f"{stream}/{part}", "moment": at} for part, at in parts.items()]
        with self.writing() as connection:
            upsert(connection, bookmarks, rows)

    def unmark(self, source: str, stream: str) -> None:
        mine = bookmarks.c.stream.startswith(f"{stream}/", autoescape=True)
        with self.writing() as connection:
            connection.execute(sa.delete(bookmarks).where(bookmarks.c.source == source, mine))

    def waits(self, source: str) -> Waits:
        """Until when the hosts of this source asked it to stay away."""
        return Waits(self, source)

    def start_run(self, source: str, stream: str, at: datetime, *, table: str = "") -> int:
        """A run of this stream that never finished is from now on called interrupted."""
        same = (runs.c.source == source) & (runs.c.stream == stream) & runs.c.ended.is_(None)
        said = runs.insert().values(
            source=source, stream=stream, table=table or stream, started=at, state="running", words=who_runs()
        )
        with self.writing() as connection:
            connection.execute(
                runs.update().where(same, runs.c.state == "running").values(state="interrupted", words="")
            )
            return int(connection.execute(said).inserted_primary_key[0])  # type: ignore[index]

    def finish_run(
        self,
        run: int,
        state: str,
        *,
        at: datetime,
        received: int,
        landed: int,
        refused: int,
        asked: datetime | None = None,
        newest: datetime | None = None,
        counted: int | None = None,
        words: str = "",
    ) -> None:
        """How a run ended: `done`, `warning`, `refused`, `busy` or `changed`; `asked` is what it read since."""
        found = {"asked": asked, "received": received, "landed": landed, "refused": refused, "newest": newest}
        with self.writing() as connection:
            said = runs.update().where(runs.c.id == run)
            connection.execute(said.values(state=state, ended=at, counted=counted, words=words, **found))

    def runs(self, latest: bool = True) -> pl.DataFrame:
        """The last run of each stream, or every run; one that never finished has no end."""
        query = sa.select(*(column for column in runs.columns if column.name not in ("id", "asked")))
        if latest:
            newest = sa.select(sa.func.max(runs.c.id)).group_by(runs.c.source, runs.c.stream)
            query = query.where(runs.c.id.in_(newest))
        found = self.read(query.order_by(runs.c.source, runs.c.stream, runs.c.id))
        gone = [mark for mark in found.filter(state="running")["words"].unique() if not still_runs(mark)]
        lost, ended = pl.col("words").is_in(gone) & pl.col("ended").is_null(), pl.col("ended").is_not_null()
        state = pl.when(lost).then(pl.lit("interrupted")).otherwise("state")
        return found.with_columns(state=state, words=pl.when(ended).then("words").otherwise(pl.lit("")))

    def last_received(self, source: str, stream: str, span: timedelta | None = None) -> int:
        """How many rows the last run brought that was done and brought any; 0 where there was none.

        With `span`: how many to expect of so long a time, by the last run that asked for what had changed.
        """
        mine = (runs.c.source == source) & (runs.c.stream == stream) & (runs.c.state == "done") & (runs.c.received > 0)
        if span is not None:
            mine &= runs.c.asked.is_not(None)
        query = sa.select(runs.c.received, runs.c.asked, runs.c.started).where(mine).order_by(runs.c.id.desc())
        with self.reading() as connection:
            found = connection.execute(query).first()
        if found is None:
            return 0
        received, asked, started = found
        return int(received if span is None else received * min(1.0, span / max(started - asked, span / 1000)))

    def refuse(self, rows: pl.DataFrame) -> None:
        """Keep [source, table, rule, key] of rows that break a rule; the same row twice is one row."""
        if rows.is_empty():
            return
        rows = rows.select("source", "table", "rule", "key").unique()
        pairs = rows.select("source", "table").unique().rows()
        with self.writing() as connection:
            for source, table in pairs:
                known = frame(connection, sa.select(quarantine).where(in_quarantine(source, table)))
                mine = rows.filter(source=source, table=table)
                insert(connection, quarantine, mine.join(known, on=mine.columns, how="anti"))

    def pardon(self, source: str, table: str, keys: pl.Series) -> None:
        """Rows that kept the rules after all leave the quarantine."""
        held = sa.select(quarantine.c.key).where(in_quarantine(source, table))
        found = self.read(held)["key"].unique()
        found = found.filter(found.is_in(keys.implode())) if len(found) else found
        if found.is_empty():
            return
        with self.writing() as connection:
            for part in pl.DataFrame(found).iter_slices(500):
                some = quarantine.c.key.in_(part["key"].to_list())
                connection.execute(sa.delete(quarantine).where(in_quarantine(source, table), some))

    def refused(self) -> pl.DataFrame:
        """Per source, table and rule: how many rows are in quarantine, and the key of one of them."""
        rows, example = sa.func.count().label("rows"), sa.func.min(quarantine.c.key).label("key")
        by = (quarantine.c.source, quarantine.c.table, quarantine.c.rule)
        return self.read(sa.select(*by, rows, example).group_by(*by).order_by(*by))

    def touch(self, table: str, first: date, last: date) -> None:
        """Say before landing which days may change, so that a refresh after a crash counts them anew."""
        with self.writing() as connection:
            connection.execute(touched.insert().values(table=table, first=first, last=last))

    def touched(self) -> pl.DataFrame:
        return self.read(sa.select(touched).order_by(touched.c.id))

    def settle(self, ids: Collection[int]) -> None:
        """These are counted."""
        with self.writing() as connection:
            connection.execute(sa.delete(touched).where(touched.c.id.in_(ids)))

    def told(self, export: str) -> pl.DataFrame:
        """What people were last told by this way out."""
        query = sa.select(*(column for column in told.columns if column.name != "export"))
        return self.read(query.where(told.c.export == export).order_by(told.c.indicator, told.c.unit))

    def tell(self, export: str, flips: pl.DataFrame, at: datetime) -> None:
        """Remember [indicator, unit, verdict, side, since] as told; to be called after sending, never before."""
        said = flips.select("indicator", "unit", "verdict", "side", "since").to_dicts()
        with self.writing() as connection:
            upsert(connection, told, [{**one, "export": export, "at": at} for one in said])


@dataclass(frozen=True)
class Waits:
    """Kept beside the bookmarks of a source, whose limits at a host are its own."""

    memory: Memory
    source: str

    def until(self, host: str) -> datetime | None:
        return self.memory.bookmark(self.source, STAY_AWAY + host)

    def wait(self, host: str, until: datetime) -> None:
        self.memory.remember(self.source, STAY_AWAY + host, until)


def who_runs() -> str:
    """Who is at work on a run, so that others can see whether they still are."""
    return f"{gethostname()}:{os.getpid()}"


def still_runs(mark: str) -> bool:
    """Whether a process lives; of another machine's we cannot know, and believe it."""
    host, _, process = mark.rpartition(":")
    if host != gethostname():
        return True
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def in_quarantine(source: str, table: str) -> sa.ColumnElement[bool]:
    return sa.and_(quarantine.c.source == source, quarantine.c.table == table)

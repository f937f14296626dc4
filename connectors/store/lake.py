"""Facts: Delta tables in a folder or an object store, merged by key, so that landing twice is landing once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import polars as pl
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import CommitFailedError

from connectors.errors import Busy
from connectors.store.news import MONTH, Landed, account, as_page, news, remembered, vanished
from connectors.tables import TABLES, Table

ATTEMPTS = 12
EVERY = 50  # versions from one tidying to the next
KEEP_HOURS = 24  # how long a reader may take before what it reads is swept away


class Lake:
    """Tables of facts under one root: a folder, or the address of an object store with its options."""

    def __init__(self, root: str | Path, storage_options: Mapping[str, str] | None = None) -> None:
        self.root = str(root).rstrip("/")
        self.options = dict(storage_options or {})
        self.every = EVERY

    def land(self, table: Table, frame: pl.DataFrame, before: Callable[[Landed], None] | None = None) -> Landed:
        """Merge a page by the table's key: a newer word wins, an older one and a known one change nothing.

        Of two words with the same `changed` the one that lands last wins. `before` is called with what is about to
        change, and only if something is: what it writes down survives a crash in the middle.
        """
        page = as_page(table, frame)
        if page.is_empty():
            return Landed()
        for attempt in range(ATTEMPTS):
            target = self.made(table.name, page, [MONTH])
            empty = untouched(table, page, target)
            found = news(table, page, self.known(table, page.clear() if empty else page, target))
            if found.is_empty():
                return Landed()
            landed = account(table, found)
            if before:
                before(landed)
            try:
                (self.begin if empty else self.merge)(table, found.select(page.columns), target)
                return landed
            except CommitFailedError:
                time.sleep(0.05 * 2 ** min(attempt, 5))
        raise Busy(f"table {table.name} was written by others {ATTEMPTS} times in a row; the next run will do")

    def known(self, table: Table, page: pl.DataFrame, target: DeltaTable) -> pl.DataFrame:
        """What the lake already holds of the page's keys; of steady tables only their months can hold them."""
        dtypes = {**table.dtypes, MONTH: pl.String()}
        if page.is_empty():
            return remembered(table, pl.LazyFrame(schema=dtypes)).collect()
        held = columns(pl.scan_delta(target), dtypes)
        if table.steady:
            held = held.filter(pl.col(MONTH).is_in(page[MONTH].unique().to_list()))
        return remembered(table, held.join(page.lazy().select(table.key), on=table.key, how="semi")).collect()

    def begin(self, table: Table, rows: pl.DataFrame, target: DeltaTable) -> None:
        """The first rows of some months, or of a table: written in the place of nothing.

        Not appended: where another writer has meanwhile brought rows there, Delta lets an append pass and refuses this.
        """
        months = ", ".join(f"'{month}'" for month in rows[MONTH].unique().sort())
        where = f"{MONTH} IN ({months})" if table.steady else f"{MONTH} != ''"
        write_deltalake(target, rows, mode="overwrite", predicate=where, schema_mode="merge")
        self.tidy_now_and_then(table.name, target)

    def merge(self, table: Table, rows: pl.DataFrame, target: DeltaTable) -> None:
        """A merge and not an append, even where all is new: Delta lets two writers append the same row."""
        on = [*table.key, MONTH] if table.steady else table.key
        same = " AND ".join(f't."{column}" = s."{column}"' for column in on)
        merger = target.merge(rows, same, source_alias="s", target_alias="t", merge_schema=True, streamed_exec=False)
        newer = merger.when_matched_update_all(predicate="s.changed >= t.changed")
        newer.when_not_matched_insert_all().execute()
        self.tidy_now_and_then(table.name, target)

    def remove(self, table: Table, keys: pl.DataFrame, before: Callable[[Landed], None] | None = None) -> int:
        """Take out the rows of these keys: their source has removed them. Gives how many there were."""
        for attempt in range(ATTEMPTS):
            held = self.read(table.name, {**table.dtypes, MONTH: pl.String()})
            found = held.join(keys.lazy().select(table.key), on=table.key, how="semi").collect()
            if found.is_empty():
                return 0
            if before:
                before(vanished(table, found))
            try:
                self.cut(table, found)
                return found.height
            except CommitFailedError:
                time.sleep(0.05 * 2 ** min(attempt, 5))
        raise Busy(f"table {table.name} was written by others {ATTEMPTS} times in a row; the next run will do")

    def cut(self, table: Table, rows: pl.DataFrame) -> None:
        same = " AND ".join(f't."{column}" = s."{column}"' for column in [*table.key, MONTH])
        target = self.made(table.name, rows, [MONTH])
        merger = target.merge(
            rows.select(*table.key, MONTH), same, source_alias="s", target_alias="t", streamed_exec=False
        )
        merger.when_matched_delete().execute()
        self.tidy_now_and_then(table.name, target)

    def scan(self, name: str) -> pl.LazyFrame:
        """All rows of a table; a canonical table that never landed is empty and has its columns all the same."""
        return self.read(name, TABLES[name].dtypes if name in TABLES else None)

    def read(self, name: str, dtypes: Mapping[str, pl.DataType] | None) -> pl.LazyFrame:
        found = self.delta(name)
        if found is None:
            return pl.LazyFrame(schema=dtypes or {})
        rows = pl.scan_delta(found)
        return rows if dtypes is None else columns(rows, dtypes)

    def replace(self, name: str, frame: pl.DataFrame, where: str | None = None, *, by: list[str] | None = None) -> None:
        """The rows that a condition names (all by default) give way to these, in one step.

        `where` is SQL such as "indicator = 'link_rate' AND week >= '2026-01-05'", and every new row must meet it.
        `by` partitions the table when it is made.
        """
        for attempt in range(ATTEMPTS):
            try:
                target = self.made(name, frame, by)
                write_deltalake(target, frame, mode="overwrite", predicate=where, schema_mode="merge")
                self.tidy_now_and_then(name, target)
                return
            except CommitFailedError:
                time.sleep(0.05 * 2 ** min(attempt, 5))
        raise Busy(f"table {name} was written by others {ATTEMPTS} times in a row; the next run will do")

    def tables(self) -> list[str]:
        """The canonical tables that have landed."""
        return [name for name in TABLES if self.delta(name) is not None]

    def rows(self, name: str) -> int:
        return int(self.scan(name).select(pl.len()).collect().item()) if self.delta(name) else 0

    def tidy(self, name: str) -> None:
        """Gather small files into large ones, and sweep away what no reader can still be reading."""
        table = self.delta(name)
        if table is None:
            return
        with suppress(CommitFailedError):  # someone is writing: the next time will do
            table.optimize.compact()
        table.vacuum(retention_hours=KEEP_HOURS, enforce_retention_duration=False, dry_run=False)
        table.create_checkpoint()

    def tidy_now_and_then(self, name: str, table: DeltaTable) -> None:
        if table.version() % self.every == 0:
            self.tidy(name)

    def delta(self, name: str) -> DeltaTable | None:
        address = f"{self.root}/{name}"
        if not DeltaTable.is_deltatable(address, storage_options=self.options):
            return None
        return DeltaTable(address, storage_options=self.options)

    def made(self, name: str, like: pl.DataFrame, by: list[str] | None) -> DeltaTable:
        """The table, made by an empty write if need be: Delta's own "create" would note where the lake lies."""
        if "://" not in self.root:
            Path(self.root).mkdir(parents=True, exist_ok=True)
        address = f"{self.root}/{name}"
        if not DeltaTable.is_deltatable(address, storage_options=self.options):
            write_deltalake(address, like.clear(), mode="ignore", partition_by=by, storage_options=self.options)
        return DeltaTable(address, storage_options=self.options)


def untouched(table: Table, page: pl.DataFrame, target: DeltaTable) -> bool:
    """Whether no row of the page can be there: its months are empty, or all are where a row may change its month."""
    held = [part[MONTH] for part in target.partitions()]
    return not held if not table.steady else page.filter(pl.col(MONTH).is_in(held)).is_empty()


def columns(rows: pl.LazyFrame, dtypes: Mapping[str, pl.DataType]) -> pl.LazyFrame:
    """These columns of a table, empty where it was written before there were such."""
    here = rows.collect_schema().names()
    return rows.select(pl.col(c) if c in here else pl.lit(None, kind).alias(c) for c, kind in dtypes.items())

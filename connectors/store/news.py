"""What a page brings that the lake does not hold yet, and which days it may change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from connectors.tables import Table

MONTH = "month"
BEGINNING, FOR_EVER = date(1970, 1, 1), date(9999, 12, 31)
ENDS = ["valid_to", "left"]
LASTING = {"units", "people", "accounts", "needs", "skills"}  # hold from a day on, not on it
DAY = timedelta(days=1)
NEAR = timedelta(days=28)


@dataclass(frozen=True)
class Landed:
    """What landing a page changed: rows new, rows changed, and the days whose numbers may now be others.

    The spans reach a day further on both sides, because days are counted in the organisation's own time zone.
    """

    new: int = 0
    changed: int = 0
    spans: tuple[tuple[date, date], ...] = ()

    @property
    def first(self) -> date | None:
        return self.spans[0][0] if self.spans else None

    @property
    def last(self) -> date | None:
        return self.spans[-1][1] if self.spans else None


def as_page(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """A frame with all columns of the table and one row per key: the newest, and of equals the last."""
    dtypes = table.dtypes
    columns = [
        pl.col(c).cast(kind) if c in frame.columns else pl.lit(None, kind).alias(c) for c, kind in dtypes.items()
    ]
    month = pl.col(table.dated).dt.strftime("%Y-%m").fill_null("unknown").alias(MONTH)
    newest = frame.select(columns).sort("changed", maintain_order=True)
    return newest.unique(table.key, keep="last", maintain_order=True).with_columns(month)


def content(table: Table, *without: str) -> pl.Expr:
    """One number for what a row says; the same words give the same number within one run of the program."""
    said = [name for name in table.dtypes if name not in (*table.key, "changed", *without)]
    return pl.struct(said).hash()


def dates(table: Table) -> list[str]:
    moving = [name for name, kind in table.dtypes.items() if kind.is_temporal()]
    return [name for name in moving if name != "changed"]


def remembered(table: Table, held: pl.LazyFrame) -> pl.LazyFrame:
    """Of rows in the lake: when they changed, what they said, and their days."""
    return held.select(
        *table.key,
        pl.col("changed").alias("was_changed"),
        content(table).alias("was_content"),
        content(table, *ENDS).alias("was_start"),
        *(pl.col(name).alias(f"was_{name}") for name in dates(table)),
    )


def news(table: Table, page: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The rows of a page that are new, newer, or as new and different, beside what was there before."""
    beside = page.join(known, on=table.key, how="left", maintain_order="left")
    if known.is_empty():
        return beside
    newer = pl.col("changed") > pl.col("was_changed")
    different = (pl.col("changed") == pl.col("was_changed")) & (content(table) != pl.col("was_content"))
    return beside.filter(pl.col("was_changed").is_null() | newer | different)


def account(table: Table, found: pl.DataFrame) -> Landed:
    """Count what is new and what has changed; a row that only says it again, later, is neither."""
    new = found.filter(pl.col("was_changed").is_null())
    changed = found.filter(pl.col("was_changed").is_not_null()).filter(content(table) != pl.col("was_content"))
    told = pl.concat([new, changed])
    return Landed(new.height, changed.height, lasting(table, told) if table.name in LASTING else spans(table, told))


def vanished(table: Table, rows: pl.DataFrame) -> Landed:
    """What rows that are taken out leave behind: the days whose numbers may now be others."""
    before = rows.with_columns(pl.col(name).alias(f"was_{name}") for name in dates(table))
    before = before.with_columns(was_start=pl.lit(None, pl.UInt64))
    return Landed(0, rows.height, lasting(table, before) if table.name in LASTING else spans(table, before))


def spans(table: Table, told: pl.DataFrame) -> tuple[tuple[date, date], ...]:
    """The days that stand in the rows, before and after, near ones joined."""
    columns = [pl.col(c).cast(pl.Date).alias("day") for name in dates(table) for c in (name, f"was_{name}")]
    if told.is_empty() or not columns:
        return ()
    days = pl.concat([told.select(column) for column in columns])["day"].drop_nulls().unique().sort()
    apart = (days.diff() > NEAR).fill_null(value=True)
    groups = pl.DataFrame({"day": days, "group": apart.cum_sum()}).group_by("group", maintain_order=True)
    found = groups.agg(first=pl.col("day").min(), last=pl.col("day").max())
    return tuple((first - DAY, last + DAY) for first, last in found.select("first", "last").iter_rows())


def lasting(table: Table, told: pl.DataFrame) -> tuple[tuple[date, date], ...]:
    """From the first day that may be another, for ever; where only an end moved, from that end."""
    if told.is_empty():
        return ()
    starts, ends = [c for c in dates(table) if c not in ENDS], [c for c in dates(table) if c in ENDS]
    if table.dated not in starts:
        return ((BEGINNING, FOR_EVER),)
    first = pl.min_horizontal(table.dated, f"was_{table.dated}")
    if ends:
        only_ends = content(table, *ENDS) == pl.col("was_start")
        moved = pl.min_horizontal(*ends, *(f"was_{name}" for name in ends))
        first = pl.when(only_ends).then(moved).otherwise(first)
    day: date = told.select(first.min()).item()
    return ((day - DAY, FOR_EVER),)

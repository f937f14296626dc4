"""When each account was active, and which days that is of each table."""

from __future__ import annotations

import polars as pl

from connectors.store.lake import Lake
from connectors.tables import TABLES

NO_ACTS = ("units", "people", "accounts", "skills", "needs")
ACTORS = {
    name: next(column for column, purpose in table.pseudonyms.items() if purpose == "person")
    for name, table in TABLES.items()
    if name not in NO_ACTS and "person" in table.pseudonyms.values()
}
MONTHLY = {"table": pl.String, "account": pl.String, "month": pl.Date, "rows": pl.UInt32}


def activity(lake: Lake) -> pl.DataFrame:
    """Rows per table, account and month."""
    counted = [monthly(lake, name) for name in lake.tables() if name in ACTORS]
    frames = [pl.DataFrame(schema=MONTHLY), *counted]
    return pl.concat([one.select(pl.col(name).cast(kind) for name, kind in MONTHLY.items()) for one in frames])


def monthly(lake: Lake, name: str) -> pl.DataFrame:
    month = pl.col(TABLES[name].dated).cast(pl.Date).dt.truncate("1mo")
    rows = lake.scan(name).filter(pl.col(ACTORS[name]).is_not_null())
    counted = rows.group_by(account=ACTORS[name], month=month).agg(rows=pl.len())
    return counted.with_columns(table=pl.lit(name)).drop_nulls("month").collect()


def days(active: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """The first and the last day that these accounts [account] may have been active: table, first, last."""
    mine = active.join(accounts.select("account").unique(), on="account", how="semi")
    first, last = pl.col("month").min(), pl.col("month").max()
    return mine.group_by("table").agg(first=first.dt.offset_by("-1d"), last=last.dt.offset_by("1mo1d")).sort("table")

"""What the lake holds, in a few lines: rows and newest day of each table, four figures of the tickets."""

from __future__ import annotations

from datetime import date

import polars as pl

from connectors.store.lake import Lake
from connectors.tables import TABLES


def holdings(lake: Lake) -> list[tuple[str, int, date | None]]:
    """(table, rows, newest day) of each table that has rows."""
    found = []
    for name in (name for name in TABLES if name in lake.tables()):
        dated = pl.col(TABLES[name].dated).cast(pl.Date)
        rows, newest = lake.scan(name).select(pl.len(), dated.max()).collect().row(0)
        found.append((name, rows, newest))
    return [one for one in found if one[1]]


def tickets(lake: Lake) -> list[tuple[str, str]]:
    """The tickets of the whole organisation in four figures; nothing smaller is ever printed."""
    hours = (pl.col("resolved") - pl.col("opened")).dt.total_seconds() / 3600
    row = (
        lake.scan("tickets")
        .select(
            n=pl.len(),
            knowledge=pl.col("knowledge").mean() * 100,
            reopened=(pl.col("reopenings") > 0).mean() * 100,
            hours=hours.median(),
        )
        .collect()
        .row(0, named=True)
    )
    lines = [("tickets", f"{row['n']:,}", True)]
    lines += [("knowledge used on", f"{row['knowledge'] or 0:.2f} %", row["knowledge"] is not None)]
    lines += [("reopened", f"{row['reopened'] or 0:.2f} %", row["reopened"] is not None)]
    lines += [("median to resolve", f"{row['hours'] or 0:.1f} h", row["hours"] is not None)]
    return [(label, figure) for label, figure, known in lines if known and row["n"]]

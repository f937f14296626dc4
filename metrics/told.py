"""What a source never tells of is unknown, not nought: only what is told is counted."""

from __future__ import annotations

import polars as pl


def telling(rows: pl.LazyFrame, said: pl.Expr, of: pl.LazyFrame | None = None) -> pl.LazyFrame:
    """The rows of those sources that ever say so: in one of these rows, or of the rows of `of`."""
    known = (rows if of is None else of).filter(said).select("source").unique()
    return rows.join(known, on="source", how="semi", nulls_equal=True)


def if_any(rows: pl.LazyFrame, found: pl.LazyFrame) -> pl.LazyFrame:
    """The rows, if there is anything in `found`; else none of them."""
    return rows.join(found.with_columns(there=pl.lit(True)).select("there").head(1), how="cross").drop("there")

"""Rows of the lake that a read says it has seen whole: those that it did not name are no longer at the source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import polars as pl

from connectors.source import Span
from connectors.tables import MOMENT, Table


def meant(mine: pl.LazyFrame, table: Table, spans: Sequence[Span]) -> Iterator[pl.LazyFrame]:
    """The keys of the rows that spans are about; a span says nothing of a table without its column."""
    for (column, but), same in groupby(sorted(spans, key=kind), key=kind):
        if column in table.dtypes:
            rows = mine.filter(pl.col(but).is_null()) if but in table.dtypes else mine
            day = pl.col(table.dated).cast(MOMENT)
            late = pl.col("span_first").is_null() | (day >= pl.col("span_first"))
            early = pl.col("span_last").is_null() | (day < pl.col("span_last"))
            yield rows.join(ends(column, list(same)), on=column).filter(late & early).select(table.key).unique()


def kind(span: Span) -> tuple[str, str]:
    return span.column, span.but


def ends(column: str, spans: Sequence[Span]) -> pl.LazyFrame:
    values, firsts, lasts = ([getattr(span, name) for span in spans] for name in ("values", "first", "last"))
    kinds = {column: pl.List(pl.String), "span_first": MOMENT, "span_last": MOMENT}
    return pl.LazyFrame({column: values, "span_first": firsts, "span_last": lasts}, schema=kinds).explode(column)

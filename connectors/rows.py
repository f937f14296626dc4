"""What one table gets of a vendor's records, and how their fields become its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from connectors.errors import Changed
from connectors.fields import at
from connectors.mapping.translation import IDS
from connectors.rules import FILLED
from connectors.tables import TABLES

MANY = 10


@dataclass(frozen=True)
class Rows:
    """What one table gets of an endpoint's records.

    `unfold` names lists whose members become rows, outermost first: ("changelog.histories", "histories.items"); a
    member is then a column of the list's own name. A list may be made of what was read: `mentions(...).alias("named")`.
    `within` is our column that names the part a row belongs to; `elsewhere` are columns that already name things of
    another source. A column `gone` says what was removed there.
    """

    table: str
    columns: Mapping[str, pl.Expr | str]
    unfold: tuple[str | pl.Expr, ...] = ()
    where: pl.Expr | None = None
    within: str = ""
    elsewhere: tuple[str, ...] = ()


def shaped(source: str, given: Rows, found: pl.DataFrame) -> pl.DataFrame:
    """One table's rows; our columns only, so that nothing else goes further."""
    for step in given.unfold:
        name = step.rpartition(".")[2] if isinstance(step, str) else step.meta.output_name()
        found = found.with_columns(at(step).alias(name)).explode(name).filter(pl.col(name).is_not_null())
    if given.where is not None:
        found = found.filter(given.where)
    rows = found.select(at(value).alias(name) for name, value in given.columns.items())
    usable(source, given, rows)
    own = [name for name in rows.columns if name in IDS and name not in given.elsewhere]
    return rows.with_columns((pl.lit(f"{source}:") + pl.col(name).cast(pl.String)).alias(name) for name in own)


def usable(source: str, given: Rows, rows: pl.DataFrame) -> None:
    """A column that no row can be without, and that all lack, has changed its name or its shape."""
    if rows.height < MANY:
        return
    for name, column in TABLES[given.table].schema.columns().items():
        if (
            not column.nullable
            and name not in FILLED
            and name in rows.columns
            and rows[name].null_count() == rows.height
        ):
            raise Changed(f"{source}: {given.table}.{name} can be read in no row; look at the vendor's changes")

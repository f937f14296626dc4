"""What a page must keep before it may land: our columns, their kinds, the table's rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from connectors.errors import Changed
from connectors.tables import MOMENT, Table

REFUSED = "refused"
GONE = "gone"
FILLED = ("source", "changed")
WORDS = {
    pl.String: "text",
    pl.Datetime: "moments",
    pl.Date: "days",
    pl.Boolean: "yes or no",
    pl.Int64: "whole numbers",
    pl.Float64: "numbers",
}
SETTING = {pl.Datetime: "dates", pl.Date: "dates", pl.Boolean: "values"}
PLAIN = re.compile(r"[\w .:-]{1,40}")


@dataclass(frozen=True)
class Sifted:
    """Rows that keep the rules, and [source, table, rule, key] of those that break one."""

    rows: pl.DataFrame
    refused: pl.DataFrame


def fit(table: Table, page: pl.DataFrame) -> pl.DataFrame:
    """The page with the table's columns and no others, each of its kind, and with the source's own refusals."""
    needed = [n for n, c in table.schema.columns().items() if not c.nullable and n not in FILLED]
    needed = table.key if GONE in page.columns and page[GONE].all() else needed
    for name in needed:
        if name not in page.columns and name != "source":
            raise Changed(f"{table.name}: column {name} is missing; name the field it comes from")
    for name, kind in table.dtypes.items():
        if name in page.columns and not becomes(page.schema[name], kind):
            raise Changed(f"{table.name}: {complaint(name, page.schema[name], kind)}")
    kinds = {**table.dtypes, REFUSED: pl.String(), GONE: pl.Boolean()}
    columns = [pl.col(n).cast(k) if n in page.columns else pl.lit(None, k).alias(n) for n, k in kinds.items()]
    columns[-1] = columns[-1].fill_null(value=False)
    try:
        return page.select(columns)
    except pl.exceptions.PolarsError as error:  # its message would quote the value
        what = type(error).__name__
        raise Changed(f"{table.name}: a column holds what its kind cannot ({what}); look at its numbers") from None


def becomes(given: pl.DataType, kind: pl.DataType) -> bool:
    """Whether a column can be cast without reading anything into it."""
    if given == kind or given == pl.Null:
        return True
    if kind.is_temporal():
        return given == pl.Datetime or given == pl.Date
    if kind == pl.String:
        return given.is_integer() or isinstance(given, pl.Categorical | pl.Enum)
    return (given.is_integer() and kind.is_numeric()) or (given.is_float() and kind.is_float())


def complaint(name: str, given: pl.DataType, kind: pl.DataType) -> str:
    is_now = WORDS.get(type(given), str(given).lower())
    setting = SETTING.get(type(kind))
    do = f"set {setting} = ... for it" if setting else "map it to another field"
    return f"column {name} is {is_now}, {WORDS[type(kind)]} are needed; {do}"


def unknown(table: Table, page: pl.DataFrame) -> set[str]:
    """Columns that the table does not have: named so that someone may look, never read."""
    strange = set(page.columns) - set(table.dtypes) - {REFUSED, GONE}
    return {name if PLAIN.fullmatch(name) else "one with an odd name" for name in strange}


def fill(table: Table, page: pl.DataFrame, source: str, now: datetime) -> pl.DataFrame:
    """Each row says its source and when it changed.

    Where the source does not know when a row changed, the day or moment that dates the table stands in: reading the
    same again then changes nothing, and other words under the same moment count. A table dated by `changed` itself
    takes the newest moment in the row that has passed, else the start of the read.
    """
    start = pl.lit(now, MOMENT)
    if table.dated == "changed":
        moments = [pl.col(n) for n, kind in table.dtypes.items() if kind == MOMENT and n != "changed"]
        passed = [pl.when(moment <= start).then(moment) for moment in moments]
        instead = pl.coalesce(pl.max_horizontal(passed), start) if passed else start
    else:
        instead = pl.coalesce(pl.col(table.dated).cast(MOMENT), start)
    keep = table.name == "accounts"  # a directory may list the accounts of other sources
    named = pl.coalesce("source", pl.lit(source)) if keep else pl.lit(source)
    return page.with_columns(source=named, changed=pl.coalesce("changed", instead))


def sift(table: Table, page: pl.DataFrame, source: str) -> Sifted:
    """Rows that the source refuses or that break a rule are told apart; two words about one thing break none."""
    fine = page.filter(pl.col(REFUSED).is_null()).drop(REFUSED)
    passed, failure = table.schema.filter(fine)
    details = failure.details().with_columns(pl.col(pl.Enum).cast(pl.String))
    rules = [name for name in details.columns if name not in (*table.dtypes, "primary_key")]
    rule = pl.coalesce(pl.when(pl.col(name) == "invalid").then(pl.lit(name)) for name in rules)
    judged = details.with_columns(rule.alias("rule"), key_of(table).alias("key"))
    broken = judged.filter(pl.col("rule").is_not_null()).select("rule", "key")
    twice = judged.filter(pl.col("rule").is_null()).select(list(table.dtypes))
    said = page.filter(pl.col(REFUSED).is_not_null()).select(pl.col(REFUSED).alias("rule"), key_of(table).alias("key"))
    refused = pl.concat([broken, said]).with_columns(source=pl.lit(source), table=pl.lit(table.name))
    return Sifted(pl.concat([pl.DataFrame(passed), twice]), refused.select("source", "table", "rule", "key"))


def key_of(table: Table) -> pl.Expr:
    """The row's key as one text; for people it is their token."""
    parts = [name for name in table.key if name != "source"]
    return pl.concat_str([pl.col(name).cast(pl.String).fill_null("?") for name in parts], separator=" / ")

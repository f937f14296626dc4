"""Words for columns: how a vendor's fields become ours, each a polars expression over the fields that are read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b

import polars as pl

from connectors.shape import path
from connectors.tables import MOMENT

CODE = r"(?s)```.*?```|`[^`\n]*`"
ADDRESS = r"https?://[^\s<>|\]\)\"']+"
ASKS = r"[?？؟]"
PARENT = re.compile(r"((?:parent\.)+[^.]+)(?:\.(.+))?")
Fields = str | pl.Expr
Columns = dict[str, pl.Expr | str]
LONG_AGO = pl.lit(datetime(1970, 1, 1, tzinfo=UTC), MOMENT)
"""Older than any word about a thing: a row that changed then says no more than that the thing is there."""


def at(field: Fields) -> pl.Expr:
    """A field by its dotted path; `parent.id` is a field of the record it was read for."""
    if isinstance(field, pl.Expr):
        return field
    if (above := PARENT.fullmatch(field)) is None:
        return path(field)
    found = pl.col(above[1])
    for name in above[2].split(".") if above[2] else []:
        found = found.struct.field(name)
    return found


def text(field: Fields) -> pl.Expr:
    """A field as text; what is blank is missing."""
    bare = at(field).cast(pl.String).str.strip_chars()
    return pl.when(bare != "").then(bare)


def moment(field: Fields) -> pl.Expr:
    """An ISO 8601 text as a moment in UTC; without a zone it is taken as UTC."""
    bare = at(field).str.replace(r"^(\d{4}-\d\d-\d\d) ", "${1}T").str.replace(r"([+-]\d\d)(\d\d)$", "${1}:${2}")
    zoned = pl.when(bare.str.contains(r"(Z|[+-]\d\d:\d\d)$")).then(bare).otherwise(bare + "Z")
    return zoned.str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False)


def day(field: Fields) -> pl.Expr:
    """The first ten signs of an ISO 8601 text as a day."""
    return at(field).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)


def seconds(field: Fields) -> pl.Expr:
    """Seconds since 1970, a number or a text with a fraction such as "1700000000.000100", as a moment; 0 is missing."""
    whole = at(field).cast(pl.String).str.extract(r"^(\d{1,11})(?:\.\d+)?$", 1).cast(pl.Int64)
    parts = at(field).cast(pl.String).str.extract(r"\.(\d{1,6})", 1).str.pad_end(6, "0").cast(pl.Int64).fill_null(0)
    return pl.when(whole > 0).then((whole * 1_000_000 + parts).cast(MOMENT))


def millis(field: Fields) -> pl.Expr:
    """Milliseconds since 1970 as a moment; 0 is missing."""
    ticks = at(field).cast(pl.Int64, strict=False)
    return pl.when(ticks > 0).then((ticks * 1000).cast(MOMENT))


def known(field: Fields, words: Mapping[str, str], default: str | None = None) -> pl.Expr:
    """The vendor's word as ours; one that is not known becomes `default`, or stays as it is without one."""
    said = at(field).cast(pl.String)
    return said.replace_strict(dict(words), default=said if default is None else default, return_dtype=pl.String)


def first_known(field: Fields, words: Mapping[str, str]) -> pl.Expr:
    """The first of several of the vendor's words that is one of ours; missing where none is."""
    if not words:
        return pl.lit(None, pl.String)
    ours = pl.element().replace_strict(dict(words), default=None, return_dtype=pl.String)
    return at(field).list.eval(ours).list.drop_nulls().list.first()


def joined(*fields: Fields, by: str = ":") -> pl.Expr:
    """Several fields as one text; missing where one is."""
    return pl.concat_str([at(field).cast(pl.String) for field in fields], separator=by)


def nameless(*fields: Fields) -> pl.Expr:
    """A number that tells things apart by texts which are not to be kept, such as the name of a topic."""

    def numbers(texts: pl.Series) -> pl.Series:
        made = [one and blake2b(one.encode(), digest_size=12).hexdigest() for one in texts]
        return pl.Series(texts.name, made, dtype=pl.String)

    return joined(*fields).map_batches(numbers, pl.String)


def asks(field: Fields) -> pl.Expr:
    """Whether a text asks something, outside code and addresses; the text goes no further than this."""
    return at(field).str.replace_all(CODE, " ").str.replace_all(ADDRESS, " ").str.contains(ASKS)


def mentions(field: Fields, pattern: str) -> pl.Expr:
    """The accounts that a text names, each once: the first group of a pattern such as `<@([A-Z0-9]+)`."""
    named = at(field).fill_null("").str.replace_all(CODE, " ").str.extract_all(pattern)
    return named.list.eval(pl.element().str.extract(pattern, 1)).list.unique(maintain_order=True)


def articles(field: Fields, links: Sequence[Mapping[str, str]]) -> pl.Expr:
    """The known articles that a text links to, each once.

    `links` says how the address of an article is known and what the article is called: the pattern
    `https://wiki\\.example\\.org/pages/(\\d+)` and the article `confluence:{}`.
    """
    empty = pl.lit([], pl.List(pl.String))
    if not links:
        return pl.when(at(field).is_null()).then(empty).otherwise(empty)
    found = [named(at(field).fill_null(""), link["pattern"], link["article"]) for link in links]
    return pl.concat_list(found).list.unique(maintain_order=True)


def named(said: pl.Expr, pattern: str, article: str) -> pl.Expr:
    before, _, after = article.partition("{}")
    one = pl.lit(before) + pl.element().str.extract(pattern, 1) + pl.lit(after)
    return said.str.extract_all(pattern).list.eval(one).list.drop_nulls()


def members(field: Fields) -> pl.Expr:
    """The members of a list that each record holds; only inside `each`."""
    return at(field).explode()


def each(said: pl.Expr) -> pl.Expr:
    """One value of each record, said of the `members` of its list: `each(members("days").max())`."""
    return said.over(pl.int_range(pl.len()))

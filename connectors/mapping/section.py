"""Settings of a source of tables: one section per canonical table, checked before anything is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from connectors.errors import Refused
from connectors.source import GIVEN
from connectors.tables import TABLES, Table

EVERYWHERE = ("missing", "dates", "decimal", "time_zone", "prefix")
TABLE_KEYS = (*EVERYWHERE, "columns", "any", "values", "constant", "question", "order", "name")
FILLED = ("source",)


def near(word: str, known: Iterable[str]) -> str:
    """`; did you mean "X"?` where something close is known, else nothing."""
    lowered = {one.lower(): one for one in known}
    close = [lowered[one] for one in get_close_matches(word.lower(), lowered, n=3, cutoff=0.6)]
    return "; did you mean " + " or ".join(f'"{one}"' for one in close) + "?" if close else ""


def sections(
    source: str, settings: Mapping[str, Any], *, table_keys: Collection[str], source_keys: Collection[str]
) -> Iterator[tuple[Table, str, dict[str, Any]]]:
    """Each table's section with the source's own defaults below it, and the place to name in errors.

    A table whose section is a list of sections is filled by several streams.
    """
    allowed = {*EVERYWHERE, *GIVEN, *source_keys}
    named = {name: value for name, value in settings.items() if name not in allowed}
    shared = {name: value for name, value in settings.items() if name in {*EVERYWHERE, *table_keys}}
    for name, value in named.items():
        parts = value if isinstance(value, list) else [value]
        if name not in TABLES or not all(isinstance(part, Mapping) for part in parts):
            raise Refused(unknown(f"[sources.{source}]", name, value, allowed))
        for part in parts:
            place = f"[sources.{source}.{name}]"
            for key in set(part) - {*TABLE_KEYS, *table_keys}:
                raise Refused(f"{place} {key} is not known{near(key, [*TABLE_KEYS, *table_keys])}; correct it there")
            yield TABLES[name], place, {**shared, **part}
    if not named:
        raise Refused(f"[sources.{source}] fills no table; add a section like [sources.{source}.tickets]")


def unknown(place: str, name: str, value: object, allowed: Collection[str]) -> str:
    if isinstance(value, Mapping | list):
        return f"{place} {name} is no table{near(name, TABLES)}; the tables are {', '.join(TABLES)}"
    return f"{place} {name} is not known{near(name, [*allowed, *TABLES])}; correct it there"


def checked(table: Table, place: str, options: Mapping[str, Any]) -> None:
    """Whether what a section maps can be mapped: every name known, nothing mapped twice, nothing needed left out."""
    ours: dict[str, str] = {}
    for way in ("columns", "any", "constant", "question"):
        for name in worded(options, way, place):
            if name not in table.dtypes or name in FILLED:
                raise Refused(f"{place} {way}.{name}: {table.name} has no column {name}{near(name, table.dtypes)}")
            if name in ours:
                raise Refused(f"{place} {name} is mapped twice, in {ours[name]} and in {way}; leave one of them")
            if way in ("any", "question") and str(table.dtypes[name]) != "Boolean":
                raise Refused(f"{place} {way}.{name}: {name} is not true or false; map it in columns")
            ours[name] = way
    for name, words in worded(options, "values", place).items():
        if name not in ours or not isinstance(words, Mapping):
            raise Refused(
                f'{place} values.{name} must be a table {{ theirs = "ours" }} for a mapped column{near(name, ours)}'
            )
    for key in ("dates", "missing"):
        if not isinstance(options.get(key, ""), str | list | Mapping):
            raise Refused(f"{place} {key} must be a text or a list of texts")
    if "columns" in options:
        complete(table, place, ours)


def worded(options: Mapping[str, Any], way: str, place: str) -> Mapping[str, Any]:
    found = options.get(way, {})
    if not isinstance(found, Mapping):
        raise Refused(f'{place} {way} must be a table like {way} = {{ ours = "theirs" }}')
    for name, value in found.items():
        if way in ("columns", "any", "question") and not isinstance(value, str):
            raise Refused(f"{place} {way}.{name} must name a column of yours in quotes")
    return found


def complete(table: Table, place: str, ours: Collection[str]) -> None:
    """Every column a table cannot be without is mapped."""
    needed = [name for name, column in table.schema.columns().items() if not column.nullable]
    absent = [name for name in needed if name not in ours and name not in (*FILLED, "changed")]
    if absent:
        raise Refused(f"{place} {table.name} needs {', '.join(absent)}; add to columns or constant")

"""Records of a web API as a frame of the fields that are read, and of no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from connectors.mapping.translation import Translation


def page(translation: Translation, records: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """The page of one reply's records; `a.b` reaches into a nested field, and what is not there is missing."""
    raw = pl.DataFrame([column(name, records) for name in translation.fields])
    return translation.page(raw, None, translation.habits())


def column(name: str, records: Sequence[Mapping[str, Any]]) -> pl.Series:
    found = [reached(record, name) for record in records]
    mixed = len({type(one) for one in found if one is not None}) > 1
    return pl.Series(name, [worded(one) for one in found] if mixed else found, strict=False)


def worded(value: Any) -> Any:
    """Values of several kinds in one field are read as what they look like."""
    return value.isoformat() if isinstance(value, date) else value if value is None else str(value)


def reached(record: Mapping[str, Any], name: str) -> Any:
    found: Any = record
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return None if isinstance(found, Mapping | list) else found

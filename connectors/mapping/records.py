"""Records of a web API as a frame of the fields that are read, and of no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import polars as pl

from connectors.mapping.translation import Translation


def page(translation: Translation, records: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """The page of one reply's records; `a.b` reaches into a nested field, and what is not there is missing."""
    raw = pl.DataFrame([column(name, records) for name in translation.fields])
    return translation.page(raw, datetime.now(UTC), translation.habits())


def column(name: str, records: Sequence[Mapping[str, Any]]) -> pl.Series:
    return pl.Series(name, [reached(record, name) for record in records], strict=False)


def reached(record: Mapping[str, Any], name: str) -> Any:
    found: Any = record
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return None if isinstance(found, Mapping | list) else found

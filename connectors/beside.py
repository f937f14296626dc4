"""What stands beside the records of a part: the fields of the record they were read for, as columns `parent.name`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl

from connectors.shape import Shape, dtype


def beside(found: pl.DataFrame, above: Mapping[str, Any], fields: Mapping[str, Shape]) -> pl.DataFrame:
    """Each record with the fields of the one above it; objects and lists among them where `fields` says their kind."""
    values = [
        pl.Series(f"parent.{name}", [value], dtype=dtype(fields[name]) if name in fields else None)
        for name, value in above.items()
        if name in fields or plain(value)
    ]
    return found.join(pl.DataFrame(values), how="cross") if values else found


def alone(found: pl.DataFrame) -> pl.DataFrame:
    """One record without any field where there is none, so that what they are read for has its row all the same."""
    return found if found.height else found.clear(1)


def plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool | datetime)

"""Fills `{name}` in what is asked with that field of the record it is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

HOLE = re.compile(r"\{([\w.]+)\}")
Record = dict[str, Any]


def filled(said: Any, above: Record, *, quoted: bool = False) -> Any:
    """What was said with each `{name}` replaced by that field of the record it is asked for."""
    if isinstance(said, Mapping):
        return {name: filled(value, above) for name, value in said.items()}
    if isinstance(said, list):
        return [filled(value, above) for value in said]
    if not isinstance(said, str) or "{" not in said:
        return said
    return HOLE.sub(lambda hole: reached(above, hole[1], hole[0], quoted=quoted), said)


def reached(above: Record, name: str, instead: str, *, quoted: bool) -> str:
    found: Any = above.get(name)
    if found is None and "." in name:
        first, _, rest = name.partition(".")
        inner = above.get(first)
        return reached(inner, rest, instead, quoted=quoted) if isinstance(inner, dict) else instead
    return instead if found is None else quote(str(found), safe="") if quoted else str(found)

"""Whether each indicator is paired with another that can move."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from metrics.indicator import Indicator


def check_pairs(found: Mapping[str, Indicator]) -> None:
    """Whether each paired indicator is another one that gets verdicts."""
    judged = {name: one for name, one in found.items() if one.judged}
    for name, one in found.items():
        if one.paired is None:
            continue
        other, way = one.paired
        if other == name or other not in judged:
            raise TypeError(f"indicator {name} is paired with {other!r}, which is no other judged indicator")
        if way not in ("same", "opposite"):
            raise TypeError(f"indicator {name} is paired {way!r}; it must be same or opposite")

"""Walks through a stretch of time from its oldest end, where a vendor gives what is newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import polars as pl

from connectors.errors import Changed

MANY = 20
SHORTEST = timedelta(seconds=1)
EVERY = 1_000_000


class Look(Protocol):
    """Up to so many pages of what is dated from `first` to `last`, newest first, and whether that was all."""

    def __call__(self, first: datetime | None, last: datetime | None, most: int) -> tuple[pl.DataFrame, bool]: ...


@dataclass(frozen=True)
class Window:
    """All there is from `first` to `last`."""

    found: pl.DataFrame
    first: datetime | None
    last: datetime | None


def windows(
    look: Look, dated: pl.Expr, size: int, first: datetime | None, born: datetime, now: datetime
) -> Iterator[Window]:
    """All since `first` (from the very beginning without one), oldest first, in as few requests as can be told.

    What fits one page is asked for once. Else windows of about MANY pages of `size`; of one page only, where the vendor
    gives less than half of what was asked for and so must be asked sparingly. `born` is about when it all began.
    """
    found, complete = look(first, None, 1)
    if complete:
        yield Window(found, first, None)
        return
    few = found.height * 2 < size
    pages = 1 if few else MANY
    aim = max(found.height, 1) * pages * (0.7 if few else 1)
    width, edge = stretch(found, dated) * (aim / max(found.height, 1)), first or born
    wall, dense, sure = edge, SHORTEST, False
    while True:
        width = min(max(width, SHORTEST), max(now - edge, SHORTEST))
        last = edge + width
        if edge < wall < last:
            last = edge + max((wall - edge) / 2, dense)
        end = None if last >= now else last
        most = pages if few else pages * 2 if sure else 1
        found, complete = look(first, end, EVERY if last - edge <= SHORTEST else most)
        if end and not found.filter(dated > end + SHORTEST).is_empty():
            raise Changed("what is asked for until a moment comes with later things; look at the vendor's changes")
        if not complete:
            wall, dense = last, max(stretch(found, dated) * (aim / max(found.height, 1)), SHORTEST)
            width = min((last - edge) / 4, dense * max(1.0, ((last - edge) / dense) ** 0.5))
            sure = width <= dense
            continue
        yield Window(found, first, end)
        if end is None:
            return
        first, edge, sure = end, end, not found.is_empty()
        width *= 10.0 if found.is_empty() else min(4.0, max(0.5, aim / found.height))


def stretch(found: pl.DataFrame, dated: pl.Expr) -> timedelta:
    """From the oldest to the newest that was found."""
    days = found.select(dated.alias("day"))["day"]
    oldest, newest = days.min(), days.max()
    return newest - oldest if isinstance(oldest, datetime) and isinstance(newest, datetime) else SHORTEST

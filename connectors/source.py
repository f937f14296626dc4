"""What a source is, and the register of those we have.

A source is one system an organisation runs, configured once in settings: a name, a kind, credentials. It offers
streams; each stream fills one canonical table, page by page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Protocol

import polars as pl


@dataclass(frozen=True)
class Stream:
    """One table's worth of a source.

    `read(since)` yields pages: frames whose columns bear the canonical table's names, with raw ids where people
    stand (sync turns them into pseudonyms before anything is written). `since` is None on a first run, which is a
    full run; else everything changed since then is to be read. `overlap` is how far behind the start of a read its
    bookmark is set. `count()` gives the source's own count of rows where it has one. `key` tells two streams of the
    same table apart. `whole` says that a read which gives any page, be it empty, gives all there is.
    """

    table: str
    read: Callable[[datetime | None], Iterator[pl.DataFrame]]
    overlap: timedelta = timedelta(days=1)
    count: Callable[[], int | None] | None = None
    key: str = ""
    whole: bool = False

    @property
    def name(self) -> str:
        return self.key or self.table


@dataclass(frozen=True)
class Health:
    """What `doctor` reports of one source: whether it can be reached, and the next step when not."""

    reachable: bool
    words: str
    newest: datetime | None = None


class Source(Protocol):
    """A configured source."""

    name: str

    def streams(self) -> list[Stream]: ...

    def check(self) -> Health: ...


Maker = Callable[[str, Mapping[str, Any]], Source]
KINDS: dict[str, Maker] = {}


def source(kind: str) -> Callable[[Maker], Maker]:
    """Register what makes a source of this kind from its name and its section of the settings."""

    def register(maker: Maker) -> Maker:
        if kind in KINDS and KINDS[kind] is not maker:
            raise ValueError(f"two sources are registered as {kind!r}; rename one of them")
        KINDS[kind] = maker
        return maker

    return register


def kinds() -> dict[str, Maker]:
    """All registered kinds of source; importing each file of `connectors.sources` registers it."""
    package = import_module("connectors.sources")
    for module in iter_modules(package.__path__):
        import_module(f"connectors.sources.{module.name}")
    return KINDS

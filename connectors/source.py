"""What a source is, and the register of those we have.

A source is one system an organisation runs, configured once in settings: a name, a kind, credentials. It offers
streams; each stream fills one canonical table or several, page by page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import get_close_matches
from importlib import import_module
from inspect import getdoc
from pkgutil import iter_modules
from typing import Any, Literal, NamedTuple, Protocol

import polars as pl

from connectors.errors import Refused


class Span(NamedTuple):
    """All that a source has where a column is one of some values has been given: dated from `first` to before `last`.

    Rows that have something in the column `but` are not meant.
    """

    column: str
    values: Sequence[str]
    first: datetime | None = None
    last: datetime | None = None
    but: str = ""


class Page(NamedTuple):
    """Rows for a table other than the stream's first, or with words about what was read.

    `seen` is what has been given whole, where the stream covers what is "said". `reached` is how far its part has been
    read: a run that is cut off goes on from there.
    """

    table: str
    rows: pl.DataFrame
    seen: tuple[Span, ...] = ()
    reached: datetime | None = None


Read = Callable[[datetime | None], Iterator[pl.DataFrame | Page]]


@dataclass(frozen=True)
class Part:
    """One of many things a stream is read by, such as a channel or an issue, with a bookmark of its own.

    `within` says, by table, which rows of the lake are this part's: (column, value) in our words. `resume(since,
    reached)` goes on with a read since a moment where it was cut off.
    """

    name: str
    read: Read
    within: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    resume: Callable[[datetime | None, datetime], Iterator[pl.DataFrame | Page]] | None = None


@dataclass(frozen=True)
class Stream:
    """One stream of a source.

    `read(since)` yields pages: frames whose columns bear the canonical table's names (`Page` where they are of one of
    the tables in `also`), with raw ids where people stand; sync turns them into pseudonyms before anything is written.
    A page may carry `refused`: why a row cannot be read; and `gone`: that the source has removed what the row names.
    `since` is None on a first run, which is a full run; else everything changed since then is to be read. `overlap`
    is how far behind the start of a read its bookmark is set. `count()` gives the source's own count of rows where it
    has one. `key` tells two streams of the same table apart. `whole` says that a read which gives any page, be it
    empty, gives all there is.

    `history` says that a read, which must be of all there is, tells only of today: people and units of before are kept,
    and end on the day another thing is read (`connectors/membership.py`). Nothing of it lands unless all of it came.

    `covers` says what a complete read has seen, so that rows no longer there are removed: "all" of the stream (or of
    its part), all dated "since" the moment it was asked for, or what its pages have "said"; "" where none can tell.

    `parts(since)` gives what the stream is read by; up to `workers` are read at a time, and one that has landed is not
    read again when a run is cut off. A `lasting` part (a channel) keeps its bookmark for the next run, and one never
    seen before is read in full; others (issues changed since) are forgotten once all are read.
    """

    table: str
    read: Read
    overlap: timedelta = timedelta(days=1)
    count: Callable[[], int | None] | None = None
    key: str = ""
    whole: bool = False
    history: bool = False
    also: tuple[str, ...] = ()
    covers: Literal["", "all", "since", "said"] = ""
    parts: Callable[[datetime | None], Iterable[Part]] | None = None
    lasting: bool = True
    workers: int = 1

    @property
    def name(self) -> str:
        return self.key or self.table

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table, *self.also)


@dataclass(frozen=True)
class Health:
    """What `doctor` reports of one source: whether it can be reached, and the next step when not.

    `skew` is how far its clock is before ours; `lacking` the rights it was found not to have.
    """

    reachable: bool
    words: str
    newest: datetime | None = None
    oldest: datetime | None = None
    skew: timedelta | None = None
    lacking: tuple[str, ...] = ()


class Source(Protocol):
    """A configured source."""

    name: str

    def streams(self) -> list[Stream]: ...

    def check(self) -> Health: ...


Maker = Callable[[str, Mapping[str, Any]], Source]
Group = Literal["chat", "ticketing", "HR", "learning", "knowledge", "survey", "anything"]
Proof = Literal["server", "specification", "recorded", "documented"]
GIVEN = {
    "kind": "which kind of source it is",
    "folder": "where relative paths start",
    "time_zone": "the zone of moments without one",
    "waits": "what is remembered of waits",
    "transport": "what a test answers with in place of a network",
}
POLITE = {
    "requests": "how many requests one run may make (10000)",
    "overlap_days": "how many days back a run looks for late changes",
    "ca": "a file of certificates to trust",
}


@dataclass(frozen=True)
class Kind:
    """A kind of source: how it is made, what it needs, and how far it is proven.

    `proof` is "server" (run against a real one), "specification" (requests and replies fit the vendor's own
    description), "recorded" (replies of a real one), or "documented" (only what the vendor documents); `by` says which.
    `needs` and `may` are its settings with what they mean; `scopes` the smallest rights it needs there.
    """

    name: str
    make: Maker
    title: str
    group: Group
    proof: Proof
    by: str
    needs: Mapping[str, str]
    may: Mapping[str, str]
    scopes: tuple[str, ...]
    open: bool = False

    @property
    def words(self) -> str:
        return getdoc(self.make) or ""

    def __call__(self, name: str, settings: Mapping[str, Any]) -> Source:
        """A source of this kind, its settings checked first."""
        absent = [key for key in self.needs if settings.get(key) in (None, "", [])]
        if absent:
            said = "; ".join(f"{key}: {self.needs[key]}" for key in absent)
            raise Refused(f"[sources.{name}] needs {', '.join(absent)} ({said})")
        known = [*self.needs, *self.may, *POLITE]
        for key in settings:
            if not self.open and key not in known and key not in GIVEN:
                close = get_close_matches(key, known, 1)
                hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(sorted(known))}"
                raise Refused(f"[sources.{name}] {key} is not known; {hint}")
        return self.make(name, settings)


KINDS: dict[str, Kind] = {}


def source(
    kind: str,
    *,
    title: str,
    group: Group,
    proof: Proof,
    by: str,
    needs: Mapping[str, str] | None = None,
    may: Mapping[str, str] | None = None,
    scopes: tuple[str, ...] = (),
) -> Callable[[Maker], Maker]:
    """Register what makes a source of this kind from its name and its section of the settings.

    Without `needs` and `may` the maker checks its settings itself.
    """

    def register(maker: Maker) -> Maker:
        if kind in KINDS and KINDS[kind].make.__module__ != maker.__module__:
            raise ValueError(f"two sources are registered as {kind!r}; rename one of them")
        is_open = needs is None and may is None
        KINDS[kind] = Kind(kind, maker, title, group, proof, by, needs or {}, may or {}, scopes, is_open)
        return maker

    return register


def kinds() -> dict[str, Kind]:
    """All registered kinds of source; importing each file of `connectors.sources` registers it."""
    package = import_module("connectors.sources")
    for module in iter_modules(package.__path__):
        import_module(f"connectors.sources.{module.name}")
    return KINDS

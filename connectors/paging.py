"""How a web API is asked for its next page, one kind for each way vendors do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from connectors.errors import Changed
from connectors.reply import Reply

Query = dict[str, Any]
Step = tuple[str, Query] | None


class Paging(Protocol):
    """What the first page is asked with, and how to go on.

    `after` gives the whole address of the next page, or "" for the same address with the first query and this one over
    it; None is the end. `count` is what this page brought, `taken` all of them so far, `query` what it was asked with.
    """

    def first(self) -> Query: ...

    def after(self, reply: Reply, count: int, taken: int, query: Query) -> Step: ...


@dataclass(frozen=True)
class Once:
    """One reply is all there is."""

    def first(self) -> Query:
        return {}

    def after(self, reply: Reply, count: int, taken: int, query: Query) -> Step:
        return None


@dataclass(frozen=True)
class Cursor:
    """A mark in the body that is sent back; `last` is where the body says that there is no more, if it does."""

    param: str
    at: str
    last: str = ""

    def first(self) -> Query:
        return {}

    def after(self, reply: Reply, count: int, taken: int, query: Query) -> Step:
        cursor, last = reply.at(self.at), reply.at(self.last) if self.last else None
        if last is True or (last is None and cursor in (None, "")):
            return None
        if cursor in (None, ""):
            raise Changed(f"{reply.path} says that there is more but gives no {self.at}; look at the vendor's changes")
        return "", {**query, self.param: cursor}


@dataclass(frozen=True)
class Next:
    """The whole address of the next page stands in the body, after `base` where it says one, or in the Link header.

    `last` is where the body says that there is no more, for vendors that give an address even then.
    """

    at: str = ""
    base: str = ""
    last: str = ""

    def first(self) -> Query:
        return {}

    def after(self, reply: Reply, count: int, taken: int, query: Query) -> Step:
        if self.last and reply.at(self.last) is True:
            return None
        link = reply.at(self.at) if self.at else reply.links.get("next")
        base = (reply.at(self.base) if self.base and link else None) or ""
        if link and not (isinstance(link, str) and isinstance(base, str)):
            raise Changed(f"{reply.path} gives no address at {self.at}; look at the vendor's changes")
        return (f"{base}{link}", {}) if link else None


@dataclass(frozen=True)
class Counted:
    """Pages by offset or, with `by_page`, by number; the end is an empty page or the total, never a short page."""

    param: str
    size_param: str
    size: int = 100
    start: int = 0
    total: str = ""
    by_page: bool = False

    def first(self) -> Query:
        return {self.param: self.start, self.size_param: self.size}

    def after(self, reply: Reply, count: int, taken: int, query: Query) -> Step:
        total = whole_number(reply, self.total, reply.at(self.total)) if self.total else None
        if total is not None and taken < total and not count:
            raise Changed(f"{reply.path} counts {total} and gave {taken}; look at the vendor's changes")
        if not count or (total is not None and taken >= total):
            return None
        return "", {**query, self.param: query[self.param] + 1 if self.by_page else self.start + taken}


def whole_number(reply: Reply, where: str, found: Any) -> int | None:
    """A number that a reply gives, perhaps as text; None where it gives none."""
    if found is None or isinstance(found, int):
        return found
    if isinstance(found, str) and found.isdecimal():
        return int(found)
    raise Changed(f"{reply.path} has no number at {where}; look at the vendor's changes")


@dataclass(frozen=True)
class Header:
    """A mark in a header of the reply that is sent back; with `always`, only an empty one is the end."""

    param: str
    header: str
    always: bool = False

    def first(self) -> Query:
        return {}

    def after(self, reply: Reply, count: int, taken: int, query: Query) -> Step:
        mark = reply.headers.get(self.header)
        if mark is None and self.always:
            raise Changed(f"{reply.path} has no header {self.header}; look at what stands between us and the vendor")
        return ("", {**query, self.param: mark}) if mark else None


@dataclass(frozen=True)
class After:
    """From the last record on: a field of it that is unique and by which `order` sorts; an empty page is the end.

    `at` is dotted and enters lists by their last record (`messages.id`); `last` is where the body says it was the last.
    """

    param: str
    at: str
    order: Mapping[str, Any] = field(default_factory=dict)
    last: str = ""

    def first(self) -> Query:
        return dict(self.order)

    def after(self, reply: Reply, count: int, taken: int, query: Query) -> Step:
        last = reply.at(self.last) if self.last else None
        if last is True or (last is None and not count):
            return None
        if not count or (mark := reply.last(self.at)) is None:
            raise Changed(f"{reply.path} has no {self.at} in its last record; look at the vendor's changes")
        return "", {**query, self.param: mark}


@dataclass(frozen=True)
class Continue:
    """A whole object in the body that is sent back over the first query, as MediaWiki does it."""

    at: str = "continue"

    def first(self) -> Query:
        return {}

    def after(self, reply: Reply, count: int, taken: int, query: Query) -> Step:
        more = reply.at(self.at)
        if more is not None and not isinstance(more, Mapping):
            raise Changed(f"{reply.path} has no object at {self.at}; look at the vendor's changes")
        return ("", dict(more)) if more else None


@dataclass(frozen=True)
class Before:
    """From the first record of a page back to the oldest: `at` is a field of the records at `among`, unique and rising.

    `oldest` is where the body says that nothing is before, `start` what the first page is asked with, `on` the others.
    """

    param: str
    among: str
    at: str
    oldest: str
    start: Mapping[str, Any] = field(default_factory=dict)
    on: Mapping[str, Any] = field(default_factory=dict)

    def first(self) -> Query:
        return dict(self.start)

    def after(self, reply: Reply, count: int, taken: int, query: Query) -> Step:
        if reply.at(self.oldest) is True:
            return None
        if not count:
            raise Changed(f"{reply.path} says that there is more and gives none; look at the vendor's changes")
        return "", {**query, **self.on, self.param: reply.items(self.among)[0].get(self.at)}

"""What came back to one request, read no further than somebody asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import msgspec

from connectors.errors import Changed
from connectors.mending import mended

OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])


@dataclass(frozen=True)
class Reply:
    """The bytes of an answer; as JSON only where it is asked for, so that who reads the bytes pays nothing."""

    path: str
    content: bytes = field(repr=False)
    links: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    code: int = 200

    @cached_property
    def body(self) -> Any:
        return mended(self.content, self.path)

    @cached_property
    def fields(self) -> dict[str, msgspec.Raw]:
        """What stands in the body, by name and not yet read: one pass over its bytes; none where it is no object."""
        try:
            return OBJECT.decode(self.content)
        except (msgspec.MsgspecError, UnicodeError, RecursionError):  # another shape, or not quite JSON
            return {}

    def at(self, where: str) -> Any:
        """The value at a dotted path of the body, None where there is none; "" is the body itself.

        A field whose own name has a dot (`@odata.nextLink`) goes before a path.
        """
        if where and "body" not in vars(self) and self.fields:
            try:
                return self.found(where)
            except (msgspec.MsgspecError, UnicodeError, RecursionError):
                pass
        return reach(self.body, where) if where else self.body

    def found(self, where: str) -> Any:
        first, _, rest = where.partition(".")
        if where in self.fields or not rest:
            return msgspec.json.decode(self.fields.get(where, b"null"))
        return seen(lens(rest).decode(self.fields.get(first, b"null")))

    def items(self, where: str) -> list[dict[str, Any]]:
        """The records of this page."""
        found = self.at(where)
        if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
            raise Changed(f"{self.path} has no list of records at {where or 'its top'!r}; look at the vendor's changes")
        return found

    def last(self, where: str) -> Any:
        """The value at a dotted path whose lists are entered by their last record; None where one is empty."""
        return reach(self.body, where, enter=True)


def reach(found: Any, where: str, *, enter: bool = False) -> Any:
    if enter and isinstance(found, list):
        found = found[-1] if found else None
    if not isinstance(found, Mapping):
        return None
    first, _, rest = where.partition(".")
    if where in found or not rest:
        return found.get(where)
    return reach(found.get(first), rest, enter=enter)


@lru_cache(256)
def lens(where: str) -> msgspec.json.Decoder[Any]:
    """Reads one value and passes over the rest of a body, ten times as fast as reading all of it."""
    return msgspec.json.Decoder(shape(where) | None)


def shape(where: str) -> type[msgspec.Struct]:
    first, _, rest = where.partition(".")
    whole: tuple[str, Any, Any] = ("whole", Any, msgspec.UNSET)
    inner: tuple[str, Any, Any] = ("inner", shape(rest) | None if rest else None, None)
    names = {"whole": where, "inner": first}
    return msgspec.defstruct("Lens", [whole, inner] if rest else [whole], rename=names.get)


def seen(found: Any) -> Any:
    while found is not None and found.whole is msgspec.UNSET:
        found = getattr(found, "inner", None)
    return None if found is None else found.whole


def told(record: Any, name: str, place: str) -> Any:
    """A field that a record cannot be without."""
    found = record.get(name) if isinstance(record, Mapping) else None
    if found is None:
        raise Changed(f"{place} gives no {name}; look at the vendor's changes")
    return found

"""The fields of a vendor's records that are read, said as data; a reply's bytes become a frame of these alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
import polars as pl

from connectors.errors import Changed
from connectors.mending import mended, records, written
from connectors.reply import Reply

Shape = type | list[Any] | Mapping[str, Any]
"""str, int, float or bool; [shape] for a list; {"field": shape} for an object."""
PLAIN: dict[type, pl.DataType] = {str: pl.String(), int: pl.Int64(), float: pl.Float64(), bool: pl.Boolean()}
EVERY, PERHAPS = "*", "?"
MARK = b"\xef\xbb\xbf"
DECODERS: dict[str, msgspec.json.Decoder[Any]] = {}


def dtype(shape: Shape) -> pl.DataType:
    """The type of column that holds such a value."""
    if isinstance(shape, list):
        return pl.List(dtype(shape[0]))
    if isinstance(shape, Mapping):
        return pl.Struct({name: dtype(inner) for name, inner in shape.items()})
    return PLAIN[shape]


def schema(fields: Mapping[str, Shape]) -> pl.Schema:
    return pl.Schema({name: dtype(shape) for name, shape in fields.items()})


def rows(reply: Reply, where: str) -> list[bytes]:
    """The records of a reply, each list of them as it came; `where` is a dotted path to them, "" the reply itself.

    `*` in the path stands for every key of an object: `query.pages.*`; `Resources?` may be absent. No list, or null,
    where one should be has changed shape; an object where a list should be is the one record there is.
    """
    first, _, rest = where.partition(".")
    try:
        if first in reply.fields:
            return inside(reply.fields[first], rest, where, reply.path)
        return inside(msgspec.Raw(reply.content), where, where, reply.path)
    except msgspec.DecodeError:
        return inside(msgspec.Raw(written(reply.body)), where, where, reply.path)


def inside(content: msgspec.Raw, way: str, where: str, place: str) -> list[bytes]:
    found = [content]
    for part in way.split(".") if way else []:
        found = [inner for one in found for inner in below(one, part, place, where)]
    return [bytes(one) for one in found]


def below(content: msgspec.Raw, part: str, place: str, where: str) -> list[msgspec.Raw]:
    try:
        inside = msgspec.json.decode(content, type=dict[str, msgspec.Raw])
    except msgspec.ValidationError:
        raise Changed(f"{place} has no object on the way to {where!r}; look at the vendor's changes") from None
    if part == EVERY:
        return list(inside.values())
    name = part.removesuffix(PERHAPS)
    if name not in inside and name != part:
        return []
    if name not in inside:
        raise Changed(f"{place} has no {where!r}; look at the vendor's changes")
    return [inside[name]]


def length(content: bytes) -> int:
    """How many records a list holds; an object is one."""
    bare = content.removeprefix(MARK).strip()
    if not bare.startswith(b"["):
        return int(bare not in (b"", b"null"))
    try:
        return len(msgspec.json.decode(bare, type=list[msgspec.Raw]))
    except msgspec.DecodeError:
        return len(mended(bare, "a reply"))


def frame(lists: Sequence[bytes], fields: Mapping[str, Shape], place: str) -> pl.DataFrame:
    """The fields of all records as columns; a field that a record lacks is missing."""
    try:
        text = lean(lists, fields)
    except (msgspec.MsgspecError, UnicodeError, RecursionError, OverflowError):  # not quite what it should be
        text = b"[" + b",".join(bare for one in lists if (bare := stripped(one, place))) + b"]"
    if text == b"[]":
        return pl.DataFrame(schema=schema(fields))
    try:
        return pl.read_json(text, schema=schema(fields))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, UnicodeError):  # a message would quote the value
        return pl.DataFrame(records(text, fields, place), schema=schema(fields))


def lean(lists: Sequence[bytes], fields: Mapping[str, Shape]) -> bytes:
    """The records without what is not read of them: to leave that out first takes a third of the time."""
    found: list[Any] = []
    for one in lists:
        said = decoder(fields).decode(one)
        found += said if isinstance(said, list) else [] if said is None else [said]
    return msgspec.json.encode(found)


def decoder(fields: Mapping[str, Shape]) -> msgspec.json.Decoder[Any]:
    """Reads a list of records, or one where a list should be."""
    mark = repr(fields)
    if mark not in DECODERS:
        one = kind(fields)
        DECODERS[mark] = msgspec.json.Decoder(list[one] | one | None)  # type: ignore[valid-type]
    return DECODERS[mark]


def kind(shape: Shape) -> Any:
    if isinstance(shape, list):
        return list[kind(shape[0]) | None]  # type: ignore[misc]
    if not isinstance(shape, Mapping):
        return shape
    fields = [(f"field{number}", kind(inner) | None, None) for number, inner in enumerate(shape.values())]
    names = {f"field{number}": name for number, name in enumerate(shape)}
    return msgspec.defstruct("Record", fields, rename=names, omit_defaults=True, gc=False)


def stripped(content: bytes, place: str) -> bytes:
    """The records between the brackets of a list; an object is one record."""
    bare = content.removeprefix(MARK).strip()
    if bare.startswith(b"[") and bare.endswith(b"]"):
        return bare[1:-1].strip()
    if bare.startswith(b"{"):
        return bare
    if bare == b"null":
        return b""
    raise Changed(f"{place} has no list of records where they were; look at the vendor's changes")


@lru_cache(maxsize=1024)
def path(dotted: str) -> pl.Expr:
    """A field by its dotted path into nested objects."""
    first, *inner = dotted.split(".")
    found = pl.col(first)
    for name in inner:
        found = found.struct.field(name)
    return found

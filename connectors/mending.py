"""Replies that are not quite what they should be, read all the same: other encodings, half signs, numbers as text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from connectors.errors import Changed

NUMBER = re.compile(r"[+-]?\d{1,18}(\.\d*)?", re.ASCII)
TRUTHS = {"true": True, "1": True, "false": False, "0": False}
WORDS = {str: "text", int: "a number", float: "a number", bool: "yes or no", list: "a list", dict: "an object"}
LARGEST = 2**63


def mended(content: bytes, place: str) -> Any:
    """What is said by JSON that is not strictly so: with the mark of an encoding before it, with bytes of another one,
    with half of a sign that was cut in two, with NaN for a number."""
    try:
        return json.loads(content.decode("utf-8-sig", "replace"), parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        raise Changed(f"{place} answered something that is not JSON; look at this source's address") from None


def written(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def records(content: bytes, fields: Mapping[str, Any], place: str) -> list[dict[str, Any]]:
    """The fields of each record of a list, each of its kind; what is null where a record should be is none."""
    return [taken(one, fields, "", place) for one in mended(content, place) if one is not None]


def taken(value: Any, shape: Any, at: str, place: str) -> Any:
    """A value of the kind that is wanted: "12" is 12 where a number should be, "" and [] are nothing for an object.

    A text stands for the object that would hold nothing else: "bug" for {"name": "bug"}, where only its name is read.
    Where nothing of that kind can be made of it, it is told which field is what; never what stands in it.
    """
    kind = shape if isinstance(shape, type) else type(shape) if isinstance(shape, list) else dict
    if isinstance(shape, list) and isinstance(value, list):
        return [taken(one, shape[0], f"{at}[]", place) for one in value]
    if isinstance(shape, Mapping) and isinstance(value, dict):
        return {name: taken(value.get(name), inner, f"{at}.{name}", place) for name, inner in shape.items()}
    if isinstance(shape, Mapping) and isinstance(value, str) and value and list(shape.values()) == [str]:
        return dict.fromkeys(shape, value)
    if value is None or (not isinstance(value, kind) and (value is False or value in ("", [], {}))):
        return None
    try:
        return READ[kind](value)
    except (KeyError, ValueError, OverflowError):
        is_now, was = WORDS.get(type(value), "another thing"), WORDS[kind]
        said = f"{place}: {at.removeprefix('.') or 'a record'} is {is_now} where {was} should be"
        raise Changed(f"{said}; look at the vendor's changes") from None


def text(value: Any) -> str:
    if isinstance(value, list | dict):
        raise ValueError
    return value if isinstance(value, str) else json.dumps(value)


def number(value: Any) -> float:
    if isinstance(value, bool | int | float):
        return float(value)
    if isinstance(value, str) and NUMBER.fullmatch(value.strip()):
        return float(value)
    raise ValueError


def whole(value: Any) -> int | None:
    """A whole number; one that no column can hold is missing."""
    exact = isinstance(value, int) or (isinstance(value, str) and "." not in value and NUMBER.fullmatch(value.strip()))
    found = int(value) if exact else int(number(value))
    return found if -LARGEST <= found < LARGEST else None


def truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, list | dict):
        raise ValueError
    return TRUTHS[str(value).strip().lower()]


READ = {str: text, int: whole, float: number, bool: truth}

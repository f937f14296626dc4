"""Which columns of an export are items of which construct, as settings say; everything else is never read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from connectors.errors import Changed, Refused
from connectors.mapping.section import near
from connectors.survey.scales import SCALES, Scale, scale

KEYS = (*("item", "construct", "text", "column", "scale", "low", "high", "labels", "missing", "reversed", "optional"),)
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


@dataclass(frozen=True)
class Item:
    """One item: how its column is found, what it measures, on which scale, and whether it is worded the other way."""

    item: str
    construct: str
    texts: tuple[str, ...]
    scale: Scale
    reversed: bool = False
    optional: bool = False

    def found(self, headers: Mapping[str, str], place: str) -> list[str]:
        """The column of this item: by its id or its text, however it is spaced; none where it may be absent.

        Where each choice has a column of its own ("text: choice"), those whose choices are points of its scale.
        """
        for text in self.texts:
            if (column := headers.get(folded(text))) is not None:
                return [column]
            start = f"{folded(text)}: "
            choices = {called.removeprefix(start): one for called, one in headers.items() if called.startswith(start)}
            if len(points := [one for choice, one in choices.items() if choice in self.scale.labels]) > 1:
                return points
        if self.optional:
            return []
        hint = near(folded(self.texts[0]), list(headers))
        raise Changed(
            f"{place} has no column for item {self.item} ({self.texts[0]!r}){hint}; "
            "correct its text, or set optional = true"
        )


def items(source: str, settings: Mapping[str, Any]) -> list[Item]:
    """The items a section lists; each says its construct and its scale."""
    said = settings.get("items")
    if not isinstance(said, Sequence) or not said or not all(isinstance(one, Mapping) for one in said):
        raise Refused(
            f"[sources.{source}] has no items; add [[sources.{source}.items]] with item, construct, text and scale, "
            "one for each question; bellwether doctor lists the questions"
        )
    return [item(f"[[sources.{source}.items]]", one) for one in said]


def item(place: str, said: Mapping[str, Any]) -> Item:
    for key in said:
        if key not in KEYS:
            raise Refused(f"{place} {key} is not known{near(key, KEYS)}; correct it there")
    texts = [text for key in ("column", "text") for text in listed(said.get(key, []))]
    if not said.get("item") or not said.get("construct") or not texts:
        raise Refused(f"{place} needs item, construct, and text or column")
    place = f"{place} {said['item']}"
    name = str(said.get("scale", ""))
    if name and name not in SCALES:
        raise Refused(
            f"{place} scale {name!r} is not known{near(name, SCALES)}; use {', '.join(SCALES)}, or low and high"
        )
    low, high = (1.0, float(len(SCALES[name]))) if name else (said.get("low"), said.get("high"))
    if not isinstance(low, int | float) or not isinstance(high, int | float) or low >= high:
        raise Refused(f"{place} needs a scale, or low and high such as 1 and 7")
    labels, missing = said.get("labels", {}), tuple(listed(said.get("missing", [])))
    on = scale(name, float(low), float(high), labels, missing)
    if off := [word for word, point in on.labels.items() if not low <= point <= high]:
        raise Refused(f"{place} labels: {', '.join(off)} lies outside {low:g} to {high:g}")
    turned, optional = bool(said.get("reversed", False)), bool(said.get("optional", False))
    return Item(str(said["item"]), str(said["construct"]), tuple(texts), on, turned, optional)


def folded(text: str) -> str:
    """A header as it is compared: exports break lines, double spaces and leave marks of HTML where they like."""
    bare = unescape(TAG.sub(" ", text)).replace("\u2019", "'").replace("\u00a0", " ")
    return " ".join(bare.split()).lower()


def listed(said: Any) -> list[str]:
    return [str(one) for one in said] if isinstance(said, list) else [str(said)]

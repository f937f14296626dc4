"""One dlt resource as a stream: imported by the name that settings give, its records mapped to our columns."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from itertools import islice
from typing import Any

import polars as pl

from connectors.errors import Refused, SourceError
from connectors.mapping import Translation, page
from connectors.source import Health, Stream

KEYS = ("resource", "select", "arguments", "since")
BATCH = 10_000
TELEMETRY = "RUNTIME__DLTHUB_TELEMETRY"


@dataclass
class Resources:
    name: str
    parts: list[Section] = field(default_factory=list)

    def streams(self) -> list[Stream]:
        return [one.stream() for one in self.parts]

    def check(self) -> Health:
        """Whether each resource can be imported and gives a first record with the fields that are mapped."""
        try:
            tables = [f"{one.translation.table.name} ({one.first()} fields)" for one in self.parts]
        except SourceError as error:
            return Health(False, str(error))
        return Health(True, ", ".join(tables) + ": can be read")


@dataclass(frozen=True)
class Section:
    """One table: where its records come from and what its columns are."""

    place: str
    options: Mapping[str, Any] = field(repr=False)
    translation: Translation = field(repr=False)

    def stream(self) -> Stream:
        key = str(self.options.get("name") or self.translation.table.name)
        return Stream(self.translation.table.name, self.read, key=key, whole="since" not in self.options)

    def read(self, since: datetime | None) -> Iterator[pl.DataFrame]:
        found = records(self.resource(since))
        size = None if self.translation.whole or self.translation.order else BATCH
        yield page(self.translation, [])
        while batch := list(islice(found, size)):
            yield page(self.translation, batch)

    def first(self) -> int:
        return len(next(records(self.resource(None)), {}))

    def resource(self, since: datetime | None) -> Iterable[Any]:
        """The resource, made with its arguments; of a dlt source the one that is selected."""
        imported(self.place)
        module, _, wanted = str(self.options["resource"]).partition(":")
        try:
            found = getattr(import_module(module), wanted)
        except ImportError as error:
            raise Refused(f"{self.place} {module} cannot be imported ({error.name}); install it beside this") from None
        except AttributeError:
            raise Refused(f"{self.place} {module} has no {wanted}; correct resource") from None
        arguments = dict(self.options.get("arguments", {}))
        if since is not None and (name := self.options.get("since")):
            arguments[name] = since
        made = found(**arguments) if callable(found) and (arguments or not hasattr(found, "pipe")) else found
        return self.selected(made)

    def selected(self, made: Any) -> Iterable[Any]:
        """dlt sources hold resources by name, and one of them is enough to be meant."""
        if not hasattr(made, "resources"):
            return made  # type: ignore[no-any-return]
        names = list(made.resources)
        wanted = self.options.get("select") or (names[0] if len(names) == 1 else None)
        if wanted not in names:
            raise Refused(f"{self.place} select must be one of {', '.join(names)}")
        return made.with_resources(wanted)  # type: ignore[no-any-return]


def imported(place: str) -> None:
    """dlt without its telemetry: said before it is first imported."""
    os.environ[TELEMETRY] = "false"
    try:
        import_module("dlt")
    except ImportError:
        raise Refused(f'{place} needs dlt; install it: pip install "bellwether[dlt]"') from None


def records(found: Iterable[Any]) -> Iterator[Mapping[str, Any]]:
    """Records one by one, also where a resource gives lists or tables of them."""
    for item in found:
        if isinstance(item, Mapping):
            yield item
        elif isinstance(item, list | tuple):
            yield from item
        else:
            table = pl.from_arrow(item) if not isinstance(item, pl.DataFrame) else item
            yield from (table if isinstance(table, pl.DataFrame) else table.to_frame()).iter_rows(named=True)

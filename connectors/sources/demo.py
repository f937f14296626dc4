"""The made-up company as a source: nothing here comes from outside, and nobody in it is real."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any

import polars as pl

from connectors.company.company import SMALLEST, SYSTEMS, company
from connectors.errors import Refused
from connectors.source import GIVEN, Health, Source, Stream, source

PAGE = 200_000
SETTINGS = ("seed", "people", "today", "years", "systems")
OF_EVERY_SOURCE = tuple(GIVEN)


@dataclass
class Demo:
    """Some or all of the company's systems; two sources of one seed, size and day tell of the same company."""

    name: str
    seed: int
    people: int
    today: date
    years: float
    systems: tuple[str, ...]

    def streams(self) -> list[Stream]:
        return [Stream(table, self._reader(table)) for system in self.systems for table in SYSTEMS[system]]

    def check(self) -> Health:
        words = f"a made-up company of {self.people:,} people as of {self.today}; replace it by a source of your own"
        return Health(True, words, datetime.combine(self.today, datetime.min.time(), UTC))

    def _reader(self, table: str) -> Any:
        def read(since: datetime | None) -> Iterator[pl.DataFrame]:
            frame = company(self.seed, self.people, self.today, self.years).table(table)
            news = frame if since is None else frame.filter(pl.col("changed") >= since)
            yield from news.iter_slices(PAGE)

        return read


@source("demo", title="A made-up company", group="anything", proof="server", by="itself")
def demo(name: str, settings: Mapping[str, Any]) -> Source:
    """A company from its settings: seed, people, today, years, and which of its systems this source stands for."""
    for word in settings.keys() - set(OF_EVERY_SOURCE):
        _known(name, word, SETTINGS)
    systems = tuple(settings.get("systems", SYSTEMS))
    for system in systems:
        _known(name, system, tuple(SYSTEMS))
    people = _number(name, settings, "people", 2400, least=SMALLEST)
    years = _number(name, settings, "years", 2.5, least=1.5)
    seed = _number(name, settings, "seed", 1, least=0)
    return Demo(name, int(seed), int(people), _day(name, settings.get("today")), years, systems)


def _known(name: str, word: str, allowed: tuple[str, ...]) -> None:
    if word not in allowed:
        near = get_close_matches(word, allowed, 1)
        hint = f"did you mean {near[0]}?" if near else f"use {', '.join(allowed)}"
        raise Refused(f"[sources.{name}] {word} is not known; {hint}")


def _number(name: str, settings: Mapping[str, Any], word: str, usual: float, least: float) -> float:
    value = settings.get(word, usual)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < least:
        raise Refused(f"[sources.{name}] {word} = {value!r} is not a number of at least {least}; the usual is {usual}")
    return value


def _day(name: str, value: object) -> date:
    if value is None:
        return datetime.now(UTC).date()
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise Refused(f"[sources.{name}] today = {value!r} is not a date; write it like 2026-11-22") from None

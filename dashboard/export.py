"""What a way out is, and the register of those we have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Protocol

from pydantic import ValidationError

from dashboard.exports.report import Report
from dashboard.section import Section


class ExportError(Exception):
    """A report that did not go out: what failed, where, and what to do. Nothing of it is remembered as told.

    `doubtful`: it may have arrived all the same; `lasting`: trying again changes nothing until a person acts;
    `later`: the seconds after which the other side wants to be asked again.
    """

    def __init__(self, words: str, *, doubtful: bool = False, lasting: bool = False, later: float = 0) -> None:
        super().__init__(words)
        self.doubtful, self.lasting, self.later = doubtful, lasting, later


Ready = Callable[[], None]


@dataclass(frozen=True)
class Recipient:
    """Who hears by a way out: an address, or nothing where the way has one end only. `units`: what they may see, each
    with all below it; None is everything published."""

    address: str = ""
    units: tuple[str, ...] | None = None


class Export(Protocol):
    """A configured way out. It packs a report for one recipient, and hands over what is packed.

    `id` is the same for every try of one delivery. `hand` calls `ready` when the other side is about to get it, not
    before; it returns what it did in words, or raises ExportError.
    """

    name: str

    @property
    def recipients(self) -> list[Recipient]: ...

    def pack(self, report: Report, to: str, id: str) -> bytes: ...

    def hand(self, packed: bytes, to: str, id: str, ready: Ready) -> str: ...

    def check(self) -> str: ...


class Options(Section):
    """What every kind of export asks for in its section; `units`: what whoever hears by it may see, all if none."""

    units: tuple[str, ...] = ()

    @property
    def sees(self) -> tuple[str, ...] | None:
        return self.units or None


Maker = Callable[[str, Mapping[str, Any], Path], Export]
KINDS: dict[str, Maker] = {}


def export(kind: str) -> Callable[[Maker], Maker]:
    """Register what makes an export of this kind from its name, its section and the settings file's folder."""

    def register(maker: Maker) -> Maker:
        if kind in KINDS and KINDS[kind] is not maker:
            raise ValueError(f"two exports are registered as {kind!r}; rename one of them")
        KINDS[kind] = maker
        return maker

    return register


def kinds() -> dict[str, Maker]:
    """All registered kinds of export; importing each file of `dashboard.exports` registers it."""
    package = import_module("dashboard.exports")
    for module in iter_modules(package.__path__):
        import_module(f"dashboard.exports.{module.name}")
    return KINDS


def make(name: str, kind: str, options: Mapping[str, Any], beside: Path) -> Export:
    """One export from its section of the settings."""
    if kind not in kinds():
        raise ExportError(f"[exports.{name}] kind {kind!r} is not known; known are {', '.join(sorted(KINDS))}")
    try:
        return KINDS[kind](name, options, beside)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise ExportError(f"[exports.{name}] {wrong}", lasting=True) from None

"""What a way out is, and the register of those we have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from dashboard.exports.report import Report


class ExportError(Exception):
    """A report that did not go out: what failed, where, and what to do. Nothing of it is remembered as told."""


class Export(Protocol):
    """A configured way out. `send` returns what it did in words, or raises ExportError."""

    name: str

    def send(self, report: Report) -> str: ...

    def check(self) -> str: ...


class Options(BaseModel):
    """What one kind of export asks for in its section; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


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
        raise ExportError(f"[exports.{name}] {wrong}") from None

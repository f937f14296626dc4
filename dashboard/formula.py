"""Which text an indicator's evidence is made by: its file, its kind's, and all of ours that these use."""

from __future__ import annotations

import ast
import hashlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock

from metrics.indicator import Indicator
from metrics.kinds import KINDS
from metrics.weeks import Calendar

PACKAGES = ("connectors", "metrics")
MACHINERY = "metrics.indicator"
REGISTERS = ("metrics.kinds", "metrics.indicators")
GIVEN = {"metrics.network": "pairs"}  # what the machinery works out only for those who take it
LATER = {MACHINERY: set(GIVEN), "metrics.evidence": {"metrics.kinds.blocks", "metrics.kinds.ties"}}  # not when counting
CODE = re.compile(rb"^(?:def|class|@)", re.M)
PARSING = Lock()  # CPython 3.11 keeps the depth of a parse once for all threads: two at once may end in a SystemError


@dataclass(frozen=True)
class Texts:
    """The packages below a folder, as text; each file is read and understood once."""

    root: Path

    def path(self, module: str) -> Path | None:
        place = self.root.joinpath(*module.split("."))
        return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None)

    def used(self, module: str) -> frozenset[str]:
        """The modules of ours that one imports."""
        return _understood(self, module)[1]

    def under(self, *modules: str) -> frozenset[str]:
        """These modules and all that they use, and so on; registers of all there is are no use of each."""
        found, ahead = set[str](), [one for one in modules if self.path(one)]
        while ahead:
            if (one := ahead.pop()) not in found:
                found.add(one)
                ahead += self.used(one) - {*REGISTERS} - LATER.get(one, set())
        return frozenset(found)

    def behind(self, one: Indicator) -> frozenset[str]:
        """Every module of ours that the evidence of an indicator is made by."""
        given = [module for module, parameter in GIVEN.items() if parameter in one.parameters]
        return self.under(one.function.__module__, KINDS[one.kind].gather.__module__, MACHINERY, *given)

    def stamp(self, one: Indicator) -> str:
        """Changes when any of them does."""
        said = [f"{module} {_understood(self, module)[0]}" for module in sorted(self.behind(one))]
        own = "" if self.path(one.function.__module__) else inspect.getsource(one.function)
        return hashlib.sha256("|".join([own, *said]).encode()).hexdigest()


@cache
def _understood(texts: Texts, module: str) -> tuple[str, frozenset[str]]:
    """A file's hash, and the modules of ours that it names."""
    path = texts.path(module)
    text = path.read_bytes() if path else b""
    head = CODE.split(text, maxsplit=1)[0]  # what is imported stands above all code
    with PARSING:
        lines = ast.parse(head).body
    named = {name for node in lines for name in _named(node)}
    ours = {name for name in named if name.startswith(PACKAGES) and texts.path(name)}
    return hashlib.sha256(text).hexdigest(), frozenset(ours)


def _named(node: ast.stmt) -> Iterator[str]:
    """The modules that a line at the top of a file may mean: `from metrics import waves` is one, or a name in it."""
    if isinstance(node, ast.Import):
        yield from (one.name for one in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
        yield from (f"{node.module}.{one.name}" for one in node.names)


OURS = Texts(Path(__file__).parent.parent)


def fingerprint(one: Indicator, calendar: Calendar) -> str:
    """Changes when the formula does, or the zone, the holidays or the smallest group; then all is counted anew."""
    said = [OURS.stamp(one), calendar.zone, str(calendar.k), *map(str, sorted(calendar.holidays))]
    return hashlib.sha256("|".join(said).encode()).hexdigest()[:16]

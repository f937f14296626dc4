"""What `doctor` looks at: settings, key, memory, lake, sources and ways out, each with the next step when it ails."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from connectors.errors import SourceError
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import asked
from dashboard.export import ExportError, make
from dashboard.settings import KEY, SCHEME, Settings, SettingsError

SKEWED = timedelta(minutes=5)


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `ails` says that something has to be done; `words` say what."""

    what: str
    words: str
    ails: bool = False


def examine(settings: Settings) -> Iterator[Finding]:
    """Everything that a night's run needs, in the order in which to put it right."""
    yield Finding("settings", f"{settings.file} is complete")
    yield looked("key", partial(key, settings))
    yield looked("memory", partial(memory, settings))
    yield looked("lake", partial(lake, settings))
    if not settings.sources:
        yield Finding("sources", "none is set; add a section [sources.NAME] to the settings", ails=True)
    for name in settings.sources:
        yield looked(f"source {name}", partial(source, settings, name))
    for name in settings.exports:
        yield looked(f"export {name}", partial(export, settings, name))


def looked(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, look())
    except (SettingsError, SourceError, ExportError) as error:
        return Finding(what, str(error), ails=True)
    except OSError as error:
        why = f"{error.filename}: {error.strerror}" if error.strerror else str(error).splitlines()[0]
        return Finding(what, f"{why}; grant the right, or correct the path or address", ails=True)


def key(settings: Settings) -> str:
    """Present, long enough, and readable by its owner only."""
    settings.key()
    path = Path(settings.store.key_file)
    if os.environ.get(KEY) is not None:
        return f"is in the environment ({KEY})"
    if path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        raise SettingsError(f"{path} can be read by others on this machine; run `chmod 600 {path}`")
    return f"{path} is there, and its owner's alone"


def memory(settings: Settings) -> str:
    """Reachable, migrated, and since when it shows an edition."""
    found = Memory.open(settings.store.memory)
    header = found.edition()
    found.close()
    return f"ready; shows the edition as of {header.as_of}" if header else "ready; empty yet, run `bellwether refresh`"


def lake(settings: Settings) -> str:
    """Writable; how much is in it."""
    root = settings.store.lake
    if not SCHEME.match(root):
        Path(root).mkdir(parents=True, exist_ok=True)
        probe = Path(root) / f".doctor-{os.getpid()}"
        probe.touch()
        probe.unlink()
    tables = Lake(root, settings.store.lake_options or None).tables()
    return f"ready; {len(tables)} tables" if tables else "ready; empty yet, run `bellwether sync`"


def source(settings: Settings, name: str) -> str:
    """Reachable, what it may read, its clock, and the newest and oldest moment it gives."""
    made = settings.source(name)
    with asked(name):
        health = made.check()
    if health.lacking:
        raise SettingsError(f"{health.words}; grant {', '.join(health.lacking)}, then run doctor again")
    if not health.reachable:
        raise SettingsError(health.words)
    if health.skew is not None and abs(health.skew) > SKEWED:
        raise SettingsError(f"{health.words}; its clock and ours are {abs(health.skew)} apart; set the right time here")
    days = [f"{day:%Y-%m-%d}" for day in (health.oldest, health.newest) if day]
    edges = (
        f"; seen from {' to '.join(dict.fromkeys(days))}" if len(days) > 1 else "".join(f"; newest {d}" for d in days)
    )
    clock = "; clocks agree" if health.skew is not None else ""
    return f"{health.words}{edges}{clock}"


def export(settings: Settings, name: str) -> str:
    way = settings.exports[name]
    return make(name, way.kind, way.options, settings.file.parent).check()

"""How the last runs went and what the lake holds now, as the command line tells it."""

from __future__ import annotations

import polars as pl

from connectors.store.lake import Lake
from connectors.store.memory import Memory
from dashboard.found import holdings, tickets
from dashboard.settings import Settings
from dashboard.steps import FAILED, FINE, PARTLY
from dashboard.terminal import say, table

BROKEN = ("refused", "busy", "changed", "interrupted", "running")


def accounts(memory: Memory, names: list[str]) -> int:
    """The last run of each stream, in a table; how many of the sources failed says the exit code."""
    runs = memory.runs().filter(pl.col("source").is_in(names))
    columns = ["source", "stream", "state", "received", "landed", "refused", "words"]
    if runs.height:
        table(columns, runs.select(columns).rows())
    return outcome_of([bool(set(runs.filter(source=name)["state"]) & set(BROKEN)) for name in names])


def outcome_of(failed: list[bool]) -> int:
    """Fine where none failed, failed where all did, else partly."""
    return FINE if not any(failed) else FAILED if all(failed) else PARTLY


def found(settings: Settings) -> None:
    """What the lake holds now."""
    lake = Lake(settings.store.lake, settings.store.lake_options or None)
    rows = holdings(lake)
    if not rows:
        return
    say()
    table(["table", "rows", "newest"], rows)
    figures = tickets(lake) if "tickets" in (name for name, *_ in rows) else []
    if figures:
        say("Tickets: " + ", ".join(f"{label} {figure}" for label, figure in figures))

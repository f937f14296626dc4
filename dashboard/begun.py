"""What was begun on purpose, by `bellwether begun`: name a programme or a policy, and see later what it changed."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import Annotated

import typer

from connectors.store.memory import Memory
from dashboard.settings import SettingsError, load_settings
from dashboard.steps import FINE
from dashboard.terminal import say, table

app = typer.Typer(help="What was begun on purpose: list, add, remove. Its effect is told from the next refresh on.")


@app.callback(invoke_without_command=True)
def begun(ctx: typer.Context) -> int:
    """List what people said was begun."""
    return listed(ctx) if ctx.invoked_subcommand is None else FINE


@app.command("list")
def listed(ctx: typer.Context) -> int:
    """List what people said was begun.

    - `bellwether begun list`
    """
    rows = memory(ctx).begun()
    if rows.is_empty():
        say("Nothing yet. Add something with: bellwether begun add NAME DAY")
        return FINE
    table(["Began", "What", "Unit", "Kind", "Said by"], rows.select("began", "name", "unit", "kind", "who").rows())
    return FINE


@app.command()
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="What it is called.")],
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The day it began.")],
    unit: Annotated[str | None, typer.Option(help="The id of the unit it concerns; everybody if not said.")] = None,
    kind: Annotated[str | None, typer.Option(help="programme, policy, re-organisation, or your own word.")] = None,
) -> int:
    """Say that something was begun on a day.

    - `bellwether begun add "Learning hours" 2026-03-02 --kind policy`
    - `bellwether begun add Playbooks 2026-02-16 --unit eng-platform`
    """
    if not name.strip() or len(name) > 200:
        raise SettingsError("a name takes 1 to 200 characters; give a shorter one")
    store = memory(ctx)
    known = store.units()
    if unit is not None and len(known) and unit not in set(known["unit"]):
        raise SettingsError(f"no unit {unit!r} is shown; give one of: {', '.join(known['unit'].head(12))}, ...")
    store.begin(name.strip(), day.date(), unit, kind, getpass.getuser(), datetime.now(UTC))
    say(f"{name.strip()}, begun {day.date()}: kept. Its effect is told from the next `bellwether refresh` on.")
    return FINE


@app.command()
def remove(
    ctx: typer.Context, name: Annotated[str, typer.Argument(help="What it is called, as `list` shows it.")]
) -> int:
    """Take back what was said; the next refresh no longer tells of it.

    - `bellwether begun remove "Learning hours"`
    """
    store = memory(ctx)
    mine = store.begun().filter(name=name)
    if mine.is_empty():
        raise SettingsError(f"nothing called {name!r} was said to have begun; `bellwether begun list` shows what was")
    for one in mine["intervention"]:
        store.unbegin(one)
    say(f"{name}: taken back.")
    return FINE


def memory(ctx: typer.Context) -> Memory:
    return Memory.open(load_settings(ctx.obj).store.memory)

"""Alerts by `bellwether alerts`: list, take up, hand on, put off, resolve, and say what they were worth."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Annotated

import polars as pl
import typer

from connectors.store.memory import Memory
from dashboard import lifetime, telling_whom
from dashboard.attention import touched
from dashboard.settings import load_settings
from dashboard.steps import FINE
from dashboard.terminal import say, table
from metrics.indicator import indicators
from metrics.life import OUTCOMES, STATES, Alert, Change, Unfit

app = typer.Typer(help="Alerts: list, take up, hand on, put off, resolve; mute, and who is told what.")
Number = Annotated[int, typer.Argument(metavar="ALERT", help="Its number in the list.")]
Who = Annotated[str, typer.Option(help="Who does this; you, if not said.")]
Note = Annotated[str, typer.Option(help="A word on it; it stands in its history.")]
Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="A day, like 2026-12-01.")]
Due = Annotated[datetime | None, typer.Option("--due", formats=["%Y-%m-%d"], help="Until when.")]
Why = Annotated[str, typer.Argument(help="Why; it stands in its history.")]
telling_whom.add_to(app)


@app.callback(invoke_without_command=True)
def alerts(ctx: typer.Context) -> int:
    """The alerts that are open, newest first; what an alarm above explains is left to that one."""
    return listed(memory_of(ctx), None, None, None, every=False) if ctx.invoked_subcommand is None else FINE


@app.command("list")
def show_list(
    ctx: typer.Context,
    state: Annotated[str | None, typer.Option(help=f"{', '.join(STATES[:-1])} or {STATES[-1]}.")] = None,
    owner: Annotated[str | None, typer.Option(help="Only those of this owner.")] = None,
    theme: Annotated[str | None, typer.Option(help="Only those of this theme.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Resolved ones too.")] = False,
) -> int:
    """List alerts with their numbers; without options those that are open.

    - `bellwether alerts list`
    - `bellwether alerts list --owner Ada`
    - `bellwether alerts list --state resolved --theme knowledge`
    """
    if state is not None and state not in STATES:
        raise typer.BadParameter(f"--state is one of {', '.join(STATES)}")
    return listed(memory_of(ctx), state, owner, theme, every=every or state == "resolved")


@app.command()
def show(ctx: typer.Context, number: Number) -> int:
    """Show one alert: why it was raised, how it stands, and all that happened to it."""
    memory = memory_of(ctx)
    one = next((one for one in lifetime.alerts(memory) if one.id == number), None)
    if one is None:
        raise typer.BadParameter(f"there is no alert {number}; see `bellwether alerts list --all`")
    say(f"Alert {one.id}: {title(one)} in {names(memory).get(one.unit, 'a unit that is not shown now')}, {one.state}")
    rows = [(f"{two.at:%Y-%m-%d %H:%M}", two.who or "the numbers", two.act, told(memory, one, two))
            for two in lifetime.history(memory, number)]  # fmt: skip
    table(["at", "by", "what", "more"], rows)
    return FINE


@app.command()
def ack(ctx: typer.Context, number: Number, note: Note = "", who: Who = "") -> int:
    """Say that you have seen an alert and take it up; others see who and when."""
    return do(ctx, number, "acknowledged", who, note=note)


@app.command()
def assign(
    ctx: typer.Context,
    number: Number,
    owner: Annotated[str, typer.Argument(help="Who cares for it from now on.")],
    due: Due = None,
    note: Note = "",
    who: Who = "",
) -> int:
    """Hand an alert to an owner, until a day.

    - `bellwether alerts assign 12 "Ada Okafor" --due 2026-12-01`
    """
    return do(ctx, number, "assigned", who, owner=owner, due=due.date() if due else None, note=note)


@app.command()
def snooze(ctx: typer.Context, number: Number, until: Day, note: Note = "", who: Who = "") -> int:
    """Put an alert off until a day; if it still rings then, it is told again."""
    return do(ctx, number, "snoozed", who, until=until.date(), note=note)


@app.command()
def link(
    ctx: typer.Context,
    number: Number,
    what: Annotated[str, typer.Argument(help="What is done about it.")],
    begins: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Since when.")] = None,
    who: Who = "",
) -> int:
    """Say what is done about an alert and since when, so that its chart shows whether that helped."""
    return do(ctx, number, "linked", who, note=what, week=begins.date() if begins else None)


@app.command()
def resolve(ctx: typer.Context, number: Number, why: Why, who: Who = "") -> int:
    """Close an alert with a why, whether or not its numbers are back to usual."""
    return do(ctx, number, "resolved", who, note=why)


@app.command()
def reopen(ctx: typer.Context, number: Number, why: Why, who: Who = "") -> int:
    """Open a resolved alert again; its owner keeps it."""
    return do(ctx, number, "reopened", who, note=why)


@app.command()
def outcome(
    ctx: typer.Context,
    number: Number,
    what: Annotated[str, typer.Argument(help=f"{', '.join(OUTCOMES[:-1])} or {OUTCOMES[-1]}.")],
    note: Note = "",
    who: Who = "",
) -> int:
    """Say what an alert was worth: useful, known before, wrong, or gamed. It counts in the record of the alarms."""
    return do(ctx, number, "outcome", who, outcome=what, note=note)


def memory_of(ctx: typer.Context) -> Memory:
    return Memory.open(load_settings(ctx.obj).store.memory)


@contextmanager
def fitting() -> Iterator[None]:
    """What cannot be done is said in a sentence."""
    try:
        yield
    except Unfit as reason:
        raise typer.BadParameter(str(reason)) from None


def do(ctx: typer.Context, number: int, act: str, who: str, **said: object) -> int:
    change = Change(act, datetime.now(UTC), who or getpass.getuser(), **said)  # type: ignore[arg-type]
    with fitting():
        one = (lifetime.link if act == "linked" else lifetime.act)(memory_of(ctx), number, change)
    say(f"Alert {number} is {one.state}{f' to {one.owner}' if one.state == 'assigned' else ''}.")
    return FINE


def names(memory: Memory) -> dict[str, str]:
    return dict(memory.units().select("unit", "name").iter_rows())


def title(one: Alert) -> str:
    known = indicators().get(one.indicator)
    return known.title if known else one.indicator


def listed(memory: Memory, state: str | None, owner: str | None, theme: str | None, *, every: bool) -> int:
    units = names(memory)
    themes = {name: one.theme for name, one in indicators().items()}
    folded = memory.verdicts().filter(pl.col("verdict") == "alarm", pl.col("folded").is_in(list(units)))
    explained = set(folded.select("indicator", "unit").iter_rows())
    found = [
        one
        for one in sorted(lifetime.alerts(memory), key=lambda one: one.since or date.min, reverse=True)
        if one.unit in units
        and (every or (one.open and (touched(one) or one.place not in explained)))
        and state in (None, one.state)
        and owner in (None, one.owner)
        and theme in (None, themes.get(one.indicator))
    ]
    if not found:
        say("No alert is like that." if state or owner or theme else "No alert is open.")
        return FINE
    table(["alert", "state", "side", "since", "indicator", "unit", "owner", "due"], [
        (str(one.id), one.state, one.side, str(one.since or ""), title(one), units[one.unit], one.owner,
         str(one.due or "")) for one in found
    ])  # fmt: skip
    return FINE


def told(memory: Memory, alert: Alert, change: Change) -> str:
    """What a change says besides its name; the sentence of numbers only where they may be seen."""
    note = change.note
    if not change.who and change.act != "recovered":
        note = note if lifetime.may_be_seen(memory, alert, change.week) else ""
    days = {"due": change.due, "until": change.until, "from": change.week if change.act == "linked" else None}
    parts = [note, change.owner, change.outcome, *(f"{name} {day}" for name, day in days.items() if day)]
    return ", ".join(part for part in parts if part)

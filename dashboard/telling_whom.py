"""What is not sent for a while, and who asked to be told of what: the part of `bellwether alerts` about telling."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from connectors.store.memory import Memory
from dashboard import subscriptions as known
from dashboard.settings import Settings, load_settings, near
from dashboard.steps import FINE
from dashboard.terminal import say, table
from metrics.indicator import indicators
from metrics.subscriptions import TIERS

Unit = Annotated[str, typer.Option(help="A unit's id or name, with all below it.")]
Theme = Annotated[str, typer.Option(help="A theme, such as knowledge.")]
Indicator = Annotated[str, typer.Option(help="An indicator's name, such as link_rate.")]
Who = Annotated[str, typer.Option(help="Who does this; you, if not said.")]


def add_to(app: typer.Typer) -> None:
    for command in (mute, unmute, mutes, subscribe, unsubscribe, subscriptions):
        app.command()(command)


def mute(
    ctx: typer.Context,
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day on which it is sent again.")],
    why: Annotated[str, typer.Option(help="Why; others see it.")],
    unit: Unit = "",
    alone: Annotated[bool, typer.Option("--alone", help="Only the unit itself, not those below it.")] = False,
    indicator: Indicator = "",
    theme: Theme = "",
    who: Who = "",
) -> int:
    """Send nothing of a unit, an indicator or a theme until a day; the screen goes on showing it, as muted.

    - `bellwether alerts mute --unit payments --until 2026-12-24 --why "they move house"`
    """
    _, memory = opened(ctx)
    if not (unit or indicator or theme):
        raise typer.BadParameter("name a --unit, an --indicator or a --theme to mute")
    if not why.strip():
        raise typer.BadParameter("--why is needed, so that others can follow")
    if until.date() <= datetime.now(UTC).date():
        raise typer.BadParameter("--until must be a day to come")
    said = {"unit": unit_of(memory, unit), "indicator": indicator_of(indicator), "theme": theme_of(theme)}
    number = memory.mute(said | {"below": not alone, "until": until.date(), "who": who or getpass.getuser(),
                                 "why": why.strip(), "at": datetime.now(UTC)})  # fmt: skip
    say(f"Muted until {until.date()}. `bellwether alerts unmute {number}` ends it before.")
    return FINE


def unmute(ctx: typer.Context, number: Annotated[int, typer.Argument(help="Its number in the list of mutes.")]) -> int:
    """End a mute before its day."""
    if not opened(ctx)[1].unmute(number, getpass.getuser(), datetime.now(UTC)):
        raise typer.BadParameter(f"there is no mute {number}; see `bellwether alerts mutes`")
    say("It is sent again from now on.")
    return FINE


def mutes(ctx: typer.Context) -> int:
    """List what is muted, until when, by whom and why."""
    settings, memory = opened(ctx)
    today = known.today(settings, datetime.now(UTC))
    rows = [one for one in known.mutes(memory) if one.holds(today)]
    if not rows:
        say("Nothing is muted.")
        return FINE
    table(["mute", "unit", "indicator", "theme", "until", "by", "why"], [
        (str(one.id), f"{one.unit}{'' if one.below or not one.unit else ' alone'}", one.indicator, one.theme,
         str(one.until), one.who, one.why) for one in rows
    ])  # fmt: skip
    return FINE


def subscribe(
    ctx: typer.Context,
    address: Annotated[str, typer.Argument(help="A mail address, or the name of a channel.")],
    unit: Unit = "",
    theme: Theme = "",
    tier: Annotated[str, typer.Option(help=f"{' or '.join(TIERS)}: from which verdict on.")] = "alarm",
    who: Who = "",
) -> int:
    """Tell somebody of a unit, a theme, or both; several add up. Nobody is told of what they may not see.

    - `bellwether alerts subscribe ada@example.org --unit payments --tier watch`
    """
    _, memory = opened(ctx)
    if tier not in TIERS:
        raise typer.BadParameter(f"--tier is {' or '.join(TIERS)}")
    said: dict[str, Any] = {"address": address.strip().lower(), "unit": unit_of(memory, unit), "tier": tier}
    number = memory.subscribe(
        said | {"theme": theme_of(theme), "by": who or getpass.getuser(), "at": datetime.now(UTC)}
    )
    say(f"Subscribed. `bellwether alerts unsubscribe {number}` ends it.")
    return FINE


def unsubscribe(
    ctx: typer.Context, number: Annotated[int, typer.Argument(help="Its number in the list of subscriptions.")]
) -> int:
    """End a subscription made on the screen or here; those in the settings are ended there."""
    if not opened(ctx)[1].unsubscribe(number, getpass.getuser(), datetime.now(UTC)):
        raise typer.BadParameter(f"there is no subscription {number}; see `bellwether alerts subscriptions`")
    say("It is ended.")
    return FINE


def subscriptions(ctx: typer.Context) -> int:
    """List who asked to be told of what; whoever is in no line is told every alarm they may see."""
    settings, memory = opened(ctx)
    rows = [("settings", one.address, one.unit, one.theme, one.tier) for one in settings.subscriptions]
    kept = memory.subscriptions().select("id", "address", "unit", "theme", "tier").iter_rows()
    rows += [(str(number), *rest) for number, *rest in kept]
    if not rows:
        say("Nobody asked for anything in particular: each way out is told every alarm.")
        return FINE
    table(["subscription", "address", "unit", "theme", "tier"], rows)
    return FINE


def opened(ctx: typer.Context) -> tuple[Settings, Memory]:
    settings = load_settings(ctx.obj)
    return settings, Memory.open(settings.store.memory)


def unit_of(memory: Memory, said: str) -> str:
    """The id of the unit that is called so; empty for none."""
    units = memory.units().select("unit", "name").rows()
    found = [unit for unit, name in units if said in (unit, name)]
    if said and len(found) != 1:
        hint = near(said, [name for _, name in units]) if not found else "; use its id"
        raise typer.BadParameter(f"{len(found) or 'no'} unit is called {said}{hint}")
    return found[0] if said else ""


def indicator_of(said: str) -> str:
    if said and said not in indicators():
        raise typer.BadParameter(f"no indicator is called {said}{near(said, list(indicators()))}")
    return said


def theme_of(said: str) -> str:
    themes = sorted({one.theme for one in indicators().values()})
    if said and said not in themes:
        raise typer.BadParameter(f"no theme is called {said}{near(said, themes)} (there are {', '.join(themes)})")
    return said

"""Several steps in one call, `bellwether sync refresh tell`, with one exit code at the end."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import typer
from typer.core import TyperGroup

from connectors.errors import SourceError
from dashboard.export import ExportError
from dashboard.settings import SettingsError

FINE, FAILED, WRONG, PARTLY = 0, 1, 2, 3
WORST_FIRST = (WRONG, FAILED, PARTLY, FINE)
STEPS = ("sync", "refresh", "tell")
LATER = "bellwether.later"


class Steps(TyperGroup):
    """Commands of which some may follow one another in one line; --settings may stand anywhere in it.

    Sources that fail do not keep later steps from running, since what grows old must be said; any other failure ends
    the line.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, settings_first(args))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The first step; the later ones are parsed now, so that a slip in them stops the line before it starts."""
        mine, rest = first_step(args)
        if rest:
            name, command, options = self.resolve_command(ctx, rest)
            ctx.meta.setdefault(LATER, []).insert(0, command.make_context(name, options, parent=ctx))
        return super().resolve_command(ctx, mine)

    def invoke(self, ctx: Any) -> Any:
        codes = [outcome(partial(super().invoke, ctx))]
        for later in ctx.meta.get(LATER, []):
            if codes[-1] in (WRONG, FAILED):
                break
            later.obj = ctx.obj  # the steps were made before the settings were named
            with later:
                codes.append(outcome(partial(later.command.invoke, later)))
        raise typer.Exit(worst(codes))


def worst(codes: list[int]) -> int:
    return next(code for code in WORST_FIRST if code in codes)


def outcome(step: Callable[[], Any]) -> int:
    """The step's exit code; what a person can put right is said in a sentence, without a traceback."""
    try:
        return int(step() or FINE)
    except SettingsError as error:
        typer.echo(f"Settings: {error}", err=True)
        return WRONG
    except (SourceError, ExportError) as error:
        typer.echo(f"Failed: {error}", err=True)
        return FAILED
    except OSError as error:
        typer.echo(f"Failed: {error}; grant the right, make room or correct the path", err=True)
        return FAILED


def first_step(args: list[str]) -> tuple[list[str], list[str]]:
    """`sync desk refresh` is `sync desk`, then `refresh`; only sync, refresh and tell can follow one another."""
    if args[0] not in STEPS:
        return args, []
    cut = next((at for at, word in enumerate(args) if at and word in STEPS), len(args))
    return args[:cut], args[cut:]


def settings_first(args: list[str]) -> list[str]:
    """`--settings PATH` from wherever it stands to where the group reads it."""
    for at, word in enumerate(args):
        if word == "--settings":
            return [*args[at : at + 2], *args[:at], *args[at + 2 :]]
        if word.startswith("--settings="):
            return [word, *args[:at], *args[at + 1 :]]
    return args

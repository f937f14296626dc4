"""The command line for analysts: `bellwether new source`, `bellwether new indicator`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from dashboard import new_indicator, new_source
from dashboard.steps import FINE
from dashboard.terminal import say

app = typer.Typer(no_args_is_help=True, help="Write something new: a source or an indicator of your own.")


@app.command("source")
def source(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the kind will be called, such as example_desk.")],
    kind: Annotated[str, typer.Option("--kind", help="chat, ticketing, HR, learning or knowledge.")] = "ticketing",
) -> int:
    """Write a source of your own, with a recorded reply, a page and what its tests expect; all pass at once.

    - `bellwether new source example_desk --kind ticketing`
    """
    told(new_source.written(name, kind, Path.cwd()))
    say(f"Next: docs/add-a-connector.md. Try it: pytest tests/connectors/test_contract.py -k {name}")
    return FINE


@app.command("indicator")
def indicator(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it will be called, such as answered_in_a_day.")],
    kind: Annotated[str, typer.Option("--kind", help="share, mean or waiting.")] = "share",
) -> int:
    """Write an indicator of your own and its test, with numbers counted by hand; both pass at once.

    - `bellwether new indicator answered_in_a_day --kind share`
    """
    told(new_indicator.written(name, kind, Path.cwd()))
    say(f"Next: docs/add-an-indicator.md. Try it: pytest tests/metrics/indicators/test_{name}.py")
    return FINE


def told(files: Iterable[Path]) -> None:
    for path in files:
        say(f"wrote {path.relative_to(Path.cwd())}")

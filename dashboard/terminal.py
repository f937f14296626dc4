"""What the command line prints: plain tables, and bars only where someone watches."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

Tick = Callable[..., None]


def say(words: str = "") -> None:
    """Whoever reads may have heard enough, as `head` has; the work goes on all the same."""
    try:
        typer.echo(words)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def warn(words: str) -> None:
    typer.echo(words, err=True)


def table(headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Aligned columns, the same on a screen, in a pipe and in a mail from cron; numbers stand to the right."""
    cells = [[shown(cell) for cell in row] for row in rows]
    numeric = [all(isinstance(row[n], int | float | None) for row in rows) for n in range(len(headings))]
    widths = [max(len(line[n]) for line in [list(headings), *cells]) for n in range(len(headings))]
    for line in [list(headings), *cells]:
        parts = [
            cell.rjust(w) if right else cell.ljust(w) for cell, w, right in zip(line, widths, numeric, strict=True)
        ]
        say("  " + "  ".join(parts).rstrip())


def shown(cell: Any) -> str:
    return "–" if cell is None else f"{cell:,}" if isinstance(cell, int) else str(cell)


@contextmanager
def watched(title: str) -> Iterator[Tick]:
    """A bar while something runs; `tick` takes words and, last, a running count or `done, whole`."""
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rows]}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not Console(stderr=True).is_terminal,
    ) as progress:
        task = progress.add_task(title, total=None, rows="")

        def tick(*what: Any) -> None:
            words = " ".join(str(one) for one in what if isinstance(one, str))
            numbers = [one for one in what if isinstance(one, int | float)]
            progress.update(task, description=f"{title} {words}".strip())
            if len(numbers) == 2:
                progress.update(task, completed=numbers[0], total=numbers[1])
            elif numbers:
                progress.update(task, rows=f"{numbers[0]:,} rows")

        yield tick

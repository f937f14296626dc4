"""The command line of what goes out: tell, report, deliveries, schedule."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from connectors.store.memory import Memory
from dashboard import clockwork, jobs
from dashboard.account import outcome_of
from dashboard.delivering import Told
from dashboard.settings import load_settings
from dashboard.steps import FINE
from dashboard.terminal import say, table, warn

Report = Annotated[str, typer.Argument(metavar="REPORT", help="Its name in [reports.NAME].", show_default=False)]


def tell(ctx: typer.Context) -> int:
    """Send what changed since people were last told, by each export in the settings.

    Sends nothing when nothing changed. What could not be sent is tried again the next time.
    """
    settings = load_settings(ctx.obj)
    if not settings.exports:
        warn(f"No export is set; add a section [exports.NAME] to {settings.file}.")
    return said(jobs.tell(settings, datetime.now(UTC)))


def report(ctx: typer.Context, name: Report) -> int:
    """Send a report of the settings for the last time it was due, to whoever has not got it yet.

    However often it is called, each recipient gets it once; called after a failure, only those it failed for.

    - `bellwether report weekly`
    """
    return said(jobs.report(load_settings(ctx.obj), name, datetime.now(UTC)))


def deliveries(
    ctx: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="REPORT", help="Only this one; `tell` is what changed.", show_default=False)
    ] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Try again now what waits for another try.")] = False,
    due: Annotated[bool, typer.Option("--due", help="Try again what waits and whose time has come.")] = False,
    latest: Annotated[int, typer.Option(min=1, help="How many lines.")] = 30,
) -> int:
    """Show what was sent to whom, when, and what has not arrived yet and why.

    - `bellwether deliveries`
    - `bellwether deliveries weekly --latest 100`
    - `bellwether deliveries --retry` sends again to those it failed for, and to nobody else
    - `bellwether deliveries --due`, every few minutes from cron, does so when its time has come
    """
    settings, now = load_settings(ctx.obj), datetime.now(UTC)
    memory = Memory.open(settings.store.memory)
    if retry:
        memory.hasten(now)
    if retry or due:
        return said(jobs.settle(settings, now))
    rows = memory.deliveries(name, latest)
    if rows.is_empty():
        say("Nothing has been sent yet.")
        return FINE
    lines = [
        (
            row["report"],
            row["period"],
            f"{row['way']} {row['recipient']}".strip(),
            row["state"],
            row["tries"],
            told(row),
        )
        for row in rows.iter_rows(named=True)
    ]
    table(["report", "for", "to", "state", "tries", "words"], lines)
    return FINE


def schedule(
    ctx: typer.Context,
    night: Annotated[
        str | None, typer.Option(help="Also sync, refresh and tell at these times, like `daily 04:15`.")
    ] = None,
) -> int:
    """Stay and send each report when it is due, and what failed when its time comes. Stop it with Ctrl-C.

    What was due while it did not run is sent as soon as it runs, once. Two at once send nothing twice.

    - `bellwether schedule`
    - `bellwether schedule --night "daily 04:15"`
    """
    settings = load_settings(ctx.obj)
    clockwork.run(settings, night, said)
    return FINE


def told(row: dict[str, Any]) -> str:
    again = f"; again {row['next']:%Y-%m-%d %H:%M} UTC" if row["state"] == "waiting" and row["tries"] else ""
    return f"{row['words']}{again}"


def said(found: list[Told]) -> int:
    """Each way out in a line for what it said; the exit code says how many failed."""
    for failed, words in dict.fromkeys((one.failed, f"{one.export}: {one.words}") for one in found):
        (warn if failed else say)(words)
    return outcome_of([one.failed for one in found])

"""The command line: what an organisation sets up once, what runs on a schedule, and what to do when it fails."""

from __future__ import annotations

import os
import socket
import sys
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from connectors.errors import SourceError
from connectors.store.memory import Memory
from dashboard import alerts, authoring, begun, catalogue, definitions, jobs, people, reporting
from dashboard.account import accounts, found
from dashboard.doctor import examine
from dashboard.first_run import begin, begin_demo
from dashboard.settings import FILE, Settings, SettingsError, load_settings
from dashboard.steps import FAILED, FINE, LATER, Steps, worst
from dashboard.terminal import say, warn, watched

CODES = (
    "Exit codes: 0 all is well, 1 it failed, 2 wrong settings or wrong usage, 3 some of it failed, the rest is done."
)


def show_version(asked: bool) -> None:
    if asked:
        say(f"bellwether {installed()}")
        raise typer.Exit


def installed() -> str:
    try:
        return version("bellwether")
    except PackageNotFoundError:
        return "from source, not installed"


app = typer.Typer(
    cls=Steps,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    epilog=CODES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for part, called in ((authoring.app, "new"), (people.app, "people"), (begun.app, "begun"), (alerts.app, "alerts")):
    app.add_typer(part, name=called)
Source = Annotated[list[str] | None, typer.Argument(metavar="SOURCE", help="Only these sources.", show_default=False)]
Day = Annotated[datetime | None, typer.Option("--today", formats=["%Y-%m-%d"], help="Judge as of this day.")]
Folder = Annotated[Path, typer.Option("--folder", help="Where to put it.")]


@app.callback()
def bellwether(
    ctx: typer.Context,
    settings: Annotated[
        Path | None, typer.Option(help="The settings file; else $BELLWETHER_SETTINGS, else ./settings.toml.")
    ] = None,
    version_: Annotated[
        bool, typer.Option("--version", help="Show the version.", is_eager=True, callback=show_version)
    ] = False,
) -> None:
    """Shows executives whether their organisation is learning, and warns them early when it stops.

    - First time: `bellwether demo` for a made-up company, `bellwether init` for your own.
    - Every night: `bellwether sync refresh tell`, the three in one line.
    - Every Monday, or whenever settings say: `bellwether schedule`, or `bellwether report NAME` from cron.
    - When something is wrong: `bellwether doctor`.
    """
    ctx.obj = settings


def settings_of(ctx: typer.Context) -> Settings:
    return load_settings(ctx.obj)


@app.command()
def init(folder: Folder = Path()) -> int:
    """Write settings.toml and a key to begin with; what is there already stays as it is.

    - `bellwether init --folder /srv/bellwether`
    """
    for words in begin(folder):
        say(words)
    say("Next: name your sources in settings.toml, then run `bellwether doctor`.")
    return FINE


@app.command()
def demo(
    folder: Folder = Path("demo"),
    people: Annotated[int | None, typer.Option(min=100, help="How many people; 2,400 if not said.")] = None,
    seed: Annotated[int | None, typer.Option(help="Another number, another company; 1 if not said.")] = None,
    today: Day = None,
) -> int:
    """Make up a company with two and a half years of data, read it in and count it: something to look at.

    Running it again goes on where it stopped.

    - `bellwether demo`
    - `bellwether demo --folder small --people 400`
    """
    for words in begin_demo(folder, people, seed, today.date() if today else None):
        say(words)
    path = folder / "settings.toml"
    settings = load_settings(path)
    code = worst([run_sync(settings), run_refresh(settings)])
    found(settings)
    say(f"Ready. See it with: bellwether --settings {path} serve")
    return code


@app.command()
def sync(ctx: typer.Context, sources: Source = None) -> int:
    """Bring new facts from the sources into the lake.

    A first run reads everything, later ones what changed. A source that fails keeps its last good data.

    - `bellwether sync`
    - `bellwether sync desk wiki`
    - `bellwether sync refresh tell`
    """
    settings = settings_of(ctx)
    code = run_sync(settings, sources)
    if not ctx.meta.get(LATER):
        found(settings)
    return code


@app.command()
def refresh(ctx: typer.Context, today: Day = None) -> int:
    """Count, judge and publish what the dashboard shows.

    Only weeks with new facts are counted anew.

    - `bellwether refresh`
    - `bellwether refresh --today 2026-11-22`
    """
    settings = settings_of(ctx)
    code = run_refresh(settings, today.date() if today else None)
    found(settings)
    return code


for one in (reporting.tell, reporting.report, reporting.deliveries, reporting.schedule):
    app.command()(one)


@app.command()
def serve(
    ctx: typer.Context,
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8501,
    address: Annotated[
        str, typer.Option(help="The address to listen on; 127.0.0.1 is this machine only.")
    ] = "127.0.0.1",
) -> None:
    """Open the dashboard in a browser at http://127.0.0.1:8501. Stop it with Ctrl-C.

    - `bellwether serve`
    - `bellwether --settings demo/settings.toml serve --port 8600`
    """
    settings = settings_of(ctx)
    if taken(address, port):
        raise SettingsError(f"{address}:{port} is in use or not of this machine; choose another --port")
    if address not in ("127.0.0.1", "localhost", "::1"):
        warn(f"Whoever reaches {address}:{port} sees the published numbers; put a sign-in before it.")
    say(f"The dashboard is at http://{address}:{port} (Ctrl-C stops it)")
    os.environ[FILE] = str(settings.file)
    house = Path(__file__).parents[1]
    os.chdir(house)
    words = ["--server.address", address, "--server.port", str(port), "--server.headless", "true"]
    words += ["--browser.gatherUsageStats", "false"]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", str(house / "dashboard" / "app.py"), *words])


@app.command()
def status(ctx: typer.Context) -> int:
    """Show when each source was last read, how that went, and what the dashboard shows.

    Exit code 3 when the last run of some source failed, 1 when that of each did.
    """
    settings = settings_of(ctx)
    memory = Memory.open(settings.store.memory)
    header = memory.edition()
    shown = f"{header.organisation}, as of {header.as_of}" if header else "nothing yet; run `bellwether refresh`"
    say(f"On show: {shown}")
    if header:
        counts = memory.verdicts().group_by("verdict").len().sort("verdict")
        say("Verdicts: " + (", ".join(f"{n} {verdict}" for verdict, n in counts.iter_rows()) or "none yet"))
    return accounts(memory, list(settings.sources))


@app.command()
def doctor(ctx: typer.Context) -> int:
    """Check settings, key, stores, sources and exports, and say what to do where something is wrong.

    Nothing is read in and nothing is sent.
    """
    ailing = []
    for finding in examine(settings_of(ctx)):
        say(f"{'✗' if finding.ails else '✓'} {finding.what}: {finding.words}")
        ailing.append(finding.ails)
    say("All is well." if not any(ailing) else f"{sum(ailing)} to put right.")
    return FAILED if any(ailing) else FINE


@app.command()
def sources(
    kind: Annotated[str | None, typer.Argument(metavar="KIND", help="One kind, in full.", show_default=False)] = None,
    page: Annotated[bool, typer.Option("--page", help="Write docs/sources.md anew.", hidden=True)] = False,
) -> int:
    """Show what can be connected, how far each is proven, and the rights it needs.

    - `bellwether sources`
    - `bellwether sources jira`
    """
    if page:
        Path("docs/sources.md").write_text(catalogue.page(Path("docs/sources")))
    elif kind:
        catalogue.described(kind)
    else:
        catalogue.listed()
    return FINE


@app.command("indicators")
def shown_indicators(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="One, in full.", show_default=False)] = None,
    page: Annotated[bool, typer.Option("--page", help="Write docs/indicators.md anew.", hidden=True)] = False,
) -> int:
    """Show what is counted: each indicator, which way is good, and the tables it reads.

    - `bellwether indicators`
    - `bellwether indicators knowledge_reuse`
    """
    if page:
        Path("docs/indicators.md").write_text(definitions.page())
    elif name:
        definitions.described(name)
    else:
        definitions.listed()
    return FINE


def run_sync(settings: Settings, only: list[str] | None = None) -> int:
    names = list(only or settings.sources)
    checked(settings, names)
    if not names:
        raise SettingsError(f"{settings.file}: no source is set; add a section [sources.NAME]")
    with watched("Reading") as tick:
        jobs.sync(settings.model_copy(update={"sources": {name: settings.sources[name] for name in names}}), tick)
    return accounts(Memory.open(settings.store.memory), names)


def checked(settings: Settings, names: list[str]) -> None:
    """Whether every source can be made from its section, before the first is read."""
    for name in names:
        try:
            settings.source(name)
        except SourceError as error:
            raise SettingsError(str(error)) from None


def run_refresh(settings: Settings, today: date | None = None) -> int:
    with watched("Counting") as tick:
        jobs.refresh(settings, today, tick)
    memory = Memory.open(settings.store.memory)
    header = memory.edition()
    if header is None:
        warn("Nothing was published; run `bellwether doctor`.")
        return FAILED
    alarms = memory.verdicts().filter(verdict="alarm").height
    say(f"Published as of {header.as_of}: {memory.units().height:,} units, {alarms:,} alarms.")
    return FINE


def taken(address: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return True
    return False

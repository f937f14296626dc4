"""Setting up: a first settings file and a key of its own, for an organisation or for the made-up company."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from dashboard.settings import SettingsError

SYSTEMS = ("hr", "chat", "desk", "wiki", "survey", "learning")
SETTINGS = "settings.toml"
KEY = "bellwether.key"

FIRST = """\
# Settings of Bellwether. Paths are relative to this file; ${NAME} is replaced from the environment.
# Every key that can be set, with examples: settings.example.toml and docs/your-own-data.md.

[organisation]
name = "Our organisation"
time_zone = "UTC"                    # weeks and working hours are counted in it, like "Europe/Berlin"
# holidays = "DE-BY"                 # a country, or a country and its region

[store]
lake = "data/lake"
memory = "data/bellwether.db"
key_file = "bellwether.key"          # turns people into pseudonyms; keep it safe, and apart from backups

[privacy]
minimum = 8                          # people behind a number before it is shown; never under 5

# One section for each source; this one would read tickets from your own files.
# [sources.desk]
# kind = "files"
# [sources.desk.tickets]
# path = "exports/tickets-*.csv"
# dates = "%d/%m/%Y %H:%M"
# columns = { ticket = "number", unit = "group", assignee = "agent", opened = "opened_at", resolved = "resolved_at" }
# constant = { kind = "incident" }

[exports.folder]
kind = "files"
folder = "alerts"
"""


def begin(folder: Path, settings: str = FIRST) -> Iterator[str]:
    """Write what is missing; says what was written and what was there already."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield new(folder / SETTINGS, settings, 0o644)
        yield new(folder / KEY, secrets.token_hex(32) + "\n", 0o600)
    except OSError as error:
        raise SettingsError(
            f"{folder} cannot be written ({error.strerror}); grant the right or choose another"
        ) from None


def new(path: Path, text: str, mode: int) -> str:
    """A file that did not exist, with its rights from the first moment; never one that did."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        return f"{path} is there already; left as it is"
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return f"wrote {path}"


def begin_demo(folder: Path, people: int | None, seed: int | None, today: date | None) -> Iterator[str]:
    """Settings of a made-up company; those that are there are used again if they are of the same company."""
    path = folder / SETTINGS
    if path.exists():
        same(path, {"people": people, "seed": seed, "today": today})
    yield from begin(folder, made_up(people or 2400, 1 if seed is None else seed, today or date.today()))


def same(path: Path, asked: dict[str, Any]) -> None:
    """Another company in the same lake would be a mixture of both."""
    there = tomllib.loads(path.read_text()).get("sources", {}).get("hr", {})
    for name, value in asked.items():
        if value is not None and there.get(name) != value:
            raise SettingsError(
                f"{path.parent} holds a company with {name} = {there.get(name)}, not {value}; "
                f"choose another --folder, or remove {path.parent} first"
            )


def made_up(people: int, seed: int, today: date) -> str:
    company = f"seed = {seed}\npeople = {people}\ntoday = {today}\n"
    sources = "".join(f'\n[sources.{name}]\nkind = "demo"\nsystems = ["{name}"]\n{company}' for name in SYSTEMS)
    return f"""\
# A made-up company, as of {today}; nobody in it exists.
[organisation]
name = "Larkfield (made up)"
holidays = "DE"
time_zone = "UTC"
today = {today}
link = "http://127.0.0.1:8501"

[store]
lake = "data/lake"
memory = "data/bellwether.db"
key_file = "{KEY}"
{sources}
[exports.folder]
kind = "files"
folder = "alerts"

[reports.weekly]
title = "Weekly summary"
when = "Mondays 07:00"
to = ["folder"]
content = ["alerts", "scores", "indicators"]
"""

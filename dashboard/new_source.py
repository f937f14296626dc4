"""Writes a new source: its file, a recorded reply, its page; all of it passes the contract as it is."""

from __future__ import annotations

import json
import re
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from connectors.source import kinds
from dashboard.drafts import DRAFTS, USERS, Draft
from dashboard.settings import SettingsError, near

NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
SOURCE = '''\
"""{{ draft.promise | replace("TITLE", title) }}"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from connectors.fields import {{ draft.words }}
from connectors.http import Bearer, Cursor
from connectors.source import source
from connectors.web import Endpoint, Rows, Web, iso, polite

{{ draft.table | upper }} = Endpoint(
    "{{ draft.table }}",
    "{{ draft.path }}",
    rows="{{ draft.path }}",
    fields={
{%- for name, shape in draft.fields.items() %}
        "{{ name }}": {{ shape }},
{%- endfor %}
    },
    gives=(
        Rows(
            "{{ draft.table }}",
            {
{%- for name, words in draft.columns.items() %}
                "{{ name }}": {{ words }},
{%- endfor %}
            },
        ),
    ),
    paging=Cursor("cursor", "meta.next"),
    since=iso("updated_since"),
)
ACCOUNTS = Endpoint(
    "accounts",
    "users",
    rows="users",
    fields={"id": str, "email": str, "name": str, "is_bot": bool, "active": bool},
    gives=(
        Rows(
            "accounts",
            {
                "account": "id",
                "email": "email",
                "name": "name",
                "kind": pl.when("is_bot").then(pl.lit("bot")).otherwise(pl.lit("person")),
                "active": "active",
            },
        ),
    ),
    paging=Cursor("cursor", "meta.next"),
    covers="all",
)


@source(
    "{{ name }}",
    title="{{ title }}",
    group="{{ group }}",
    proof="documented",
    by="name the page of the vendor's documentation",
    scopes=("read",),
    needs={"url": "its address, like https://example.org/api", "token": "a token that may only read"},
)
def {{ name }}(name: str, settings: Mapping[str, Any]) -> Web:
    """{{ draft.docstring }}

    Needs a token that may read {{ draft.path }} and users, and nothing else.
    """
    api = polite(settings, settings["url"], Bearer(settings["token"]))
    return Web(name, api, [{{ draft.table | upper }}, ACCOUNTS])
'''
PAGE = """# {{ title }}

Kind `{{ name }}`. {{ draft.docstring }}

1. Make a token at {{ title }} that may read {{ draft.path }} and users, and nothing else.
2. Put it into the environment, and this into settings.toml:

```toml
[sources.{{ name }}]
kind = "{{ name }}"
url = "https://example.org/api"
token = "${{ '{' }}{{ name | upper }}_TOKEN}"
```

3. Run `bellwether doctor`, then `bellwether sync {{ name }}`.

Proven: documented only.
"""
SETTINGS = 'url = "URL"\ntoken = "canary-token"\n'


def written(name: str, group: str, root: Path) -> list[Path]:
    """The files of a new source below the project's folder; nothing that is there already is touched."""
    if not (root / "connectors" / "sources").is_dir():
        raise SettingsError(f"{root} is not Bellwether's own folder; run this where its connectors/ and tests/ are")
    if not NAME.fullmatch(name):
        raise SettingsError(f"{name} cannot name a source; use small letters, digits and _, such as example_desk")
    if group not in DRAFTS:
        raise SettingsError(f"{group} is no kind of source{near(group, list(DRAFTS))}; use {', '.join(DRAFTS)}")
    if name in kinds():
        raise SettingsError(f"there is a source {name} already; give yours another name")
    files = {root / place: text for place, text in drafted(name, group).items()}
    if there := [path for path in files if path.exists()]:
        raise SettingsError(f"{there[0]} is there already; remove it or give the source another name")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return list(files)


def drafted(name: str, group: str) -> dict[str, str]:
    """The text of each file, by its place."""
    draft = DRAFTS[group]
    said = {"name": name, "title": name.replace("_", " ").title(), "group": group, "draft": draft}
    jinja = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)
    bots = f"[accounts]\nlanded = {len(USERS)}\nrefused = 0\n"
    return {
        f"connectors/sources/{name}.py": jinja.from_string(SOURCE).render(said),
        f"tests/pages/{name}/settings.toml": SETTINGS,
        f"tests/pages/{name}/replies.json": replies(draft),
        f"tests/pages/{name}/expected.toml": f"[{draft.table}]\nlanded = {len(draft.records)}\nrefused = 0\n\n{bots}",
        f"docs/sources/{name}.md": jinja.from_string(PAGE).render(said),
    }


def replies(draft: Draft) -> str:
    """Two pages, nothing that is newer than the future, and the users."""
    first, second = draft.records
    none = {draft.path: [], "meta": {"next": None}}
    told = [
        {"path": f"/{draft.path}", "query": {"updated_since": "2100-01-01T00:00:00Z"}, "body": none},
        {"path": f"/{draft.path}", "query": {"cursor": "b"}, "body": {draft.path: [second], "meta": {"next": None}}},
        {"path": f"/{draft.path}", "body": {draft.path: [first], "meta": {"next": "b"}}},
        {"path": "/users", "body": {"users": USERS, "meta": {}}},
    ]
    return "[\n" + ",\n".join(" " + json.dumps(one) for one in told) + "\n]\n"

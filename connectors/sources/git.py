"""Pages of a git repository of Markdown: who wrote and bettered which, and which link which, never what they say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from connectors.errors import Refused
from connectors.source import source
from connectors.vendors import handbook
from connectors.vendors.git import MARKDOWN, Git
from connectors.vendors.repository import Repository


@source(
    "git",
    title="A git repository of Markdown pages",
    group="knowledge",
    proof="server",
    by="git 2.39, run by the tests",
    scopes=("read access to the repository",),
    needs={},
    may={
        "path": "a full clone on this machine",
        "url": "or where to fetch it from: https://, ssh:// or user@host:path",
        "token": "a token that may read it, for https",
        "user": "the user the token is for (x-access-token; GitLab: oauth2)",
        "cache": "where what is fetched is kept (data/git/NAME.git)",
        "branch": "the branch to read (the one that is checked out there)",
        "pages": "which paths are pages, as a pattern (all Markdown files)",
        "root": 'the folder that links such as /team/ start at (""), like "content"',
        "kinds": 'what the pages below a path are to us, like {"^runbooks/" = "playbook"}',
        "bots": "addresses of machines that commit",
    },
)
def git(name: str, settings: Mapping[str, Any]) -> Git:
    """Reads the history of a repository: pages through their renames, who changed them, what they link.

    Needs to read the repository and nothing else: a deploy key or a token for contents, read-only.
    """
    folder, token = Path(settings.get("folder", ".")), str(settings.get("token", ""))
    if bool(settings.get("path")) == bool(settings.get("url")):
        raise Refused(f"[sources.{name}] needs path (a clone on this machine) or url (where to fetch it from)")
    handbook.usable(name, settings.get("pages", MARKDOWN), *settings.get("kinds", {}))
    url = str(settings.get("url", ""))
    url = str(folder / url) if url and (folder / url).exists() else url
    where = folder / str(settings.get("path") or settings.get("cache", f"data/git/{name}.git"))
    return Git(
        name,
        Repository(where.absolute(), url, token, str(settings.get("user", "x-access-token"))),
        branch=str(settings.get("branch", "")),
        pages=settings.get("pages", MARKDOWN),
        root=str(settings.get("root", "")),
        kinds=dict(settings.get("kinds", {})),
        bots=tuple(settings.get("bots", [])),
    )

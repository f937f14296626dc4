"""Issues, merge requests and reviews from GitLab: who did what when, never what was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connectors.errors import Refused
from connectors.http import Key
from connectors.shape import Shape
from connectors.source import source
from connectors.vendors.gitlab import KINDS, GitLab, changed, life, listed, members
from connectors.vendors.gitlab_rows import linked
from connectors.web import Web, polite


@source(
    "gitlab",
    title="GitLab",
    group="ticketing",
    proof="recorded",
    by="replies of gitlab.com that DevLake recorded: issues, merge requests, notes, members",
    scopes=("read_api",),
    needs={"token": "a token of the scope read_api (the group's Settings, Access tokens; role Reporter)"},
    may={
        "url": "of your own GitLab, like https://gitlab.example.org",
        "group": "all projects of a group and those below it: its path or number",
        "projects": "in place of a group: a list like ['acme/web']",
        "profiles": "true to ask for each member of the group what they show in public, and whether it is a bot",
        "units": "projects as teams, like { Web = 'Blue' }",
        "types": "issue types as kinds of ticket, like { task = 'action' }",
        "labels": "labels as kinds of ticket, before types, like { outage = 'incident' }",
        "links": "how addresses of articles look: a list of { pattern, article }",
    },
)
def gitlab(name: str, settings: Mapping[str, Any]) -> Web:
    """Issues and merge requests (kind change) with comments, approvals and changes of state, review ties, members.

    Needs a group access token with the scope read_api and the role Reporter. A review is an approval, or a comment on
    the code by another than the author. Text is read only where `links` are to be found in it.
    """
    if not settings.get("group") and not settings.get("projects"):
        raise Refused(f"[sources.{name}] needs group or projects; name what is to be read")
    address = f"{str(settings.get('url', 'https://gitlab.com')).rstrip('/')}/api/v4"
    api = polite(settings, address, Key("PRIVATE-TOKEN", str(settings["token"])))
    projects = listed(settings)
    lists = {word: changed(kind, projects, settings) for word, kind in KINDS.items()}
    lives = [life(word, of, settings) for word, of in lists.items()]
    links = settings.get("links", [])
    fields: dict[str, Shape] = {"id": int, "created_at": str, "author": {"id": int}, "description": str}
    texts = [
        replace(of, name=f"{word} descriptions", fields=fields, gives=(linked(word, links),))
        for word, of in lists.items()
        if links
    ]
    return GitLab(name, api, [members(projects, settings), *lives, *texts])

"""Issues, pull requests and reviews from GitHub: who did what when, never what was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.errors import Refused
from connectors.http import Bearer
from connectors.source import source
from connectors.vendors.github import HEADERS, descriptions, listed, profiles, timeline, wrong
from connectors.web import Web, polite


@source(
    "github",
    title="GitHub",
    group="ticketing",
    proof="specification",
    by="GitHub's own OpenAPI description; issues, comments, reviews and events of a real repository",
    scopes=("Issues: read", "Pull requests: read", "Metadata: read", "Members: read (only with profiles)"),
    needs={"token": "a token (Settings, Developer settings, Fine-grained tokens)"},
    may={
        "organization": "all its repositories that the token may read",
        "repositories": "in place of an organization: a list like ['acme/web']",
        "url": "of GitHub Enterprise, like https://github.example.org/api/v3",
        "profiles": "true to read the public names and addresses of the organization's members, a request for each",
        "units": "repositories as teams, like { web = 'Blue' }",
        "types": "issue types as kinds of ticket, like { Bug = 'incident' }",
        "labels": "labels as kinds of ticket, before types, like { outage = 'incident' }",
        "links": "how addresses of articles look: a list of { pattern, article }",
    },
)
def github(name: str, settings: Mapping[str, Any]) -> Web:
    """Issues and pull requests (kind change) with comments, reviews and changes, ties of review, and accounts.

    Needs a fine-grained token that may read Issues, Pull requests and Metadata of the repositories; for the names of
    an organization's members Members too. Text is read only where `links` are to be found in it.
    """
    if not settings.get("organization") and not settings.get("repositories"):
        raise Refused(f"[sources.{name}] needs organization or repositories; name what is to be read")
    api = polite(settings, settings.get("url", "https://api.github.com"), Bearer(str(settings["token"])),
                 wrong=wrong, headers=HEADERS)  # fmt: skip
    issues, links = listed(settings), settings.get("links", [])
    endpoints = [timeline(settings, issues, links)]
    endpoints += [descriptions(issues, links)] if links else []
    endpoints += [profiles(settings["organization"])] if settings.get("profiles") else []
    return Web(name, api, endpoints)

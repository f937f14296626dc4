"""Where GitHub has its records, which fields are read, and what they are in our words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from connectors.http import Next, Reply
from connectors.shape import Shape
from connectors.vendors.github_rows import EVENT, ISSUE, USER, accounts, linked, moves, profile, review, ticket, uses
from connectors.web import Endpoint, iso, reaching_back

MANY = {"per_page": 100}
HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}


def wrong(reply: Reply) -> float | None:
    """Who asks much in a short time is told so in words only."""
    return 60.0 if reply.code in (403, 429) and b"secondary rate limit" in reply.content else None


def listed(settings: Mapping[str, Any]) -> Endpoint:
    """Issues and pull requests changed since, of each repository."""
    names = [dict(zip(("login", "name"), one.split("/"), strict=True)) for one in settings.get("repositories", [])]
    fields: dict[str, Shape] = {"id": int, "name": str}
    repositories = (
        Endpoint("repositories", "repos/{login}/{name}", fields, of=names, part="name")
        if names
        else Endpoint("repositories", "orgs/{login}/repos", fields, paging=Next(), params=MANY,
                      of=[{"login": settings["organization"]}], part="login")
    )  # fmt: skip
    return Endpoint(
        "issues", "repos/{parent.login}/{name}/issues", ISSUE, paging=Next(), since=iso("since"), of=repositories,
        params={"state": "all", "sort": "created", "direction": "asc", **MANY}, overlap=reaching_back(settings, 3),
    )  # fmt: skip


def timeline(settings: Mapping[str, Any], issues: Endpoint, links: Sequence[Mapping[str, str]]) -> Endpoint:
    """All that happened to one issue or pull request, in one request for most."""
    return Endpoint(
        "timeline", "repos/{parent.parent.login}/{parent.name}/issues/{number}/timeline",
        {**EVENT, **({"body": str} if links else {})}, paging=Next(), params=MANY, of=issues, overlap=issues.overlap,
        lasting=False, together=True, covers="all",
        gives=(ticket(settings), *moves(settings), review(), *accounts(), *uses(links)),
    )  # fmt: skip


def descriptions(issues: Endpoint, links: Sequence[Mapping[str, str]]) -> Endpoint:
    """What issues themselves link to; their text is not kept in mind with them."""
    fields: dict[str, Shape] = {"id": int, "created_at": str, "user": USER, "body": str}
    return replace(issues, name="descriptions", fields=fields, gives=(linked(links),))


def profiles(organization: str) -> Endpoint:
    """What members of the organization say of themselves in public."""
    members = Endpoint("members", "orgs/{login}/members", {"id": int}, paging=Next(), params=MANY,
                       of=[{"login": organization}], part="login")  # fmt: skip
    fields: dict[str, Shape] = {**USER, "name": str, "email": str}
    return Endpoint("profiles", "user/{id}", fields, of=members, gives=(profile(),), scope="Members: read")

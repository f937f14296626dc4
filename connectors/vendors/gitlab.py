"""Where GitLab has its records, which fields are read, and what they are in our words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import polars as pl

from connectors.holes import Record
from connectors.http import Next
from connectors.shape import Shape, schema
from connectors.vendors.gitlab_rows import ISSUE, NOTE, STATE, account, moves, review, ticket, uses
from connectors.web import Endpoint, Web, iso, reaching_back

MANY = {"per_page": 100}
KINDS = {"issue": "issues", "merge": "merge_requests"}
LEVELS = {"issues": "issues_access_level", "merge_requests": "merge_requests_access_level"}
PROJECT: dict[str, Shape] = {"id": int, "name": str, **dict.fromkeys(LEVELS.values(), str)}
USER: dict[str, Shape] = {
    **dict.fromkeys(("username", "name", "state", "email", "public_email"), str),
    "id": int,
    "bot": bool,
}


class GitLab(Web):
    """Changes of state and notes of one issue are two lists, and one frame."""

    def frames(self, endpoint: Endpoint, above: Record, since: datetime | None) -> Iterator[pl.DataFrame]:
        found = super().frames(endpoint, above, since)
        if endpoint.name not in KINDS:
            yield from found
            return
        notes = replace(endpoint, path=endpoint.path.replace("resource_state_events", "notes"), fields=NOTE)
        silent = endpoint.name == "issue" and above.get("user_notes_count") == 0
        said = () if silent else super().frames(notes, above, since)
        yield pl.concat([pl.DataFrame(schema=schema({**STATE, **NOTE})), *found, *said], how="diagonal")


def listed(settings: Mapping[str, Any]) -> Endpoint:
    if settings.get("projects"):
        named = [{"path": path} for path in settings["projects"]]
        return Endpoint("projects", "projects/{path}", PROJECT, of=named, part="path")
    params = {"include_subgroups": "true", "with_shared": "false", "order_by": "id", "sort": "asc", **MANY}
    return Endpoint("projects", "groups/{group}/projects", PROJECT, paging=Next(), params=params,
                    of=[{"group": settings["group"]}], part="group")  # fmt: skip


def changed(kind: str, projects: Endpoint, settings: Mapping[str, Any]) -> Endpoint:
    """Those that changed, of each project that has not switched off this kind: asking one that has is forbidden."""
    on = replace(projects, name=f"projects with {kind}", keep=pl.col(LEVELS[kind]).ne_missing(pl.lit("disabled")))
    params = {"scope": "all", "state": "all", "order_by": "created_at", "sort": "asc", **MANY}
    return Endpoint(kind, f"projects/{{id}}/{kind}", ISSUE, paging=Next(), params=params, of=on,
                    since=iso("updated_after"), overlap=reaching_back(settings, 3))  # fmt: skip


def life(word: str, of: Endpoint, settings: Mapping[str, Any]) -> Endpoint:
    path = f"projects/{{parent.id}}/{of.name}/{{iid}}/resource_state_events"
    links = settings.get("links", [])
    gives = (ticket(word, settings), *moves(word, settings), review(word), *uses(word, links))
    return Endpoint(word, path, STATE, paging=Next(), params=MANY, of=of, part=f"{word}-{{id}}", overlap=of.overlap,
                    lasting=False, together=True, covers="all", gives=gives)  # fmt: skip


def members(projects: Endpoint, settings: Mapping[str, Any]) -> Endpoint:
    """Everybody who may work there; whether it is a bot only each account itself tells."""
    if not settings.get("group"):
        path = "projects/{id}/members/all"
        return Endpoint("members", path, USER, paging=Next(), params=MANY, of=projects, gives=(account(),))
    of = [{"group": settings["group"]}]
    every = Endpoint("members", "groups/{group}/members/all", USER, paging=Next(), params=MANY, of=of, part="group")
    if settings.get("profiles"):
        return Endpoint("profiles", "users/{id}", USER, of=every, gives=(account(),))
    return replace(every, gives=(account(),))

"""Where Redmine has its records, which fields are read, and what they are in our words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from connectors.fields import LONG_AGO, at
from connectors.http import Counted
from connectors.keyset import Keyset
from connectors.reply import told
from connectors.source import Stream
from connectors.vendors.redmine_rows import (
    ARTICLE,
    GROUP,
    HISTORY,
    ISSUE,
    NAMED,
    OPENED,
    PAGE,
    PERSON,
    PROJECT,
    PUBLIC,
    SAID,
    TOLD,
    USER,
    life,
    moves,
    relations,
    ticket,
    uses,
)
from connectors.web import Endpoint, Rows, Web, reaching_back

ADMIN = "an administrator's key"
ALL, SINCE_THE_LAST = Counted("offset", "limit", total="total_count"), Keyset("issue_id", "issues.id", ">=", step=1)
WIKIS = at("enabled_modules").list.eval(pl.element().struct.field("name")).list.contains("wiki")
MODULES = {"include": "enabled_modules"}
PROJECTS = Endpoint("projects", "projects.json", PROJECT, (), "projects", ALL, MODULES, keep=WIKIS)
PAGES, WIKI_INDEX = (Rows("articles", ARTICLE),), "projects/{identifier}/wiki/index.json"
WIKI = Endpoint("wikis", WIKI_INDEX, PAGE, PAGES, "wiki_pages", of=PROJECTS, part="identifier", covers="all")
GROUPS = Endpoint("groups", "groups.json", NAMED, (Rows("accounts", GROUP),), "groups", scope=ADMIN)
EVERY = {"status_id": "*", "is_private": 0, "sort": "id", "limit": 100}
ISSUES = Endpoint("issues", "issues.json", ISSUE, (), "issues", SINCE_THE_LAST, EVERY, keep=PUBLIC)


@dataclass
class Redmine(Web):
    """Which statuses are closed is asked first: a journal has only their numbers."""

    settings: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def streams(self) -> list[Stream]:
        self.api.get("users/current.json")  # a wrong key reads what is public, and would pass for a right one
        statuses = self.api.get("issue_statuses.json").items("issue_statuses")
        closed = [str(told(one, "id", "issue_statuses.json")) for one in statuses if one.get("is_closed")]
        resolved = self.settings.get("resolved", ["Resolved"])
        done = [str(one["id"]) for one in statuses if one.get("name") in resolved and "id" in one]
        self.endpoints = every(self.settings, closed, done)
        *streams, wiki = super().streams()
        return [*streams, replace(wiki, parts=None)]  # read as a whole, pages that were deleted are missed


def every(settings: Mapping[str, Any], closed: list[str], done: list[str]) -> list[Endpoint]:
    who = [people(settings.get("services", [])), GROUPS] if settings.get("accounts", True) else []
    return [*who, *issues(settings, closed, done), WIKI]


def people(services: list[str]) -> Endpoint:
    kind = pl.when(at("login").is_in(services)).then(pl.lit("service"))
    states = [{"status": 1, "active": True}, {"status": 3, "active": False}]
    rows, asked = (Rows("accounts", {**PERSON, "kind": kind}),), {"status": "{status}"}
    return Endpoint("accounts", "users.json", USER, rows, "users", ALL, asked, of=states, part="status", scope=ADMIN)


def issues(settings: Mapping[str, Any], closed: list[str], done: list[str]) -> list[Endpoint]:
    """Those that changed, each with its journal; then a list of all, so that those that were deleted are missed."""
    said, ended, overlap = ticket(settings, closed), [*closed, *done], reaching_back(settings, 1)
    listed = (Rows("tickets", {**said, "changed": LONG_AGO}),)
    told = (
        Rows("tickets", {**said, **life(ended)}, within="ticket"),
        Rows("ticket_moves", OPENED, within="ticket"),
        Rows("ticket_moves", SAID, ("journals",), TOLD & (at("journals.notes") != ""), "ticket"),
        moves(ended),
        relations(),
        uses(settings.get("links", [])),
    )
    of = replace(ISSUES, since=lambda since: {"updated_on": f">={since:%Y-%m-%dT%H:%M:%SZ}"})
    asked: dict[str, Any] = {"params": {"include": "journals,relations"}, "of": of, "keep": PUBLIC, "overlap": overlap}
    return [
        Endpoint("tickets", "issues/{id}.json", HISTORY, told, "issue", covers="all", lasting=False, **asked),
        replace(ISSUES, name="here", gives=listed, covers="all", total="total_count"),
    ]

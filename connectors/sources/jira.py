"""Issues from Jira, Cloud and Data Center: who worked on what and when, never what it says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import polars as pl

from connectors.errors import Refused, SourceError
from connectors.fields import at, text
from connectors.holes import Record
from connectors.http import Basic, Bearer, Counted, Cursor, Reply
from connectors.shape import Shape, frame, rows
from connectors.source import source
from connectors.vendors.jira_history import HISTORY, WHO, told
from connectors.vendors.jira_rows import FIELDS, linked, moves, texts, tickets, uses, wanted
from connectors.web import Endpoint, Rows, Web, polite, reaching_back

ZONES = timedelta(hours=12)  # JQL reads a moment in the zone of whoever asks, at most so far behind UTC
CUT = 40  # Cloud's search gives so many changes of an issue and need not say that there are more
CLOUD = re.compile(r"https://([\w-]+\.(atlassian\.net|jira\.com)|api\.atlassian\.com)(/|$)")
HISTORIES = Endpoint(
    "changes",
    "rest/api/{version}/issue/{id}/changelog",
    HISTORY,
    rows="values",
    paging=Counted("startAt", "maxResults", total="total"),
)


@source(
    "jira",
    title="Jira",
    group="ticketing",
    proof="specification",
    by="the OpenAPI description of Jira Cloud platform v3 (2025-12); recorded replies of Cloud and of Apache's server",
    scopes=("read:jira-work", "read:jira-user"),
    needs={"url": "its address, like https://you.atlassian.net", "token": "an API token, or a personal access token"},
    may={
        "email": "the address of the account whose API token it is (Cloud)",
        "cloud": "true or false; else known by the address",
        "projects": "keys of the projects to read; all that may be read",
        "jql": "in place of projects: which issues to read",
        "types": "issue types as kinds of ticket, like { Bug = 'incident' }",
        "labels": "labels as kinds of ticket, before types, like { retro-action = 'action' }",
        "outcomes": "resolutions in our words, like { Obsolete = 'declined' }",
        "relations": "types of link in our words, like { 'Action item' = 'action' }",
        "unit": "the field that names the team: project.name, components, or customfield_10010.value",
        "cause": "the field that names the cause, if there is one",
        "skill": "the field that names the skill, if there is one",
        "links": "how addresses of articles look: a list of { pattern, article }",
    },
)  # fmt: skip
def jira(name: str, settings: Mapping[str, Any]) -> Web:
    """Issues with their changes, comments and links, and accounts; text only where `links` are to be found in it.

    An issue goes by its number, which stays when it is moved and gets another key. Needs an account that may browse
    the projects and see users; on Cloud an API token with the scopes read:jira-work and read:jira-user.
    """
    cloud = settings.get("cloud", CLOUD.match(str(settings["url"])) is not None)
    token, email = str(settings["token"]), settings.get("email")
    api = polite(settings, settings["url"], Basic(email, token) if email else Bearer(token), wrong=wrong)
    version = "3" if cloud and not settings.get("links") else "2"  # 3 gives text as a tree, 2 as text
    endpoints = [accounts(cloud=cloud, version=version), issues(settings, cloud=cloud, version=version)]
    comment = texts(settings.get("links", []))[1]
    return Jira(name, api, endpoints, cloud=cloud, version=version, jql=asked(settings), comment=comment)


@dataclass
class Jira(Web):
    """The search gives most of an issue at once; what it cuts off is asked for issue by issue."""

    cloud: bool = False
    version: str = "2"
    jql: str = ""
    comment: Mapping[str, Shape] = field(default_factory=dict, repr=False)
    done: list[str] = field(default_factory=list)

    def frames(self, endpoint: Endpoint, above: Record, since: datetime | None) -> Iterator[pl.DataFrame]:
        for found in super().frames(endpoint, above, since):
            yield self.whole(found) if endpoint.name == "issues" else found

    def whole(self, found: pl.DataFrame) -> pl.DataFrame:
        many = pl.coalesce(at("changelog.histories").list.len(), 0)
        cut = self.cloud & ((many >= CUT) | (many < at("changelog.total")).fill_null(value=False))
        more = at("fields.comment.total") > at("fields.comment.comments").list.len()
        found = self.filled_up(found, HISTORIES, at("changelog.histories").alias("histories"), cut)
        found = self.filled_up(found, comments(self.comment), at("fields.comment.comments").alias("comments"), more)
        self.done = self.done or (self.ending() if found.height else [])
        return told(found, self.done)

    def filled_up(self, found: pl.DataFrame, endpoint: Endpoint, given: pl.Expr, cut: pl.Expr) -> pl.DataFrame:
        """The issues with the whole of a list, of which the search gave only a part to those that are `cut`."""
        issues = found.filter(cut)["id"].drop_nulls().unique().to_list()
        with ThreadPoolExecutor(self.workers) as pool:
            lists = list(pool.map(partial(self.all_of, endpoint), issues))
        if not lists:
            return found.with_columns(given)
        full = found.join(pl.concat(lists), on="id", how="left")
        return full.with_columns(pl.coalesce("full", given).alias(given.meta.output_name())).drop("full")

    def all_of(self, endpoint: Endpoint, issue: str) -> pl.DataFrame:
        above = {"id": issue, "version": self.version}
        every = pl.concat(Web.frames(self, endpoint, above, None)).select(list(endpoint.fields))
        return every.select(id=pl.lit(issue), full=pl.struct(pl.all()).implode())

    def ending(self) -> list[str]:
        """The statuses in which work is done."""
        reply = self.api.get(f"rest/api/{self.version}/status")
        statuses = frame(rows(reply, ""), {"id": str, "statusCategory": {"key": str}}, reply.path)
        return statuses.filter(at("statusCategory.key") == "done")["id"].drop_nulls().to_list()

    def counted(self, endpoint: Endpoint) -> int | None:
        if not self.cloud:
            return super().counted(endpoint)
        path = f"rest/api/{self.version}/search/approximate-count"
        found = self.api.ask(path, method="POST", json={"jql": self.jql}).at("count")
        return found if isinstance(found, int) else None


def wrong(reply: Reply) -> SourceError | None:
    """Whom it does not know Jira answers as nobody, who may see nothing."""
    if "AUTHENTICATED_FAILED" in reply.headers.get("X-Seraph-LoginReason", "") or nobody(reply):
        return Refused(f"{reply.path} does not know this account; renew the token of this source")
    if reply.code == 400 and reply.path.endswith(("/search", "/jql", "/approximate-count")):
        return Refused(f"{reply.path} does not take the question (400); correct projects or jql of this source")
    return None


def nobody(reply: Reply) -> bool:
    return reply.headers.get("X-AUSERNAME") == "anonymous"


def asked(settings: Mapping[str, Any]) -> str:
    """Which issues to read; Cloud wants to be asked for some and not for all."""
    projects = ", ".join(f'"{project}"' for project in settings.get("projects", []))
    instead = f"project in ({projects})" if projects else "project is not EMPTY"
    return f"({settings['jql']})" if settings.get("jql") else instead


def comments(fields: Mapping[str, Shape]) -> Endpoint:
    paging = Counted("startAt", "maxResults", total="total")
    return Endpoint("comments", "rest/api/{version}/issue/{id}/comment", fields, rows="comments", paging=paging)


def accounts(*, cloud: bool, version: str) -> Endpoint:
    app = pl.col("accountType") == "app"
    return Endpoint(
        "accounts",
        f"rest/api/{version}/users/search" if cloud else "rest/api/2/user/search",
        {**WHO, "emailAddress": str, "displayName": str, "active": bool},
        params={} if cloud else {"username": ".", "includeInactive": "true"},
        paging=Counted("startAt", "maxResults", 1000 if cloud else 500),
        scope="read:jira-user",
        gives=(
            Rows(
                "accounts",
                {
                    "account": pl.coalesce(text("accountId"), text("key"), text("name")),
                    "email": text("emailAddress"),
                    "login": text("name"),
                    "name": text("displayName"),
                    "kind": pl.when(app).then(pl.lit("bot")).when(~app).then(pl.lit("person")),
                    "active": "active",
                },
            ),
        ),
    )


def issues(settings: Mapping[str, Any], *, cloud: bool, version: str) -> Endpoint:
    links, own = settings.get("links", []), [settings.get(word, "") for word in ("unit", "cause", "skill")]
    fields = {**FIELDS, **texts(links)[0], **dict(wanted(path) for path in own if path)}
    query = {"fields": ",".join(fields), "expand": "changelog"}
    jql, order = asked(settings), "ORDER BY created ASC"
    return Endpoint(
        "issues",
        f"rest/api/{version}/search/jql" if cloud else "rest/api/2/search",
        {"id": str, "key": str, "fields": fields, "changelog": {"total": int, "histories": [HISTORY]}},
        rows="issues",
        params={**query, "jql": f"{jql} {order}", **({"maxResults": 100} if cloud else {})},
        paging=Cursor("nextPageToken", "nextPageToken", "isLast")
        if cloud
        else Counted("startAt", "maxResults", total="total"),
        since=lambda since: {"jql": f'{jql} AND updated >= "{since - ZONES:%Y-%m-%d %H:%M}" {order}'},
        total="total",
        scope="read:jira-work",
        overlap=reaching_back(settings, 7),
        covers="since",
        gives=(tickets(settings), *moves(settings), linked(settings), *(uses(links) if links else ())),
    )  # fmt: skip

"""What Confluence says of pages, versions, comments and users, at home (Data Center) and in the Cloud, in our words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import polars as pl

from connectors.fields import Columns, at, joined, known, moment, text
from connectors.holes import Record
from connectors.http import Counted, Next
from connectors.shape import Shape
from connectors.web import Endpoint, Rows, reaching_back

WHO: dict[str, Shape] = {"accountId": str, "userKey": str, "accountType": str, "displayName": str, "username": str}
WHO |= {"publicName": str, "email": str}
LABELS: Shape = {"labels": {"results": [{"name": str}]}}
HISTORY: Shape = {"createdBy": WHO, "createdDate": str}
PAGE: dict[str, Shape] = {"id": str, "status": str, "space": {"name": str}, "metadata": LABELS, "history": HISTORY}
PAGE["version"] = {"when": str, "by": WHO, "number": int}
COMMENT: dict[str, Shape] = {"id": str, "history": HISTORY, "container": {"id": str, "history": HISTORY}}
LISTED = Next("_links.next", "_links.base")
CLOUD: dict[str, Shape] = {"number": int, "createdAt": str, "authorId": str, "minorEdit": bool}
CENTER: dict[str, Shape] = {"number": int, "when": str, "by": WHO, "minorEdit": bool}
CREATED = moment("parent.history.createdDate").first()
ARTICLE: Columns = {"article": at("parent.id").first(), "unit": at("parent.space.name").first(), "created": CREATED}
KINDS = {"app": "service", "atlassian": "person", "customer": "person"}
SPACE: dict[str, Shape] = dict.fromkeys(("id", "key", "name", "type"), str)
OLD: dict[str, Shape] = {"id": str, "authorId": str, "createdAt": str, "history": HISTORY}
OLD["version"] = {"createdAt": str, "when": str}


def who(field: str) -> pl.Expr:
    """A person's lasting id, in the Cloud or at home."""
    return pl.coalesce(at(f"{field}.accountId"), at(f"{field}.userKey"))


def changed(cql: str) -> Callable[[datetime], Record]:
    """CQL knows minutes, in the time zone of who asks; the overlap is longer than that."""
    return lambda since: {"cql": f'{cql} and lastmodified >= "{since:%Y/%m/%d %H:%M}"'}


def searched(name: str, fields: Mapping[str, Shape], cql: str, expand: str, gives: tuple[Rows, ...] = ()) -> Endpoint:
    asked = {"cql": cql, "expand": expand, "limit": 100}
    return Endpoint(
        name,
        "rest/api/content/search",
        fields,
        gives,
        "results",
        LISTED,
        asked,
        since=changed(cql),
        scope="search:confluence",
    )


def comments(spaces: str, settings: Mapping[str, Any]) -> Endpoint:
    author, other = who("history.createdBy"), who("container.history.createdBy")
    rows: Columns = {"tie": "id", "person": author, "other": other, "kind": pl.lit("reply")}
    rows |= {"seen": moment("history.createdDate")}
    given = Rows("ties_seen", rows, where=author.is_not_null() & other.is_not_null() & (author != other))
    return searched("comments", COMMENT, f"type = comment and {spaces}", "history,container.history", (given,))


def articles(spaces: str, settings: Mapping[str, Any], *, cloud: bool) -> Endpoint:
    """Each page that changed, with all its versions."""
    cql = f"type = page and {spaces}"
    pages = searched("pages", PAGE, cql, "space,history,version,metadata.labels")
    by, on = (text("authorId"), moment("createdAt")) if cloud else (who("by"), moment("when"))
    author = who("parent.history.createdBy")
    another = (by != author) & ~at("minorEdit").fill_null(value=False)
    labels = at("parent.metadata.labels.results").list.eval(pl.element().struct.field("name"))
    named = [pl.when(labels.list.contains(one)).then(pl.lit(kind)) for one, kind in settings.get("kinds", {}).items()]
    tie: Columns = {"tie": joined("parent.id", pl.lit("v"), "number", by=""), "person": by, "other": author}
    given = (
        Rows(
            "articles",
            {
                **ARTICLE,
                "kind": pl.coalesce(*named, pl.lit("wiki")).first(),
                "author": author.first(),
                "reviewed": on.filter(another).max(),
                "changed": moment("parent.version.when").first(),
            },
        ),
        Rows("ties_seen", {**tie, "kind": pl.lit("review"), "seen": on}, where=another.fill_null(value=False)),
    )
    place = "api/v2/pages/{id}/versions" if cloud else "rest/api/content/{id}/version"
    return Endpoint(
        "articles",
        place,
        CLOUD if cloud else CENTER,
        given,
        "results",
        Next("_links.next") if cloud else LISTED,
        {"limit": 200},
        of=pages,
        lasting=False,
        together=True,
        overlap=reaching_back(settings, 2),
        scope="read:page:confluence",
    )


def retired(settings: Mapping[str, Any], *, cloud: bool) -> Endpoint:
    """Pages that were put away: they are in no search, only in the list of their space."""
    keys = settings.get("spaces", [])
    kept = at("key").is_in(keys) if keys else (at("type") != "personal") | pl.lit(bool(settings.get("personal")))
    one = ("api/v2/spaces", "id") if cloud else ("rest/api/space", "key")
    paging = Next("_links.next") if cloud else LISTED
    spaces = Endpoint("spaces", one[0], SPACE, (), "results", paging, {"limit": 200}, keep=kept)
    put_away: dict[str, Any] = {"status": ["archived", "trashed"]}
    trash: dict[str, Any] = {"spaceKey": "{key}", "type": "page", "status": "trashed", "expand": "history,version"}
    asked = {**(put_away if cloud else trash), "limit": 200}
    place = "api/v2/spaces/{id}/pages" if cloud else "rest/api/content"
    rows: Columns = {"article": "id", "kind": pl.lit("wiki"), "unit": "parent.name"}
    rows |= {"author": pl.coalesce("authorId", who("history.createdBy"))}
    rows |= {"created": moment(pl.coalesce("createdAt", at("history.createdDate")))}
    left = moment(pl.coalesce(at("version.createdAt"), at("version.when")))
    given = Rows("articles", {**rows, "retired": left, "changed": left})
    return Endpoint("retired", place, OLD, (given,), "results", paging, asked, of=spaces, part=one[1])


def users(settings: Mapping[str, Any], *, cloud: bool) -> Endpoint:
    """In the Cloud a search gives them, with addresses where their owners show them; at home a group, without."""
    prefix = "user." if cloud else ""
    names = pl.coalesce(*(at(f"{prefix}{name}") for name in ("publicName", "displayName")))
    rows: Columns = {
        "account": pl.coalesce(*(at(f"{prefix}{name}") for name in ("accountId", "userKey"))),
        "name": names,
    }
    rows |= {"email": text(f"{prefix}email"), "login": at(f"{prefix}username")}
    rows |= {"kind": known(f"{prefix}accountType", KINDS, "person")}
    given = (Rows("accounts", rows),)
    if cloud:
        found = Counted("start", "limit", 100, total="totalSize")
        asked = {"cql": "type = user"}
        return Endpoint("accounts", "rest/api/search/user", {"user": WHO}, given, "results", found, asked)
    group = str(settings.get("group", "confluence-users"))
    above = [{"group": group}]
    return Endpoint(
        "accounts",
        "rest/api/group/{group}/member",
        WHO,
        given,
        "results",
        LISTED,
        {"limit": 200},
        of=above,
        part="group",
    )

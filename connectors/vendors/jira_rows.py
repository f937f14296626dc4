"""What Jira calls the parts of an issue, and what they are in our tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from connectors.fields import articles, at, first_known, joined, known, moment, text
from connectors.shape import Shape
from connectors.vendors.jira_history import COMMENT, WHO, person, who
from connectors.web import Rows

TYPES = {
    "Incident": "incident",
    "Change": "change",
    "[System] Incident": "incident",
    "[System] Change": "change",
    "[System] Post-incident review": "review",
}
DECLINED = ("Won't Do", "Won't do", "Won't Fix", "Declined", "Rejected", "Canceled", "Cancelled")
OUTCOMES = {**dict.fromkeys(DECLINED, "declined"), "Duplicate": "duplicate"}
NAMED: dict[str, Shape] = {"name": str}
FIELDS: dict[str, Shape] = {
    "issuetype": NAMED,
    "resolution": NAMED,
    "project": {"key": str, "name": str},
    "status": {"statusCategory": {"key": str}},
    "statuscategorychangedate": str,
    "created": str,
    "updated": str,
    "resolutiondate": str,
    "reporter": WHO,
    "assignee": WHO,
    "labels": [str],
    "components": [NAMED],
    "issuelinks": [{"id": str, "type": NAMED, "outwardIssue": {"id": str, "key": str}}],
}


def texts(links: list[Mapping[str, str]]) -> tuple[dict[str, Shape], dict[str, Shape]]:
    """What is read of an issue's text and of a comment: nothing, unless links are to be found there."""
    comment: dict[str, Shape] = {**COMMENT, **({"body": str} if links else {})}
    return {"comment": {"total": int, "comments": [comment]}, **({"description": str} if links else {})}, comment


def wanted(path: str) -> tuple[str, Shape]:
    """A field of the settings, as it is to be read: `customfield_10010.value`."""
    first, *inner = path.split(".")
    shape: Shape = FIELDS.get(first, str)
    for name in reversed(inner):
        shape = {name: str if shape is str else shape}
    return first, FIELDS.get(first, shape)


def word(path: str) -> pl.Expr:
    """What a field of the settings says; the first of several."""
    if path == "components":
        return at("fields.components").list.first().struct.field("name")
    return at("fields.labels").list.first() if path == "labels" else text(f"fields.{path}")


def tickets(settings: Mapping[str, Any]) -> Rows:
    types = known("fields.issuetype.name", {**TYPES, **settings.get("types", {})}, "request")
    ended = at("fields.status.statusCategory.key") == "done"
    closed = pl.coalesce(moment("fields.statuscategorychangedate"), "ended", moment("fields.resolutiondate"))
    return Rows(
        "tickets",
        {
            "ticket": "id",
            "kind": pl.coalesce(first_known("fields.labels", settings.get("labels", {})), types),
            "unit": word(settings.get("unit", "project.name")),
            "assignee": who("fields.assignee"),
            "opened": moment("fields.created"),
            "answered": "answered",
            "resolved": moment("fields.resolutiondate"),
            "closed": pl.when(ended).then(closed),
            "reopened": "reopened",
            "reopenings": "reopenings",
            "outcome": known("fields.resolution.name", {**OUTCOMES, **settings.get("outcomes", {})}),
            **{name: word(settings[name]) for name in ("cause", "skill") if name in settings},
            "changed": moment("fields.updated"),
        },
    )


def moves(settings: Mapping[str, Any]) -> tuple[Rows, ...]:
    """Opened, assigned, brought from status to status, commented."""
    same: dict[str, pl.Expr | str] = {"ticket": "id", "unit": word(settings.get("unit", "project.name"))}
    assigned = at("items.field") == "assignee"
    was, now = (at(f"items.{side}").is_in(pl.col("done")).fill_null(value=False) for side in ("from", "to"))
    other = (
        pl.when(was & ~now)
        .then(pl.lit("reopened"))
        .when(now & ~was)
        .then(pl.lit("resolved"))
        .otherwise(pl.lit("moved"))
    )
    told = at("items.field").is_in(["status", "assignee"]) & at("items.fieldtype").ne_missing("custom")
    return (
        Rows("ticket_moves", {
            **same, "move": joined(pl.lit("opened"), "id"), "person": who("fields.reporter"),
            "action": pl.lit("opened"), "moved": moment("fields.created"),
        }),
        Rows("ticket_moves", {
            **same, "move": joined("histories.id", "items.field"), "moved": moment("histories.created"),
            "person": pl.when(assigned).then(text("items.to")).otherwise(who("histories.author")),
            "action": pl.when(assigned).then(pl.lit("assigned")).otherwise(other),
        }, unfold=("histories", "histories.items"), where=told & ~(assigned & at("items.to").is_null())),
        Rows("ticket_moves", {
            **same, "move": joined(pl.lit("comment"), "comments.id"), "person": who("comments.author"),
            "action": pl.lit("commented"), "moved": moment("comments.created"),
        }, unfold=("comments",), where=person("comments.author")),
    )  # fmt: skip


def linked(settings: Mapping[str, Any]) -> Rows:
    kind = known("linked.link.type.name", settings.get("relations", {}))
    ends = {"link": "linked.link.id", "origin": "id", "target": "linked.link.outwardIssue.id"}
    return Rows("links", {**ends, "kind": kind, "made": "linked.made"}, unfold=("linked",))


def uses(links: list[Mapping[str, str]]) -> tuple[Rows, ...]:
    """Known articles that a description or a comment links to."""
    return (
        Rows("article_uses", {
            "use": joined("id", "article"), "article": "article", "ticket": "id",
            "person": who("fields.reporter"), "used": moment("fields.created"),
        }, unfold=(articles("fields.description", links).alias("article"),), elsewhere=("article",)),
        Rows("article_uses", {
            "use": joined("comments.id", "article"), "article": "article", "ticket": "id",
            "person": who("comments.author"), "used": moment("comments.created"),
        }, unfold=("comments", articles("comments.body", links).alias("article")), elsewhere=("article",)),
    )  # fmt: skip

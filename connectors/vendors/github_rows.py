"""What GitHub calls the parts of an issue and of its timeline, and what they are in our tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from connectors.fields import articles, at, first_known, joined, known, moment, text
from connectors.rows import Rows
from connectors.shape import Shape

USER: dict[str, Shape] = {"id": int, "login": str, "type": str}
ISSUE: dict[str, Shape] = {
    "id": int,
    "number": int,
    "state_reason": str,
    "created_at": str,
    "updated_at": str,
    "closed_at": str,
    "user": USER,
    "assignees": [USER],
    "labels": [{"name": str}],
    "type": {"name": str},
    "pull_request": {"merged_at": str, "url": str},
}
EVENT: dict[str, Shape] = {
    "event": str,
    "id": int,
    "created_at": str,
    "submitted_at": str,
    "user": USER,
    "actor": USER,
    "assignee": USER,
    "comments": [{"id": int, "created_at": str, "user": USER}],
}
ACTIONS = {
    "commented": "commented",
    "reviewed": "reviewed",
    "assigned": "assigned",
    "reopened": "reopened",
    "closed": "resolved",
    "ready_for_review": "moved",
    "convert_to_draft": "moved",
}
WHY = {"not_planned": "declined", "duplicate": "duplicate", "completed": "completed"}
WHEN = pl.coalesce(moment("created_at"), moment("submitted_at"))
ASKER = at("parent.user.id")
SAID = at("event").is_in(["commented", "reviewed"]) & at("user.type").ne_missing("Bot")
OTHER = SAID & at("user.id").ne_missing(ASKER)


def unit(settings: Mapping[str, Any]) -> pl.Expr:
    return known("parent.parent.name", settings.get("units", {}))


def ticket(settings: Mapping[str, Any]) -> Rows:
    """One row of all events of an issue, be there none."""
    names = at("parent.labels").list.eval(pl.element().struct.field("name"))
    typed = known("parent.type.name", settings.get("types", {}), "request")
    kind = pl.coalesce(first_known(names, settings.get("labels", {})), typed)
    pull, merged = at("parent.pull_request.url").is_not_null(), at("parent.pull_request.merged_at").is_not_null()
    back = at("event") == "reopened"
    of_pull = pl.when(merged).then(pl.lit("merged")).when(at("parent.closed_at").is_not_null()).then(pl.lit("declined"))
    columns = {
        "ticket": at("parent.id"),
        "kind": pl.when(pull).then(pl.lit("change")).otherwise(kind),
        "unit": unit(settings),
        "assignee": at("parent.assignees").list.first().struct.field("id"),
        "opened": moment("parent.created_at"),
        "resolved": moment("parent.closed_at"),
        "closed": moment("parent.closed_at"),
        "outcome": pl.when(pull).then(of_pull).otherwise(known("parent.state_reason", WHY)),
        "changed": moment("parent.updated_at"),
    }
    of_events = {
        "answered": WHEN.filter(OTHER).min(),
        "reopened": WHEN.filter(back).max(),
        "reopenings": back.sum().cast(pl.Int64),
    }
    return Rows("tickets", {**{name: one.first() for name, one in columns.items()}, **of_events}, within="ticket")


def moves(settings: Mapping[str, Any]) -> tuple[Rows, ...]:
    """Opened, assigned, commented, reviewed, closed and opened again; what bots say is left out."""
    same = {"ticket": at("parent.id"), "unit": unit(settings)}
    assigned, own = at("event") == "assigned", ~OTHER & (at("event") == "reviewed")
    said = at("event").is_in(["commented", "reviewed"])
    opened = {**same, "person": ASKER, "moved": moment("parent.created_at"), "action": pl.lit("opened")}
    opened["move"] = joined(pl.lit("opened"), "parent.id")
    return (
        Rows("ticket_moves", {name: one.first() for name, one in opened.items()}, within="ticket"),
        Rows("ticket_moves", {
            **same, "move": joined("event", "id"), "moved": WHEN,
            "person": pl.when(assigned).then(at("assignee.id")).otherwise(pl.coalesce(at("user.id"), at("actor.id"))),
            "action": pl.when(own).then(pl.lit("commented")).otherwise(known("event", ACTIONS)),
        }, where=at("event").is_in(list(ACTIONS)) & (SAID | ~said) & WHEN.is_not_null(), within="ticket"),
        Rows("ticket_moves", {
            **same, "move": joined(pl.lit("line"), "comments.id"), "person": at("comments.user.id"),
            "action": pl.lit("commented"), "moved": moment("comments.created_at"),
        }, unfold=("comments",), where=at("comments.user.type").ne_missing("Bot"), within="ticket"),
    )  # fmt: skip


def review() -> Rows:
    """A tie from whoever looked at another's work; the pull request stands as the place."""
    columns: dict[str, pl.Expr | str] = {"tie": joined("event", "id"), "person": "user.id", "other": ASKER}
    columns |= {"seen": WHEN, "channel": "parent.id", "kind": pl.lit("review")}
    of_people = ASKER.is_not_null() & (at("parent.user.type") != "Bot") & at("user.id").is_not_null()
    where = OTHER & (at("event") == "reviewed") & of_people & WHEN.is_not_null()
    return Rows("ties_seen", columns, where=where, within="channel")


def accounts() -> tuple[Rows, ...]:
    """Whoever opened, said or did something."""
    return tuple(
        Rows("accounts", {"account": f"{who}.id", "login": f"{who}.login", "kind": kind_of(f"{who}.type")},
             where=at(f"{who}.id").is_not_null())
        for who in ("parent.user", "user", "actor")
    )  # fmt: skip


def profile() -> Rows:
    named = {"email": text("email"), "name": text("name"), "kind": kind_of("type"), "active": pl.lit(True)}
    return Rows("accounts", {"account": "id", "login": "login", **named})


def kind_of(field: str) -> pl.Expr:
    return pl.when(at(field) == "Bot").then(pl.lit("bot")).when(at(field) == "User").then(pl.lit("person"))


def uses(links: Sequence[Mapping[str, str]]) -> tuple[Rows, ...]:
    """Known articles that a comment or a review links to; none is looked for without `links`."""
    columns: dict[str, pl.Expr | str] = {"use": joined("event", "id", "article"), "article": "article"}
    columns |= {"ticket": "parent.id", "person": "user.id", "used": WHEN}
    found = (articles("body", links).alias("article"),)
    where = SAID & WHEN.is_not_null()
    return (Rows("article_uses", columns, found, where, elsewhere=("article",)),) if links else ()


def linked(links: Sequence[Mapping[str, str]]) -> Rows:
    """Known articles that the description links to."""
    columns: dict[str, pl.Expr | str] = {"use": joined("id", "article"), "article": "article"}
    columns |= {"ticket": "id", "person": "user.id", "used": moment("created_at")}
    found = (articles("body", links).alias("article"),)
    return Rows("article_uses", columns, found, elsewhere=("article",))

"""What GitLab calls the parts of an issue or a merge request, and what they are in our tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from connectors.fields import articles, at, first_known, joined, known, moment, text
from connectors.rows import Rows
from connectors.shape import Shape

WHO: dict[str, Shape] = {"id": int}
ISSUE: dict[str, Shape] = {
    "id": int,
    "iid": int,
    "issue_type": str,
    "state": str,
    "created_at": str,
    "updated_at": str,
    "closed_at": str,
    "merged_at": str,
    "author": WHO,
    "assignees": [WHO],
    "labels": [str],
    "moved_to_id": int,
    "user_notes_count": int,
    "_links": {"closed_as_duplicate_of": str},
}
STATE: dict[str, Shape] = {"id": int, "created_at": str, "user": WHO, "state": str}
NOTE: dict[str, Shape] = {
    "id": int,
    "created_at": str,
    "author": WHO,
    "type": str,
    "system": bool,
    "internal": bool,
    "body": str,
}
ASKER = at("parent.author.id")
WHEN = moment("created_at")
SAID = at("author.id").is_not_null() & ~at("system").fill_null(value=False)
ANOTHER = at("author.id").is_not_null() & at("author.id").ne_missing(ASKER)
APPROVED = at("system") & (at("body") == "approved this merge request")
REVIEWED = (APPROVED | (SAID & (at("type") == "DiffNote"))).fill_null(value=False) & ANOTHER
STATES = {"closed": "resolved", "merged": "resolved", "reopened": "reopened"}


def ticket(word: str, settings: Mapping[str, Any]) -> Rows:
    """One row of all that happened to an issue or a merge request, be it nothing."""
    back = (at("state") == "reopened").fill_null(value=False)
    ended = pl.coalesce(moment("parent.merged_at"), moment("parent.closed_at"))
    columns = {
        "ticket": named(word),
        "kind": kind(settings) if word == "issue" else pl.lit("change"),
        "unit": unit(settings),
        "assignee": at("parent.assignees").list.first().struct.field("id"),
        "opened": moment("parent.created_at"),
        "resolved": ended,
        "closed": ended,
        "outcome": outcome(word),
        "changed": moment("parent.updated_at"),
    }
    of_events = {
        "answered": WHEN.filter(SAID & ANOTHER & at("internal").ne_missing(pl.lit(True))).min(),
        "reopened": WHEN.filter(back).max(),
        "reopenings": back.sum().cast(pl.Int64),
    }
    return Rows("tickets", {**{name: one.first() for name, one in columns.items()}, **of_events}, within="ticket")


def named(word: str) -> pl.Expr:
    """Issues and merge requests are numbered each on their own."""
    return joined(pl.lit(word), "parent.id", by="-")


def kind(settings: Mapping[str, Any]) -> pl.Expr:
    types = known("parent.issue_type", {"incident": "incident", **settings.get("types", {})}, "request")
    return pl.coalesce(first_known("parent.labels", settings.get("labels", {})), types)


def unit(settings: Mapping[str, Any]) -> pl.Expr:
    return known("parent.parent.name", settings.get("units", {}))


def outcome(word: str) -> pl.Expr:
    """What became of it; an issue that was moved goes on elsewhere."""
    state, elsewhere = at("parent.state"), text("parent._links.closed_as_duplicate_of").is_not_null()
    if word == "issue":
        return pl.when(elsewhere | at("parent.moved_to_id").is_not_null()).then(pl.lit("duplicate"))
    return pl.when(state == "merged").then(pl.lit("merged")).when(state == "closed").then(pl.lit("declined"))


def moves(word: str, settings: Mapping[str, Any]) -> tuple[Rows, ...]:
    """Opened, closed and opened again; commented, and reviewed: approved, or the code commented by another."""
    same = {"ticket": named(word), "unit": unit(settings)}
    opened = {**same, "person": ASKER, "moved": moment("parent.created_at"), "action": pl.lit("opened")}
    opened["move"] = joined(pl.lit("opened"), named(word))
    action = pl.when(REVIEWED).then(pl.lit("reviewed")).otherwise(pl.lit("commented"))
    return (
        Rows("ticket_moves", {name: one.first() for name, one in opened.items()}, within="ticket"),
        Rows("ticket_moves", {
            **same, "move": joined(pl.lit(f"{word}-state"), "id"), "person": at("user.id"), "moved": WHEN,
            "action": known("state", STATES),
        }, where=at("state").is_in(list(STATES)), within="ticket"),
        Rows("ticket_moves", {
            **same, "move": joined(pl.lit("note"), "id"), "person": at("author.id"), "moved": WHEN, "action": action,
        }, where=SAID | REVIEWED, within="ticket"),
    )  # fmt: skip


def review(word: str) -> Rows:
    """A tie from whoever looked at another's work; the merge request stands as the place."""
    columns: dict[str, pl.Expr | str] = {"tie": joined(pl.lit("note"), "id"), "person": "author.id", "other": ASKER}
    columns |= {"seen": WHEN, "channel": named(word), "kind": pl.lit("review")}
    return Rows("ties_seen", columns, where=REVIEWED & ASKER.is_not_null(), within="channel")


def uses(word: str, links: Sequence[Mapping[str, str]]) -> tuple[Rows, ...]:
    """Known articles that a comment links to; none is looked for without `links`."""
    columns: dict[str, pl.Expr | str] = {"use": joined(pl.lit("note"), "id", "article"), "article": "article"}
    columns |= {"ticket": named(word), "person": "author.id", "used": WHEN}
    found = (articles("body", links).alias("article"),)
    return (Rows("article_uses", columns, found, SAID, elsewhere=("article",)),) if links else ()


def linked(word: str, links: Sequence[Mapping[str, str]]) -> Rows:
    """Known articles that the description links to."""
    own = joined(pl.lit(word), "id", by="-")
    columns: dict[str, pl.Expr | str] = {"use": joined(own, "article"), "article": "article", "ticket": own}
    columns |= {"person": "author.id", "used": moment("created_at")}
    return Rows("article_uses", columns, (articles("description", links).alias("article"),), elsewhere=("article",))


def account() -> Rows:
    bot = at("bot")
    return Rows("accounts", {
        "account": "id", "login": "username", "name": text("name"), "active": at("state") == "active",
        "email": pl.coalesce(text("email"), text("public_email")),
        "kind": pl.when(bot).then(pl.lit("bot")).when(~bot).then(pl.lit("person")),
    })  # fmt: skip

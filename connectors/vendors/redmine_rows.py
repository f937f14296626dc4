"""What Redmine calls the parts of an issue, a user and a wiki page, and what they are in our tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from connectors.fields import Columns, articles, at, each, joined, known, members, moment, text
from connectors.shape import Shape
from connectors.web import Rows

NAMED: dict[str, Shape] = {"id": int, "name": str}
CHANGE: dict[str, Shape] = {"property": str, "name": str, "old_value": str, "new_value": str}
NOTE: dict[str, Shape] = {
    "id": int,
    "user": NAMED,
    "notes": str,
    "private_notes": bool,
    "created_on": str,
    "details": [CHANGE],
}
ISSUE: dict[str, Shape] = {
    "id": int,
    "is_private": bool,
    "project": NAMED,
    "tracker": NAMED,
    "status": NAMED,
    "category": NAMED,
}
ISSUE |= {"author": NAMED, "assigned_to": NAMED, "created_on": str, "updated_on": str, "closed_on": str}
HISTORY: dict[str, Shape] = {**ISSUE, "journals": [NOTE], "relations": [{"issue_to_id": int}]}
USER: dict[str, Shape] = {"id": int, "login": str, "firstname": str, "lastname": str, "mail": str}
PROJECT: dict[str, Shape] = {"identifier": str, "name": str, "enabled_modules": [NAMED]}
PAGE: dict[str, Shape] = {"title": str, "version": int, "created_on": str, "updated_on": str}
KINDS = {"Bug": "incident", "Feature": "change", "Support": "request"}
OUTCOMES = {"Rejected": "declined", "Duplicate": "duplicate"}
PUBLIC = ~at("is_private").fill_null(value=False)
TOLD = ~at("journals.private_notes").fill_null(value=False)
CHANGES = ("journals", "journals.details")
OPENED: Columns = {"move": joined("id", pl.lit("opened")), "ticket": "id", "person": text("author.id")}
OPENED |= {"moved": moment("created_on"), "action": pl.lit("opened")}
NOTED: Columns = {"ticket": "id", "person": text("journals.user.id"), "moved": moment("journals.created_on")}
SAID: Columns = {"move": joined("journals.id", pl.lit("said")), **NOTED, "action": pl.lit("commented")}
NAME = joined(at("firstname").fill_null(""), at("lastname").fill_null(""), by=" ")
PERSON: Columns = {"account": text("id"), "email": "mail", "login": "login", "name": NAME, "active": "parent.active"}
GROUP: Columns = {"account": text("id"), "name": "name", "kind": pl.lit("group")}
ARTICLE: Columns = {
    "article": joined("parent.identifier", "title", by="/wiki/"),
    "kind": pl.lit("wiki"),
    "unit": "parent.name",
}
ARTICLE |= {"created": moment("created_on"), "reviewed": pl.when(at("version") > 1).then(moment("updated_on"))}


def ticket(settings: Mapping[str, Any], closed: list[str]) -> Columns:
    """What the list of issues says of one."""
    ended = pl.when(text("status.id").is_in(closed))
    return {
        "ticket": "id",
        "kind": known("tracker.name", {**KINDS, **settings.get("types", {})}, "request"),
        "unit": "project.name",
        "assignee": text("assigned_to.id"),
        "opened": moment("created_on"),
        "resolved": ended.then(moment("closed_on")),
        "closed": ended.then(moment("closed_on")),
        "cause": "category.name",
        "outcome": ended.then(known("status.name", {**OUTCOMES, **settings.get("outcomes", {})})),
        "changed": moment("updated_on"),
    }


def life(ended: list[str]) -> dict[str, pl.Expr]:
    """What only its journal tells of an issue: the first answer of another, when it was resolved and opened again."""
    note, of = members("journals").struct.field, pl.element().struct.field
    was, now, when = of("old_value").is_in(ended), of("new_value").is_in(ended), moment(note("created_on"))
    resolved = note("details").list.eval((of("name") == "status_id") & ~was & now).list.any()
    reopened = note("details").list.eval((of("name") == "status_id") & was & ~now).list.any()
    answer = (note("notes") != "") & ~note("private_notes").fill_null(value=False)
    another = note("user").struct.field("id") != at("author.id").first()
    last = pl.coalesce(each(when.filter(resolved).max()), moment("closed_on"))
    return {
        "answered": each(when.filter(answer & another).min()),
        "resolved": pl.when(text("status.id").is_in(ended)).then(last),
        "reopened": each(when.filter(reopened).max()),
        "reopenings": each(reopened.sum()),
    }


def moves(ended: list[str]) -> Rows:
    """Changes of status and of who has it."""
    was, now = at("details.old_value").is_in(ended), at("details.new_value").is_in(ended)
    state = pl.when(now & ~was).then(pl.lit("resolved")).when(was & ~now).then(pl.lit("reopened"))
    given = at("details.name") == "assigned_to_id"
    action = pl.when(given).then(pl.lit("assigned")).otherwise(state.otherwise(pl.lit("moved")))
    which = (at("details.property") == "attr") & (given | (at("details.name") == "status_id"))
    columns: Columns = {"move": joined("journals.id", "details.name"), **NOTED, "action": action}
    return Rows("ticket_moves", columns, CHANGES, which & TOLD, "ticket")


def relations() -> Rows:
    """Those that still stand, told by the issue they begin at and dated by its journal."""
    targets = at("relations").list.eval(pl.element().struct.field("issue_to_id").cast(pl.String))
    which = (at("details.property") == "relation") & targets.list.contains(at("details.new_value"))
    columns: Columns = {"link": joined("journals.id", "details.new_value"), "kind": "details.name", "origin": "id"}
    columns |= {"target": "details.new_value", "made": moment("journals.created_on")}
    return Rows("links", columns, CHANGES, which.fill_null(value=False), "origin")


def uses(links: list[Mapping[str, str]]) -> Rows:
    linked = articles("journals.notes", links).alias("linked")
    columns: Columns = {"use": joined("journals.id", "linked"), "article": "linked", "person": text("journals.user.id")}
    columns |= {"used": moment("journals.created_on"), "ticket": "id"}
    return Rows("article_uses", columns, ("journals", linked), TOLD, "ticket", ("article",))

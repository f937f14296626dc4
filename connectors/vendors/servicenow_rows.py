"""What ServiceNow calls the parts of a task, a user and an article, and what they are in our tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from connectors.fields import Columns, at, day, joined, known, moment, text
from connectors.web import Rows

KINDS = {"incident": "incident", "problem": "review", "problem_task": "action", "change_request": "change"}
OUTCOMES = {
    "Duplicate": "duplicate",
    "Not Solved (Not Reproducible)": "declined",
    "Not Solved (Too Costly)": "declined",
}
DONE = ["6", "7", "8"]
GROUP, OWNER = pl.col("assignment_group.name"), pl.col("assigned_to.user_name")
TASK = ["sys_id", "sys_class_name", "assignment_group.name", "assigned_to.user_name", "opened_at", "closed_at"]
TICKET = [*TASK, "sys_updated_on", "resolved_at", "reopened_time", "reopen_count", "close_code", "knowledge"]
TICKET += ["category", "opened_by.user_name", "resolved_by.user_name", "reopened_by.user_name"]
USER = ["user_name", "email", "name", "active", "internal_integration_user", "web_service_access_only"]
AUDIT = ["sys_id", "documentkey", "fieldname", "oldvalue", "newvalue", "user", "sys_created_on"]
NOTE = ["sys_id", "element_id", "sys_created_by", "sys_created_on"]
GUIDE = ["number", "author.user_name", "workflow_state", "sys_created_on", "published", "retired", "sys_updated_on"]
USED = ["sys_id", "kb_knowledge.number", "task", "sys_created_by", "sys_created_on"]
VIEWED = ["sys_id", "article.number", "user.user_name", "sys_created_on"]
DEEDS = {"opened": "opened_at", "resolved": "resolved_at", "reopened": "reopened_time"}
UNIT = ["name", "parent.name", "sys_created_on", "sys_updated_on"]


def yes(field: str) -> pl.Expr:
    return at(field) == "true"


PERSON: Columns = {"account": "user_name", "login": "user_name", "email": text("email"), "name": text("name")}
PERSON |= {"active": yes("active"), "changed": moment("sys_updated_on")}
MACHINE = yes("internal_integration_user") | yes("web_service_access_only")
PERSON |= {"kind": pl.when(MACHINE).then(pl.lit("service"))}
ARTICLE: Columns = {"article": "number", "kind": pl.lit("wiki"), "author": pl.col("author.user_name")}
ARTICLE |= {"created": moment("sys_created_on"), "reviewed": moment("published"), "changed": moment("sys_updated_on")}
ARTICLE |= {
    "retired": pl.when(at("workflow_state") == "retired").then(pl.coalesce(moment("retired"), moment("sys_updated_on")))
}
USE: Columns = {"use": "sys_id", "article": pl.col("kb_knowledge.number"), "person": "sys_created_by", "ticket": "task"}
USE |= {"used": moment("sys_created_on")}
VIEW: Columns = {"use": "sys_id", "article": pl.col("article.number"), "person": pl.col("user.user_name")}
VIEW |= {"used": moment("sys_created_on")}
SAID: Columns = {"move": "sys_id", "ticket": "element_id", "person": "sys_created_by", "action": pl.lit("commented")}
SAID |= {"moved": moment("sys_created_on")}
TEAM: Columns = {"unit": "name", "name": "name", "parent": pl.col("parent.name"), "kind": pl.lit("group")}
TEAM |= {"valid_from": day("sys_created_on"), "changed": moment("sys_updated_on")}


def ticket(settings: Mapping[str, Any]) -> Columns:
    """What every task says."""
    return {
        "ticket": "sys_id",
        "kind": known("sys_class_name", {**KINDS, **settings.get("types", {})}, "request"),
        "unit": text(GROUP),
        "assignee": text(OWNER),
        "opened": moment("opened_at"),
        "closed": moment("closed_at"),
    }


def life(settings: Mapping[str, Any]) -> Iterator[Rows]:
    """What a table's own records say: the ticket, and who opened, resolved and reopened it."""
    outcome = known("close_code", {**OUTCOMES, **settings.get("outcomes", {})})
    ended = text("resolved_at").is_not_null() | text("closed_at").is_not_null()
    own: Columns = {
        "resolved": moment("resolved_at"),
        "reopened": moment("reopened_time"),
        "reopenings": text("reopen_count").cast(pl.Int64, strict=False),
        "cause": text(pl.col(settings.get("cause", "category"))),
        "outcome": pl.when(ended).then(text(outcome)),
        "knowledge": yes("knowledge"),
        "changed": moment("sys_updated_on"),
    }
    yield Rows("tickets", {**ticket(settings), **own})
    for action, on in list(DEEDS.items())[: 1 if settings.get("audit") else None]:  # the audit tells each of the others
        who = pl.col(f"{action}_by.user_name")
        deed: Columns = {"move": joined("sys_id", pl.lit(action), on), "ticket": "sys_id", "person": text(who)}
        yield Rows(
            "ticket_moves", {**deed, "action": pl.lit(action), "moved": moment(on)}, where=text(on).is_not_null()
        )


def moves() -> Rows:
    """Changes of state and of owner, one by one; the record itself knows only the last."""
    was, now = at("oldvalue").is_in(DONE), at("newvalue").is_in(DONE)
    state = pl.when(now & ~was).then(pl.lit("resolved")).when(was & ~now).then(pl.lit("reopened"))
    action = (
        pl.when(at("fieldname") == "assigned_to").then(pl.lit("assigned")).otherwise(state.otherwise(pl.lit("moved")))
    )
    columns: Columns = {"move": "sys_id", "ticket": "documentkey", "person": "user", "moved": moment("sys_created_on")}
    return Rows("ticket_moves", {**columns, "action": action})


GIVEN = {
    "sys_user": (USER, [Rows("accounts", PERSON)]),
    "sys_user_group": (UNIT, [Rows("units", TEAM)]),
    "sys_audit": (AUDIT, [moves()]),
    "sys_journal_field": (NOTE, [Rows("ticket_moves", SAID)]),
    "kb_knowledge": (GUIDE, [Rows("articles", ARTICLE)]),
    "kb_use": (VIEWED, [Rows("article_uses", VIEW)]),
    "m2m_kb_task": (USED, [Rows("article_uses", USE)]),
}
"""The fields that are read of each table beside the tasks, and what they give."""

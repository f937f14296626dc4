"""What Zendesk calls the parts of a ticket, its events, a user and an article, and what they are in our tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from connectors.fields import Columns, articles, at, joined, known, moment, seconds, text
from connectors.shape import Shape
from connectors.web import Rows

USER: dict[str, Shape] = {"id": int, "name": str, "email": str, "role": str, "active": bool, "updated_at": str}
METRICS = {"solved_at": str, "status_updated_at": str, "reopens": int, "reply_time_in_minutes": {"calendar": int}}
TICKET: dict[str, Shape] = {"id": int, "type": str, "status": str, "group_id": int, "assignee_id": int}
TICKET |= {"requester_id": int}
TICKET |= {"created_at": str, "generated_timestamp": int, "tags": [str], "metric_set": METRICS}
CHILD = {"id": int, "event_type": str, "status": str, "assignee_id": str, "body": str}
CHILD |= {"comment_public": bool, "public": bool}  # previous_value is text, number or list: no kind holds all
EVENT: dict[str, Shape] = {"id": int, "ticket_id": int, "timestamp": int, "updater_id": int, "child_events": [CHILD]}
GUIDE: dict[str, Shape] = {"id": int, "author_id": int, "draft": bool, "label_names": [str], "created_at": str}
GUIDE |= {"updated_at": str, "edited_at": str}
KINDS = {"incident": "incident", "problem": "incident", "task": "request", "question": "request"}
DONE = ["solved", "closed"]
PERSON: Columns = {"account": text("id"), "email": "email", "name": "name", "active": "active"}
PERSON |= {"changed": moment("updated_at")}
MOVE: Columns = {"move": joined("id", "child_events.id"), "ticket": "ticket_id", "person": text("updater_id")}
MOVE |= {"moved": seconds("timestamp")}
ARTICLE: Columns = {
    "article": "id",
    "kind": pl.lit("wiki"),
    "author": text("author_id"),
    "created": moment("created_at"),
}
ARTICLE |= {"reviewed": moment("edited_at"), "changed": moment("updated_at")}
KIND = at("child_events.event_type")


def work(settings: Mapping[str, Any], groups: Mapping[str, str]) -> Iterator[Rows]:
    """Tickets and how each began; one that was deleted there stays in the export, and says so."""
    done, merged = at("status").is_in(DONE), at("tags").list.contains("closed_by_merge").fill_null(value=False)
    gone = (at("status") == "deleted").fill_null(value=False)
    causes = at("tags").list.eval(pl.element().filter(pl.element().is_in(settings.get("causes", [])))).list.first()
    waited = pl.duration(minutes=at("metric_set.reply_time_in_minutes.calendar"))
    columns: Columns = {
        "ticket": "id",
        "kind": known("type", {**KINDS, **settings.get("types", {})}, "request"),
        "unit": known("group_id", groups),
        "assignee": text("assignee_id"),
        "opened": moment("created_at"),
        "answered": moment("created_at") + waited,
        "resolved": pl.when(done).then(moment("metric_set.solved_at")),
        "closed": pl.when(at("status") == "closed").then(moment("metric_set.status_updated_at")),
        "reopenings": "metric_set.reopens",
        "cause": causes,
        "outcome": pl.when(merged).then(pl.lit("duplicate")).when(done).then(pl.lit("resolved")),
        "changed": seconds("generated_timestamp"),
        "gone": gone,
    }
    yield Rows("tickets", columns)
    opened: Columns = {"move": joined("id", pl.lit("opened")), "ticket": "id", "person": text("requester_id")}
    yield Rows("ticket_moves", {**opened, "action": pl.lit("opened"), "moved": moment("created_at")}, where=~gone)


def history(links: list[Mapping[str, str]]) -> Iterator[Rows]:
    """What was done in each event of a ticket; a private comment counts as work and is not looked into."""
    public = at("child_events.comment_public").fill_null(at("child_events.public")).fill_null(value=False)
    given, state = at("child_events.assignee_id").is_not_null(), at("child_events.status")
    moved = pl.when(state.is_in(DONE)).then(pl.lit("resolved")).when(state.is_not_null()).then(pl.lit("moved"))
    changed = pl.when(KIND == "Comment").then(pl.lit("commented")).when(given).then(pl.lit("assigned")).otherwise(moved)
    columns: Columns = {**MOVE, "action": changed}
    yield Rows("ticket_moves", columns, ("child_events",), changed.is_not_null() & (KIND != "Create"))
    linked = articles("child_events.body", links).alias("linked")
    used: Columns = {"use": joined("child_events.id", "linked"), "article": "linked", "person": text("updater_id")}
    used |= {"used": seconds("timestamp"), "ticket": "ticket_id"}
    yield Rows("article_uses", used, ("child_events", linked), public, elsewhere=("article",))

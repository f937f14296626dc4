"""What happens in a Matrix room, in our words: messages, edits, mentions, reactions, and what was removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from connectors.fields import articles, asks, at, joined, mentions, millis
from connectors.shape import Shape
from connectors.web import Rows

KINDS = ["m.room.message", "m.room.encrypted", "m.reaction", "m.room.redaction"]
HEAD: dict[str, Shape] = {"event_id": str, "type": str, "sender": str, "origin_server_ts": int, "redacts": str}
BODY: dict[str, Shape] = {"body": str, "formatted_body": str, "m.mentions": {"user_ids": [str]}}
RELATES: Shape = {"rel_type": str, "event_id": str, "is_falling_back": bool, "m.in_reply_to": {"event_id": str}}
CONTENT: Shape = {"msgtype": str, "algorithm": str, "redacts": str, "m.relates_to": RELATES, **BODY}
EDITED: Shape = {"m.relations": {"m.replace": {"origin_server_ts": int, "content": {"m.new_content": BODY}}}}
EVENT: dict[str, Shape] = {**HEAD, "content": CONTENT, "unsigned": EDITED}


def into(first: str, *names: str) -> pl.Expr:
    """A field in a field, where names have dots."""
    found = pl.col(first)
    for name in names:
        found = found.struct.field(name)
    return found


def newest(*names: str) -> pl.Expr:
    """What a message says once it is edited."""
    edit = into("unsigned", "m.relations", "m.replace", "content", "m.new_content", *names)
    return pl.coalesce(edit, into("content", *names))


SENT, EDIT = millis("origin_server_ts"), into("unsigned", "m.relations", "m.replace", "origin_server_ts")
AIM, HOW = into("content", "m.relates_to", "event_id"), into("content", "m.relates_to", "rel_type")
REPLY, FALLS = (into("content", "m.relates_to", *way) for way in (("m.in_reply_to", "event_id"), ("is_falling_back",)))
PILLS = mentions(newest("formatted_body"), r"matrix\.to/#/((?:@|%40)[^\"'?<>\s]+)")
TOLD = pl.coalesce(newest("m.mentions", "user_ids"), PILLS.list.eval(pl.element().str.replace("%40", "@"))).alias("who")
HUMAN = (at("content.msgtype") != "m.notice") | at("content.algorithm").is_not_null()  # a notice is a machine's
SAID = HUMAN & pl.col("type").is_in(KINDS[:2]) & HOW.ne_missing("m.replace")
REACTED, REMOVED = pl.col("type") == "m.reaction", pl.col("type") == "m.room.redaction"
GONE: dict[str, str | pl.Expr] = {"gone": pl.lit(value=True)}
REMOVES = pl.coalesce("redacts", at("content.redacts"))
TIE: dict[str, str | pl.Expr] = {"person": "sender", "seen": SENT, "channel": "parent.room"}
MESSAGE: dict[str, str | pl.Expr] = {
    "message": "event_id",
    "channel": "parent.room",
    "author": "sender",
    "reply_to": pl.when((HOW == "m.thread") & FALLS.fill_null(value=False)).then(AIM).otherwise(REPLY),
    "thread": pl.when(HOW == "m.thread").then(AIM),
    "sent": SENT,
    "question": asks(newest("body")),
    "public": "parent.public",
    "changed": pl.coalesce(millis(EDIT), SENT),
}


def given(links: Sequence[Mapping[str, str]]) -> tuple[Rows, ...]:
    """What the tables get of the events of a room; `author` is who wrote what a reaction is for."""
    linked = articles(newest("body"), links).alias("linked")
    return (
        Rows("messages", MESSAGE, where=SAID, within="channel"),
        Rows("messages", {"message": REMOVES, **GONE}, where=REMOVED),
        Rows(
            "ties_seen",
            {"tie": joined("event_id", "who"), "other": "who", "kind": pl.lit("mention"), **TIE},
            unfold=(TOLD,),
            where=SAID & (pl.col("who") != pl.col("sender")),
            within="channel",
        ),
        Rows(
            "ties_seen",
            {"tie": "event_id", "other": "author", "kind": pl.lit("reaction"), **TIE},
            where=REACTED & (pl.col("author") != pl.col("sender")),
            within="channel",
        ),
        Rows("ties_seen", {"tie": REMOVES, **GONE}, where=REMOVED),
        Rows(
            "article_uses",
            {"use": joined("event_id", "linked"), "article": "linked", "person": "sender", "used": SENT},
            unfold=(linked,),
            where=SAID,
            elsewhere=("article",),
        ),
    )

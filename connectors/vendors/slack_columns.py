"""What is read of Slack's messages and accounts, the same in its API and in its export; never what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from connectors.errors import Refused
from connectors.fields import Columns, articles, asks, joined, mentions, seconds, text
from connectors.rows import Rows
from connectors.shape import Shape

USER: dict[str, Shape] = {
    "id": str,
    "name": str,
    "real_name": str,
    "deleted": bool,
    "is_bot": bool,
    "updated": int,
    "profile": {"email": str, "real_name": str},
}
REACTIONS: Shape = [{"name": str, "users": [str]}]
MESSAGE: dict[str, Shape] = {
    "type": str,
    "subtype": str,
    "ts": str,
    "user": str,
    "bot_id": str,
    "text": str,
    "hidden": bool,
    "thread_ts": str,
    "reply_count": int,
    "latest_reply": str,
    "edited": {"ts": str},
    "comment": {"user": str, "comment": str},
    "reactions": REACTIONS,
}
HUMAN = ("me_message", "thread_broadcast", "reply_broadcast", "file_share", "file_comment", "file_mention")
"""Kinds of message that a person writes; all others say that something happened, or are a machine's."""
SLACKBOT = "USLACKBOT"
FEW = "mpdm-"
"""How Slack names a conversation of a few; some exports list them among private channels."""
NAMED = r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>"

AUTHOR = pl.coalesce(text("user"), text(pl.col("comment").struct.field("user")))
SAID = (
    (pl.col("type") == "message")
    & (pl.col("subtype").is_null() | pl.col("subtype").is_in(HUMAN))
    & text("bot_id").is_null()
    & AUTHOR.is_not_null()
    & AUTHOR.ne_missing(SLACKBOT)
)
REPLY = pl.col("thread_ts").is_not_null() & (pl.col("thread_ts") != pl.col("ts"))
WORDS = pl.coalesce(pl.col("comment").struct.field("comment"), pl.col("text"))
SENT = seconds("ts")
ID = joined("parent.id", "ts")
THREAD = pl.when(REPLY).then(joined("parent.id", "thread_ts"))
WROTE: Columns = {
    "message": ID,
    "channel": "parent.id",
    "author": AUTHOR,
    "reply_to": THREAD,
    "thread": THREAD,
    "sent": SENT,
    "question": asks(WORDS),
    "public": ~pl.col("parent.is_private").fill_null(value=True),
    "changed": pl.coalesce(seconds("edited.ts"), SENT),
}
SEEN: Columns = {"seen": SENT, "channel": "parent.id", "thread": THREAD}
ACCOUNTS = Rows(
    "accounts",
    {
        "account": "id",
        "email": text("profile.email"),
        "login": text("name"),
        "name": pl.coalesce(text("profile.real_name"), text("real_name")),
        "kind": pl.when(pl.col("is_bot").fill_null(value=False) | (pl.col("id") == SLACKBOT))
        .then(pl.lit("bot"))
        .otherwise(pl.lit("person")),
        "active": ~pl.col("deleted").fill_null(value=False),
        "changed": seconds("updated"),
    },
)


def talk(settings: Mapping[str, Any]) -> tuple[Rows, ...]:
    """What messages give: who wrote, who named whom, who reacted to whom, and which known articles were linked."""
    linked = articles(WORDS, settings.get("links", ())).alias("linked")
    return (
        Rows("messages", WROTE, where=SAID),
        Rows(
            "ties_seen",
            {"tie": joined(ID, "named"), "person": AUTHOR, "other": "named", "kind": pl.lit("mention"), **SEEN},
            unfold=(mentions("text", NAMED).alias("named"),),
            where=SAID & (pl.col("named") != AUTHOR),
        ),
        Rows(
            "ties_seen",
            {
                "tie": joined(ID, "reactions.name", "users"),
                "person": "users",
                "other": AUTHOR,
                "kind": pl.lit("reaction"),
                **SEEN,
            },
            unfold=("reactions", "reactions.users"),
            where=SAID & (pl.col("users") != AUTHOR),
        ),
        Rows(
            "article_uses",
            {"use": joined(ID, "linked"), "article": "linked", "person": AUTHOR, "used": SENT},
            unfold=(linked,),
            where=SAID,
            elsewhere=("article",),
        ),
    )


def open_to(settings: Mapping[str, Any], name: str) -> pl.Expr:
    """Which channels may be read: public ones; private ones where settings say so; never a conversation of a few."""
    said = settings.get("private", False)
    if not isinstance(said, bool | Sequence) or isinstance(said, str):
        raise Refused(f"[sources.{name}] private is true, false or a list of the names of channels")
    private = pl.lit(said) if isinstance(said, bool) else pl.col("name").is_in(list(said))
    direct = pl.any_horizontal(pl.col(flag).fill_null(value=False) for flag in ("is_im", "is_mpim"))
    direct |= pl.col("name").str.starts_with(FEW).fill_null(value=False)
    return ~direct & (~pl.col("is_private").fill_null(value=True) | private)

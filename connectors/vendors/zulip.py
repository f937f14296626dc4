"""Where Zulip has its records, which fields are read, and what they are in our words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from connectors.fields import asks, at, mentions, nameless, seconds, text
from connectors.http import Before
from connectors.vendors.talk import Said, spoken
from connectors.web import Endpoint, Rows, reaching_back

NAMED = mentions("content", r'<span class="user-mention" data-user-id="(\d+)"').list.eval(pl.element().cast(pl.Int64))
SENT, EDITED = seconds("timestamp"), seconds("last_edit_timestamp")
HUMAN = (pl.col("type") == "stream") & pl.col("sender_realm_str").ne_missing("zulipinternal")  # the server's own bots
SAID = Said("id", "sender_id", SENT, "stream_id", HUMAN)
MESSAGE: dict[str, str | pl.Expr] = {
    "message": "id",
    "channel": "stream_id",
    "author": "sender_id",
    "thread": nameless("stream_id", at("subject").str.strip_prefix("✔ ")),
    "sent": SENT,
    "question": asks(spoken("content")),
    "public": ~pl.col("parent.invite_only"),
    "changed": pl.coalesce(EDITED, SENT),
}
SHOWN = pl.when(~pl.col("email").str.contains(r"^user\d+@")).then(text("email"))  # a hidden one is made of the id
ACCOUNTS = Endpoint(
    "accounts",
    "users",
    {
        "user_id": int,
        **dict.fromkeys(("delivery_email", "email", "full_name"), str),
        **dict.fromkeys(("is_bot", "is_active"), bool),
    },
    rows="members",
    params={"client_gravatar": "true"},
    gives=(
        Rows(
            "accounts",
            {
                "account": "user_id",
                "email": pl.coalesce(text("delivery_email"), SHOWN),
                "name": text("full_name"),
                "kind": pl.when("is_bot").then(pl.lit("bot")).otherwise(pl.lit("person")),
                "active": "is_active",
            },
        ),
    ),
)


def channels(private: bool | list[str]) -> Endpoint:
    """Those that all may read, and of the others those that settings name and the bot is subscribed to."""
    wanted = pl.lit(private) if isinstance(private, bool) else pl.col("name").is_in(private)
    return Endpoint(
        "channels",
        "streams",
        {"stream_id": int, "name": str, "invite_only": bool},
        rows="streams",
        params={"include_public": "true", "include_subscribed": "true" if private else "false"},
        keep=pl.col("stream_id").is_not_null() & (~pl.col("invite_only").fill_null(value=True) | wanted),
    )


def messages(settings: Mapping[str, Any]) -> Endpoint:
    return Endpoint(
        "messages",
        "messages",
        {
            **dict.fromkeys(("id", "sender_id", "stream_id", "timestamp", "last_edit_timestamp"), int),
            **dict.fromkeys(("type", "sender_realm_str", "subject", "content"), str),
            "reactions": [{"user_id": int, "emoji_code": str}],
        },
        rows="messages",
        params={"num_before": 1000, "num_after": 0, "narrow": '[{"operator": "stream", "operand": {stream_id}}]'},
        paging=Before("anchor", "messages", "id", "found_oldest", {"anchor": "newest"}, {"include_anchor": "false"}),
        falling=SENT,
        of=channels(settings.get("private", False)),
        part="stream_id",
        covers="since",
        overlap=reaching_back(settings, 14),
        gives=(
            Rows("messages", MESSAGE, where=HUMAN, within="channel"),
            SAID.mentions(NAMED),
            SAID.reactions("reactions", "reactions.user_id", "reactions.emoji_code"),
            SAID.links("content", settings.get("links", [])),
        ),
    )

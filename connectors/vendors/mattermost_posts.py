"""Posts of Mattermost in our words: how they are asked for, who is mentioned in them, which are of machines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from connectors.fields import asks, at, mentions, millis, text
from connectors.holes import Record
from connectors.http import Query, Reply, Step
from connectors.vendors.talk import Said
from connectors.web import Endpoint, Rows, Web, reaching_back

MOST = 1000
CALL = r"(?:^|[\s(\[,;:*_~>])@([a-z0-9](?:[a-z0-9._-]*[a-z0-9_-])?)"
MACHINES = ("from_webhook", "from_bot", "from_plugin", "from_oauth_app")
SENT, DELETED = millis("create_at"), pl.col("delete_at").fill_null(0) > 0
BY_HAND = pl.all_horizontal(at(f"props.{mark}").ne_missing("true") for mark in MACHINES)
CALLED = mentions(at("message").str.to_lowercase(), CALL)
HUMAN = ~DELETED & BY_HAND & ~pl.col("type").fill_null("").str.starts_with("system_")
SAID = Said("id", "user_id", SENT, "channel_id", HUMAN)
MESSAGE: dict[str, str | pl.Expr] = {
    "message": "id",
    "channel": "channel_id",
    "author": "user_id",
    "reply_to": text("root_id"),
    "thread": text("root_id"),
    "sent": SENT,
    "question": asks("message"),
    "public": at("parent.type") == "O",
    "changed": millis("update_at"),
}


@dataclass(frozen=True)
class Posts:
    """What changed since, at most a thousand at once; where that may be cut off, and at first, all, newest first."""

    def first(self) -> Query:
        return {"per_page": 200}

    def after(self, reply: Reply, count: int, taken: int, query: Query) -> Step:
        if "since" in query and query["since"] is not None:
            return ("", {"since": None}) if count >= MOST else None
        before = reply.at("order")
        return ("", {"since": None, "before": before[-1]}) if before and reply.at("prev_post_id") else None


@dataclass
class Mattermost(Web):
    """People are mentioned by user name and known by id: names are remembered as the accounts are read."""

    ids: dict[str, str] = field(default_factory=dict, repr=False)

    def frames(self, endpoint: Endpoint, above: Record, since: datetime | None) -> Iterator[pl.DataFrame]:
        if "message" in endpoint.fields and not self.ids:
            list(self.frames(self.endpoints[0], {}, None))
        for found in super().frames(endpoint, above, since):
            if endpoint.name == "accounts":
                self.ids.update(found.select("username", "id").rows())
            known = pl.element().replace_strict(self.ids, default=None, return_dtype=pl.String)
            yield found.with_columns(called=CALLED.list.eval(known)) if "message" in endpoint.fields else found


def messages(name: str, channels: Endpoint, settings: Mapping[str, Any]) -> Endpoint:
    return Endpoint(
        name,
        "channels/{id}/posts",
        {
            **dict.fromkeys(("id", "channel_id", "user_id", "root_id", "type", "message"), str),
            **dict.fromkeys(("create_at", "update_at", "delete_at"), int),
            "props": dict.fromkeys(MACHINES, str),
            "metadata": {"reactions": [{"user_id": str, "emoji_name": str, "create_at": int}]},
        },
        rows="posts.*",
        params={"skipFetchThreads": "true"},
        paging=Posts(),
        since=lambda since: {"since": int(since.timestamp() * 1000)},
        of=channels,
        covers="since",
        overlap=reaching_back(settings, 3),
        gives=(
            Rows("messages", MESSAGE, where=HUMAN, within="channel"),
            Rows("messages", {"message": "id", "gone": pl.lit(value=True)}, where=DELETED),
            SAID.mentions(pl.col("called")),
            SAID.reactions(
                "metadata.reactions", "reactions.user_id", "reactions.emoji_name", millis("reactions.create_at")
            ),
            SAID.links("message", settings.get("links", [])),
        ),
    )

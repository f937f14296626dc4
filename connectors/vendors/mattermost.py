"""Where Mattermost has its records, which fields are read, and what they are in our words."""

from __future__ import annotations

import polars as pl

from connectors.fields import joined, millis, text
from connectors.http import Counted
from connectors.shape import Shape
from connectors.vendors.mattermost_posts import DELETED
from connectors.web import Endpoint, Rows

ACCOUNTS = Endpoint(
    "accounts",
    "users",
    {
        **dict.fromkeys(("id", "username", "email", "first_name", "last_name"), str),
        **dict.fromkeys(("delete_at", "update_at"), int),
        "is_bot": bool,
    },
    paging=Counted("page", "per_page", 200, by_page=True),
    gives=(
        Rows(
            "accounts",
            {
                "account": "id",
                "login": "username",
                "email": text("email"),
                "name": text(joined("first_name", "last_name", by=" ")),
                "kind": pl.when("is_bot").then(pl.lit("bot")).otherwise(pl.lit("person")),
                "active": ~DELETED,
                "changed": millis("update_at"),
            },
        ),
    ),
)
CHANNEL: dict[str, Shape] = {"id": str, "type": str, "name": str}
TEAMS = Endpoint("teams", "users/me/teams", {"id": str})
CHANNELS = Endpoint(
    "channels",
    "teams/{id}/channels",
    CHANNEL,
    paging=Counted("page", "per_page", 200, by_page=True),
    of=TEAMS,
    keep=pl.col("type") == "O",
)

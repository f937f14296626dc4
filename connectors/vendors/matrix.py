"""Where Matrix has its records, which fields are read, and what they are in our words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from connectors.fields import at, text
from connectors.http import Cursor
from connectors.vendors.matrix_events import EVENT, SENT, given
from connectors.vendors.matrix_rooms import CLIENT, EVENTS
from connectors.web import Asked, Endpoint, Rows, reaching_back

LOCAL = r"^@([^:]+):"
USERS = Endpoint(
    "users",
    "/_synapse/admin/v2/users",
    {"name": str},
    rows="users",
    params={"guests": "false", "deactivated": "true", "limit": 500},
    paging=Cursor("from", "next_token"),
)
ACCOUNTS = Endpoint(
    "accounts",
    "/_synapse/admin/v2/users/{name}",
    {
        **dict.fromkeys(("name", "displayname", "user_type", "appservice_id"), str),
        "deactivated": bool,
        "threepids": [{"medium": str, "address": str}],
    },
    of=USERS,
    part="name",
    scope="a server administrator's token",
    gives=(
        Rows(
            "accounts",
            {
                "account": "name",
                "login": at("name").str.extract(LOCAL),
                "name": text("displayname"),
                "email": at("threepids")
                .list.filter(pl.element().struct["medium"] == "email")
                .list.first()
                .struct["address"],
                "kind": pl.when(at("user_type") == "bot")
                .then(pl.lit("bot"))
                .when(at("appservice_id").is_not_null())
                .then(pl.lit("service"))
                .otherwise(pl.lit("person")),
                "active": ~at("deactivated"),
            },
        ),
    ),
)


def members(rooms: Asked) -> Endpoint:
    """Those in the rooms that are read, for who may not list all users: they have names, and no addresses."""
    columns: dict[str, str | pl.Expr] = {
        "account": "state_key",
        "login": at("state_key").str.extract(LOCAL),
        "name": text("content.displayname"),
    }
    return Endpoint(
        "accounts",
        f"{CLIENT}/rooms/{{room}}/members",
        {"state_key": str, "origin_server_ts": int, "content": {"displayname": str}},
        rows="chunk",
        params={"membership": "join"},
        of=rooms,
        part="room",
        gives=(Rows("accounts", {**columns, "changed": SENT}),),
    )


def messages(rooms: Asked, settings: Mapping[str, Any]) -> Endpoint:
    return Endpoint(
        "messages",
        f"{CLIENT}/rooms/{{room}}/messages",
        EVENT,
        rows="chunk",
        params={"dir": "b", "limit": 200, "filter": EVENTS},
        paging=Cursor("from", "end"),
        falling=SENT.max(),  # one event with an old date among new ones must not end the read
        of=rooms,
        part="room",
        covers="since",
        overlap=reaching_back(settings, 7),
        gives=given(settings.get("links", [])),
    )

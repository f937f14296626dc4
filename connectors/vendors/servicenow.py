"""Where ServiceNow has its records, which fields are read, and what they are in our words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from connectors.errors import Busy, Refused
from connectors.http import Basic, ClientCredentials, Credentials, Reply
from connectors.keyset import Keyset
from connectors.shape import Shape
from connectors.vendors.servicenow_rows import GIVEN
from connectors.web import Endpoint

SORTED, EVERY = "^ORDERBYsys_id", "sys_idISNOTEMPTY"
PLAIN = {"sysparm_display_value": "false", "sysparm_exclude_reference_link": "true"}  # values, and moments in UTC


def credentials(name: str, address: str, settings: Mapping[str, Any]) -> Credentials:
    if settings.get("client_id") and settings.get("client_secret"):
        return ClientCredentials(f"{address}/oauth_token.do", settings["client_id"], settings["client_secret"])
    if not settings.get("user") or not settings.get("password"):
        raise Refused(f"[sources.{name}] needs user and password, or client_id and client_secret")
    return Basic(settings["user"], settings["password"])


def cut_short(reply: Reply) -> Busy | None:
    """A query that took too long ends in the middle of a 200, with what it had."""
    if reply.code == 200 and reply.at("error") is not None:
        return Busy(f"{reply.path} was cut short by its own time limit; the next run tries again")
    return None


def read(
    table: str, back: timedelta, query: str = EVERY, by: str = "sys_updated_on", of: Sequence[str] = ()
) -> Endpoint:
    """What changed in a table, sorted by what never does: rows that change meanwhile are not missed or read twice."""
    fields, gives = GIVEN.get(table, (of, []))
    every = whole(table, [*fields, by], f"{query}{SORTED}")
    return replace(
        every,
        gives=tuple(gives),
        overlap=back,
        since=lambda since: {"sysparm_query": f"{query}^{by}>={since:%Y-%m-%d %H:%M:%S}{SORTED}"},
    )


def whole(table: str, fields: Sequence[str], query: str) -> Endpoint:
    shapes: dict[str, Shape] = dict.fromkeys([*fields, "sys_id"], str)
    paging = Keyset("sysparm_query", "result.sys_id", "^sys_id>", tail=SORTED, left="X-Total-Count")
    asked = {"sysparm_fields": ",".join(shapes), "sysparm_limit": 1000, "sysparm_query": query, **PLAIN}
    return Endpoint(table, table, shapes, (), "result", paging, asked, scope=f"read {table}")

"""Messages and reactions from Matrix: who wrote when and in which room, never what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.http import Bearer
from connectors.source import source
from connectors.vendors.matrix import ACCOUNTS, members, messages
from connectors.vendors.matrix_rooms import Matrix, asking
from connectors.web import Web, polite


@source(
    "matrix",
    title="Matrix (Synapse and other homeservers)",
    group="chat",
    proof="server",
    by="Synapse 1.163, started by the tests",
    scopes=("an account that has joined the rooms", "with admin = true: a server administrator"),
    needs={"url": "the homeserver, like https://matrix.example.org", "token": "an access token of the reading account"},
    may={
        "admin": "true where the token is a server administrator's: all users with their e-mail addresses (false)",
        "private": "true to read rooms by invitation that have a name, or a list of their ids (false)",
        "links": "how the addresses of articles are known: a list of {pattern, article}",
    },
)
def matrix(name: str, settings: Mapping[str, Any]) -> Web:
    """Messages, threads, replies, mentions and reactions of the public rooms that the reading account has joined.

    Rooms by invitation only where `private` says so, direct messages never; of an encrypted room, who wrote when. The
    smallest right is an ordinary account in those rooms; accounts then have names only. A server administrator's token
    and `admin = true` give all users of a Synapse with their addresses, and tell bots and bridges.
    """
    rooms = asking(settings.get("private", False))
    accounts = ACCOUNTS if settings.get("admin") else members(rooms)
    api = polite(settings, str(settings["url"]), Bearer(str(settings["token"])))
    return Matrix(name, api, [accounts, messages(rooms, settings)])

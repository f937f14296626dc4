"""Messages, mentions and reactions from Zulip: who wrote when in which channel and topic, never what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.http import Basic
from connectors.source import source
from connectors.vendors.zulip import ACCOUNTS, messages
from connectors.web import Web, polite


@source(
    "zulip",
    title="Zulip",
    group="chat",
    proof="specification",
    by="Zulip's OpenAPI description (8.0)",
    scopes=("a generic bot or a member; no more than what members may see",),
    needs={
        "url": "the server, like https://you.zulipchat.com",
        "email": "the e-mail address of the reading bot",
        "key": "its API key (Settings, Your bots)",
    },
    may={
        "private": "true to read private channels that the bot is subscribed to, or a list of their names (false)",
        "links": "how the addresses of articles are known: a list of {pattern, article}",
    },
)
def zulip(name: str, settings: Mapping[str, Any]) -> Web:
    """Messages of the public channels with their topics as threads, mentions and reactions; all users.

    Private channels only where `private` says so and the bot is subscribed; direct messages never. A generic bot of an
    ordinary member is enough; addresses are given where the organisation lets members see them.
    """
    address = f"{str(settings['url']).rstrip('/')}/api/v1"
    api = polite(settings, address, Basic(str(settings["email"]), str(settings["key"])))
    return Web(name, api, [ACCOUNTS, messages(settings)])

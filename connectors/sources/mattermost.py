"""Messages, mentions and reactions from Mattermost: who wrote when and in which channel, never what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from connectors.http import Bearer
from connectors.source import source
from connectors.vendors.mattermost import ACCOUNTS, CHANNEL, CHANNELS
from connectors.vendors.mattermost_posts import Mattermost, messages
from connectors.web import Endpoint, Web, polite


@source(
    "mattermost",
    title="Mattermost",
    group="chat",
    proof="documented",
    by="Mattermost API reference v4: users, teams, channels, posts (getPostsForChannel)",
    scopes=("a bot account that is a member of the teams",),
    needs={"url": "the server, like https://chat.example.com", "token": "an access token of a bot account"},
    may={
        "private": "true to read private channels the bot is in, or a list of their names in the address (false)",
        "links": "how the addresses of articles are known: a list of {pattern, article}",
    },
)
def mattermost(name: str, settings: Mapping[str, Any]) -> Web:
    """Posts of the public channels of the bot's teams with their threads, mentions and reactions; all users.

    Private channels only where `private` says so and the bot is a member; direct and group messages never. The bot
    needs no role; addresses are given where the server shows them to members, else to a system manager.
    """
    private = settings.get("private", False)
    named = pl.col("name").is_in(private) if isinstance(private, list) else pl.lit(value=True)
    own = Endpoint("own", "users/me/channels", CHANNEL, keep=(pl.col("type") == "P") & named)
    read = [messages("messages", CHANNELS, settings), *([messages("private", own, settings)] if private else [])]
    api = polite(settings, f"{str(settings['url']).rstrip('/')}/api/v4", Bearer(str(settings["token"])))
    return Mattermost(name, api, [ACCOUNTS, *read])

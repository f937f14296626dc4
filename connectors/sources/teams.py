"""Messages, mentions and reactions from Microsoft Teams: who wrote when and in which channel, never what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from connectors.fields import asks, at, joined, moment, text
from connectors.holes import Record
from connectors.http import ClientCredentials, Next
from connectors.shape import Shape
from connectors.source import source
from connectors.vendors.talk import Said, spoken
from connectors.web import Endpoint, Rows, Web, polite, reaching_back

MORE = Next("@odata.nextLink")
LONG = "replies@odata.nextLink"
REMEMBERED = timedelta(days=220)  # the delta reaches back eight months
PERSON: Shape = {"user": {"id": str}}
MESSAGE: dict[str, Shape] = {
    **dict.fromkeys(
        ("id", "replyToId", "messageType", "createdDateTime", "lastModifiedDateTime", "deletedDateTime"), str
    ),
    "from": PERSON,
    "body": {"content": str},
    "mentions": [{"mentioned": PERSON}],
    "reactions": [{"createdDateTime": str, "reactionType": str, "user": PERSON}],
}
KEY, ROOT = joined("parent.id", "id"), joined("parent.id", "replyToId")
SENT, DELETED = moment("createdDateTime"), pl.col("deletedDateTime").is_not_null()
HUMAN = ~DELETED & (pl.col("messageType") == "message") & at("from.user.id").is_not_null()  # an app has no user
REACTED = moment("reactions.createdDateTime")
SAID = Said(KEY, "from.user.id", SENT, "parent.id", HUMAN)
NAMED = pl.col("mentions").list.eval(pl.element().struct.field("mentioned").struct.field("user").struct.field("id"))
GIVES = (
    Rows(
        "messages",
        {
            "message": KEY,
            "channel": "parent.id",
            "author": "from.user.id",
            "reply_to": ROOT,
            "thread": ROOT,
            "sent": SENT,
            "question": asks(spoken("body.content")),
            "public": (at("parent.parent.visibility") == "Public") & (at("parent.membershipType") == "standard"),
            "changed": moment("lastModifiedDateTime"),
        },
        where=HUMAN,
        within="channel",
    ),
    Rows("messages", {"message": KEY, "gone": pl.lit(value=True)}, where=DELETED),
    SAID.mentions(NAMED),
    SAID.reactions("reactions", "reactions.user.user.id", "reactions.reactionType", REACTED),
)
ACCOUNTS = Endpoint(
    "accounts",
    "users",
    {
        **dict.fromkeys(("id", "displayName", "mail", "userPrincipalName"), str),
        "accountEnabled": bool,
    },
    rows="value",
    params={"$select": "id,displayName,mail,userPrincipalName,accountEnabled", "$top": 999},
    paging=MORE,
    scope="User.Read.All",
    gives=(
        Rows(
            "accounts",
            {
                "account": "id",
                "email": text("mail"),
                "login": pl.when(~pl.col("userPrincipalName").str.contains("#EXT#", literal=True)).then(
                    "userPrincipalName"
                ),
                "name": text("displayName"),
                "active": "accountEnabled",
            },
        ),
    ),
)


def channels(private: bool | list[str]) -> Endpoint:
    """Those that everyone in the organisation may read; and all of those other teams that settings name."""
    wanted = private if isinstance(private, list) else []
    named = pl.lit(private is True) | pl.col("displayName").is_in(wanted) | pl.col("id").is_in(wanted)
    teams = Endpoint(
        "teams",
        "groups",
        {"id": str, "displayName": str, "visibility": str},
        rows="value",
        params={
            "$filter": "resourceProvisioningOptions/Any(x:x eq 'Team')",
            "$select": "id,displayName,visibility",
            "$top": 999,
        },
        paging=MORE,
        keep=(pl.col("visibility") == "Public") | named,
        scope="GroupMember.Read.All",
    )
    named = pl.lit(private is True) | pl.col("parent.displayName").is_in(wanted) | pl.col("parent.id").is_in(wanted)
    return Endpoint(
        "channels",
        "teams/{id}/channels",
        {"id": str, "membershipType": str},
        rows="value",
        params={"$select": "id,membershipType"},
        paging=MORE,
        of=teams,
        keep=(pl.col("membershipType") == "standard") | named,
        scope="Channel.ReadBasic.All",
    )


class Teams(Web):
    """A channel's messages with their replies: all, or those of the threads in which something changed since."""

    def frames(self, endpoint: Endpoint, above: Record, since: datetime | None) -> Iterator[pl.DataFrame]:
        if endpoint.name != "messages":
            yield from super().frames(endpoint, above, since)
            return
        if since is not None and since > self.api.clock() - REMEMBERED:
            found = super().frames(replace(endpoint, path=f"{endpoint.path}/delta"), above, since)
        else:
            found = super().frames(endpoint, above, None)
        for page in found:
            shown = ["^parent\\..*$", *MESSAGE]
            replies = page.select("^parent\\..*$", "replies").explode("replies").drop_nulls("replies").unnest("replies")
            yield pl.concat([page.select(shown), replies.select(shown)])
            for message in page.filter(pl.col(LONG).is_not_null())["id"]:
                more = replace(endpoint, path=f"{endpoint.path}/{message}/replies", params={"$top": 50}, fields=MESSAGE)
                yield from super().frames(more, above, None)


def messages(settings: Mapping[str, Any]) -> Endpoint:
    return Endpoint(
        "messages",
        "teams/{parent.id}/channels/{id}/messages",
        {**MESSAGE, "replies": [MESSAGE], LONG: str},
        rows="value",
        params={"$top": 50, "$expand": "replies"},
        paging=MORE,
        since=lambda since: {"$filter": f"lastModifiedDateTime gt {since:%Y-%m-%dT%H:%M:%SZ}"},
        of=channels(settings.get("private", False)),
        covers="since",
        overlap=reaching_back(settings, 3),
        scope="ChannelMessage.Read.All",
        gives=(*GIVES, SAID.links("body.content", settings.get("links", []))),
    )


@source(
    "teams",
    title="Microsoft Teams",
    group="chat",
    proof="specification",
    by="Microsoft Graph v1.0 metadata (CSDL)",
    scopes=("User.Read.All", "GroupMember.Read.All", "Channel.ReadBasic.All", "ChannelMessage.Read.All"),
    needs={
        "tenant": "the directory (tenant) id",
        "client_id": "the application (client) id of the app registration",
        "client_secret": "a client secret of it",
    },
    may={
        "private": "true to read private teams, private and shared channels, or a list of teams by name or id (false)",
        "links": "how the addresses of articles are known: a list of {pattern, article}",
        "url": "where Graph is, in national clouds (https://graph.microsoft.com)",
        "login": "where tokens are given, in national clouds (https://login.microsoftonline.com)",
    },
)
def teams(name: str, settings: Mapping[str, Any]) -> Web:
    """Messages and replies in the standard channels of public teams, with mentions and reactions; all users.

    Private teams, and private and shared channels, only where `private` says so; chats never, for no right to them is
    asked for. What apps and connectors post is left out. Needs application permissions: User.Read.All,
    GroupMember.Read.All, Channel.ReadBasic.All and ChannelMessage.Read.All, which Microsoft grants on request.
    """
    login = str(settings.get("login", "https://login.microsoftonline.com")).rstrip("/")
    graph = str(settings.get("url", "https://graph.microsoft.com")).rstrip("/")
    credentials = ClientCredentials(
        f"{login}/{settings['tenant']}/oauth2/v2.0/token",
        str(settings["client_id"]),
        str(settings["client_secret"]),
        scope=f"{graph}/.default",
    )
    return Teams(name, polite(settings, f"{graph}/v1.0", credentials), [ACCOUNTS, messages(settings)])

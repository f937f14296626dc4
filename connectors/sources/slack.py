"""Messages, threads, mentions and reactions from Slack: who wrote when and to whom, never what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import polars as pl

from connectors.errors import Refused, SourceError
from connectors.fields import seconds
from connectors.http import Bearer, Cursor
from connectors.shape import Shape, frame, rows
from connectors.source import Health, Page, Part, Span, Stream, source
from connectors.vendors.slack_answers import Closed, Left, wrong
from connectors.vendors.slack_columns import ACCOUNTS, MESSAGE, REPLY, USER, open_to, talk
from connectors.vendors.windows import Window, windows
from connectors.web import Endpoint, Web, polite, reaching_back

Record = dict[str, Any]
SIZE = 200
THREADS = 5
ENOUGH = 20_000  # messages that are shaped at a time
MARGIN = timedelta(days=1)
NEXT = Cursor("cursor", "response_metadata.next_cursor")
CHANNEL: dict[str, Shape] = {
    "id": str,
    "name": str,
    "created": int,
    "is_private": bool,
    "is_im": bool,
    "is_mpim": bool,
    "is_member": bool,
}


@dataclass
class Slack(Web):
    """Channels are read in windows from their oldest end, each message's thread with it."""

    member: bool = False

    def stream(self, endpoint: Endpoint) -> Stream:
        made = super().stream(endpoint)
        return replace(made, covers="said", whole=False) if endpoint.of is not None else made

    def parts(self, endpoint: Endpoint, since: datetime | None) -> Iterator[Part]:
        for channel in self.above(endpoint, None):
            read = partial(self.told, endpoint, channel)
            yield Part(str(channel["id"]), read, resume=read)

    def above(self, endpoint: Endpoint, since: datetime | None) -> list[Record]:
        return [one for one in super().above(endpoint, since) if one.get("is_member") or not self.member or not one]

    def told(
        self, endpoint: Endpoint, channel: Record, since: datetime | None, reached: datetime | None = None
    ) -> Iterator[pl.DataFrame | Page]:
        """A channel's messages since a moment, then what has been seen whole, and how far it is."""
        for some in self.gathered(endpoint, channel, since, reached):
            found = pl.concat([few.found for few in some])
            for given in endpoint.gives:
                yield Page(given.table, self.shaped(given, found))
            seen = [span for few in some for span in self.seen(channel, few)] if since else ()
            yield Page("messages", self.shaped(endpoint.gives[0], found.clear()), tuple(seen), some[-1].last)

    def gathered(
        self, endpoint: Endpoint, channel: Record, since: datetime | None, reached: datetime | None
    ) -> Iterator[list[Window]]:
        """Oldest first, with every thread that may be new; what came before a request that fails is given first."""
        born = datetime.fromtimestamp(channel.get("created") or 0, UTC)
        look, some = partial(self.look, endpoint, channel), list[Window]()
        try:
            for window in windows(look, seconds("ts"), SIZE, reached or since, born, self.api.clock()):
                for few in by_threads(window, since and since + endpoint.overlap - MARGIN):
                    some.append(self.whole(channel, few))
                    if sum(one.found.height for one in some) >= ENOUGH:
                        yield some
                        some = []
        except SourceError as error:
            if some:
                yield some
            raise Refused(f"{error} ({channel['id']})") if isinstance(error, Closed) else error from None
        if some:
            yield some

    def frames(self, endpoint: Endpoint, above: Record, since: datetime | None) -> Iterator[pl.DataFrame]:
        """For a check one page of a channel is enough."""
        if endpoint.of is None:
            yield from super().frames(endpoint, above, since)
        else:
            yield self.look(endpoint, above, since, None, 1)[0]

    def look(
        self, endpoint: Endpoint, channel: Record, first: datetime | None, last: datetime | None, most: int
    ) -> tuple[pl.DataFrame, bool]:
        ends = {name: stamp(moment) for name, moment in (("oldest", first), ("latest", last)) if moment}
        found = self.some(endpoint.path, {"channel": channel["id"], "inclusive": "true", **ends}, most)
        return found[0].with_columns(beside(channel)), found[1]

    def some(self, path: str, asked: Mapping[str, Any], most: int) -> tuple[pl.DataFrame, bool]:
        """The messages of the first pages of a list, and whether that was all."""
        lists: list[bytes] = []
        query = {**asked, "limit": SIZE}
        for page, reply in enumerate(self.api.replies(path, NEXT, count=lambda reply: 1, params=query), start=1):
            lists += rows(reply, "messages")
            if page >= most and reply.at(NEXT.at):
                return frame(lists, MESSAGE, reply.path), False
        return frame(lists, MESSAGE, path), True

    def whole(self, channel: Record, few: Window) -> Window:
        """Some messages and, behind them, the replies of the threads below them."""
        replies = [self.thread(channel, ts) for ts in few.found.filter("wanted")["ts"]]
        return replace(few, found=pl.concat([few.found, *replies], how="diagonal"))

    def seen(self, channel: Record, few: Window) -> tuple[Span, Span]:
        """What a read of a window and its threads has seen whole; threads without replies are seen by being named."""
        name = f"{self.name}:{channel['id']}"
        told = pl.col("wanted") | (~REPLY & (pl.col("reply_count").fill_null(0) == 0))
        below = [f"{name}:{ts}" for ts in few.found.filter(told)["ts"]]
        return Span("channel", [name], few.first, few.last, but="thread"), Span("thread", below)

    def thread(self, channel: Record, ts: str) -> pl.DataFrame:
        try:
            found, _ = self.some("conversations.replies", {"channel": channel["id"], "ts": ts}, 1_000_000)
        except Left:
            found = frame([], MESSAGE, "conversations.replies")
        return found.filter(REPLY).with_columns(beside(channel))

    def check(self) -> Health:
        """Besides what can be read, how many channels the app has not been invited to."""
        health = super().check()
        if not self.member or not health.reachable:
            return health
        channels = self.endpoints[-1].of
        every = super().above(self.endpoints[-1], None) if isinstance(channels, Endpoint) else []
        out = sum(not one.get("is_member") for one in every)
        return replace(health, words=f"{health.words}; channels the app is not invited to, not read: {out}")


def beside(channel: Record) -> list[pl.Expr]:
    return [pl.lit(channel[name]).alias(f"parent.{name}") for name in ("id", "is_private")]


def stamp(moment: datetime) -> str:
    return f"{moment.timestamp():.6f}"


def by_threads(window: Window, active: datetime | None) -> Iterator[Window]:
    """A window in pieces with a few threads each, so that even where little may be asked some of it is done."""
    newer = pl.lit(value=True) if active is None else seconds("latest_reply").fill_null(pl.lit(active)) >= active
    wanted = seconds("ts").is_not_null() & ~REPLY & (pl.col("reply_count").fill_null(0) > 0) & newer
    found = window.found.sort("ts").with_columns(wanted=wanted)
    pieces = found.with_columns(piece=pl.col("wanted").cum_sum() // THREADS).partition_by("piece", include_key=False)
    starts = [window.first, *(piece.select(seconds("ts").first()).item() for piece in pieces[1:]), window.last]
    for i, piece in enumerate(pieces or [found]):
        yield Window(piece, starts[i], starts[i + 1])


@source(
    "slack",
    title="Slack",
    group="chat",
    proof="specification",
    by="Slack Web API description (OpenAPI 2.0)",
    scopes=("channels:read", "channels:history", "users:read", "users:read.email"),
    needs={"token": "the app's token, which starts with xoxb- or xoxp- (OAuth & Permissions)"},
    may={
        "url": "another address than https://slack.com/api",
        "private": "true for all private channels the app is invited to, or a list of their names",
        "links": "how addresses of known articles look: [{ pattern, article }]",
        "patience": "how many minutes a run may wait where Slack asks for it (10)",
    },
)
def slack(name: str, settings: Mapping[str, Any]) -> Slack:
    """Reads members, public channels, their messages and threads; private ones on demand, direct messages never.

    It needs `token`; its scopes are channels:read, channels:history, users:read and users:read.email, and for private
    channels groups:read and groups:history besides.
    """
    types = "public_channel,private_channel" if settings.get("private") else "public_channel"
    overlap = reaching_back(settings, 14)
    channels = Endpoint(
        "channels",
        "conversations.list",
        CHANNEL,
        rows="channels",
        paging=NEXT,
        params={"types": types, "exclude_archived": "false", "limit": SIZE},
        keep=open_to(settings, name),
        scope="channels:read",
    )
    users = Endpoint(
        "users", "users.list", USER, (ACCOUNTS,), "members", NEXT, {"limit": SIZE}, scope="users:read users:read.email"
    )
    history = Endpoint(
        "messages",
        "conversations.history",
        MESSAGE,
        talk(settings),
        "messages",
        NEXT,
        {"channel": "{id}", "limit": SIZE},
        of=channels,
        overlap=overlap,
        scope="channels:history",
    )
    patience = timedelta(minutes=float(settings.get("patience", 10)))
    token = str(settings["token"])
    api = polite(settings, settings.get("url", "https://slack.com/api"), Bearer(token), wrong=wrong, patience=patience)
    return Slack(name, api, [users, history], 1, member=token.startswith("xoxb-"))

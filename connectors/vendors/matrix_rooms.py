"""The rooms of a Matrix account that may be read, and all that happened in one, newest first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

import polars as pl

from connectors.errors import Changed
from connectors.holes import Record
from connectors.http import Api
from connectors.vendors.matrix_events import AIM, EVENT, HOW, KINDS, REACTED, SENT
from connectors.web import Asked, Endpoint, Web

CLIENT = "/_matrix/client/v3"
NONE = {"types": list[str]()}
NAMED = ["m.room.join_rules", "m.room.name", "m.room.canonical_alias"]
STATE = {"timeline": NONE, "ephemeral": NONE, "state": {"types": NAMED, "lazy_load_members": True}}
ROOMS = json.dumps({"presence": NONE, "account_data": {"types": ["m.direct"]}, "room": STATE})
EVENTS = json.dumps({"types": KINDS, "lazy_load_members": True})
ONE = Endpoint("event", f"{CLIENT}/rooms/{{room}}/event/{{event}}", EVENT)


def asking(private: bool | list[str]) -> Asked:
    """Asks for the rooms that may be read; one reply tells them all, and which of them are direct messages."""

    def rooms(api: Api) -> list[Record]:
        reply = api.get(f"{CLIENT}/sync", {"filter": ROOMS, "timeout": 0})
        direct = directs(reply.at("account_data.events") or [])
        found = reply.at("rooms.join") or {}
        if not isinstance(found, dict):
            raise Changed("/sync does not tell the joined rooms as it did; look at Matrix's changes")
        joined = [room_of(name, room) for name, room in found.items() if name not in direct]
        wanted = private if isinstance(private, list) else [room["room"] for room in joined if private]
        return [room for room in joined if room["public"] or (room["several"] and room["room"] in wanted)]

    return rooms


def directs(events: list[Record]) -> set[str]:
    """The rooms of direct messages; where it cannot be read which they are, no room may be."""
    try:
        return {room for event in events for rooms in event["content"].values() for room in rooms}
    except (AttributeError, KeyError, TypeError):
        raise Changed("/sync does not tell direct messages as it did; look at Matrix's changes") from None


def room_of(name: str, room: Record) -> Record:
    """What is not said to be public is not; a room of two, or one without a name of its own, is a direct message."""
    try:
        said: Record = {key: value for event in room["state"]["events"] for key, value in event["content"].items()}
        several = room["summary"].get("m.joined_member_count", 0) > 2
    except (AttributeError, KeyError, TypeError):
        raise Changed("/sync does not tell the state of a room as it did; look at Matrix's changes") from None
    named = bool(said.get("name") or said.get("alias"))
    return {"room": name, "public": said.get("join_rule") == "public", "several": several and named}


class Matrix(Web):
    """Whom a reaction is for and what an edit changes is told by another event, asked for where it was not read."""

    def frames(self, endpoint: Endpoint, above: Record, since: datetime | None) -> Iterator[pl.DataFrame]:
        """Reactions come last, once it is known who wrote what they are for."""
        found = super().frames(endpoint, above, since)
        if endpoint.name != "messages":
            yield from found
            return
        fresh, older = [], []
        for page in found:
            later = pl.lit(value=True) if since is None else since <= SENT
            fresh.append(page.filter(later))
            older.append(page.filter(~later))
            yield unaimed(fresh[-1].filter(~REACTED))
        news = pl.concat(fresh)
        aims = news.filter(HOW.is_in(["m.annotation", "m.replace"])).select(event_id=AIM).drop_nulls().unique()
        late = self.late(above, aims.join(news, on="event_id", how="anti"), pl.concat(older), since)
        yield unaimed(late)
        told = pl.concat([news, late]).select("event_id", author="sender").unique("event_id")
        yield news.filter(REACTED).join(told.rename({"event_id": "aim"}), left_on=AIM, right_on="aim", how="left")

    def late(self, above: Record, aims: pl.DataFrame, older: pl.DataFrame, since: datetime | None) -> pl.DataFrame:
        """Events of before that something new is about; one that is hidden or was purged there is left out."""
        here = older.join(aims, on="event_id", how="semi")
        found = [here]
        for event in aims.join(here, on="event_id", how="anti")["event_id"] if since else ():
            with suppress(Changed):
                found += super().frames(ONE, {**above, "event": event}, None)
        return pl.concat([frame.select(older.columns) for frame in found])


def unaimed(events: pl.DataFrame) -> pl.DataFrame:
    return events.with_columns(author=pl.lit(None, pl.String))

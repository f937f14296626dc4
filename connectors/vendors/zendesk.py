"""Where Zendesk has its records, which fields are read, and what they are in our words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from connectors.fields import at
from connectors.http import Cursor, Next
from connectors.reply import told
from connectors.source import Stream
from connectors.vendors.zendesk_rows import ARTICLE, EVENT, GUIDE, PERSON, TICKET, USER, history, work
from connectors.web import Endpoint, Rows, Web, epoch, reaching_back

EXPORT = Next("after_url", last="end_of_stream")
TIMED = Next("next_page", last="end_of_stream")
START = {"start_time": 0}
MORE = Cursor("page[after]", "meta.after_cursor")
SIZE = {"page[size]": 100}
STAFF = at("role").is_in(["agent", "admin"])


@dataclass
class Zendesk(Web):
    """Names of groups are asked first: a ticket has only their numbers."""

    settings: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def streams(self) -> list[Stream]:
        pages = self.api.pages("groups.json", MORE, items="groups", params=SIZE)
        names = {str(told(one, "id", "groups.json")): str(told(one, "name", "groups.json")) for p in pages for one in p}
        self.endpoints = endpoints(self.settings, names)
        return super().streams()


def endpoints(settings: Mapping[str, Any], groups: Mapping[str, str]) -> list[Endpoint]:
    overlap, links = reaching_back(settings, 1), settings.get("links", [])
    who = Rows("accounts", PERSON)
    staff = Endpoint("accounts", "incremental/users/cursor.json", USER, (who,), "users", EXPORT, START)
    tickets = Endpoint("tickets", "incremental/tickets/cursor.json", TICKET, tuple(work(settings, groups)), "tickets")
    events = Endpoint("events", "incremental/ticket_events.json", EVENT, tuple(history(links)), "ticket_events", TIMED)
    guide = Endpoint(
        "articles", "help_center/articles.json", GUIDE, (Rows("articles", ARTICLE),), "articles", MORE, SIZE
    )
    asked = {**START, "include": "comment_events"} if links else START
    changing: dict[str, Any] = {"since": epoch("start_time"), "overlap": overlap}
    return [
        replace(staff, keep=None if settings.get("customers") else STAFF, **changing),
        replace(tickets, paging=EXPORT, params={**START, "include": "metric_sets"}, **changing),
        replace(events, params=asked, **changing),
        *(
            [replace(guide, keep=~at("draft").fill_null(value=False), covers="all")]
            if settings.get("articles", True)
            else []
        ),
    ]

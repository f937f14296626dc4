"""Tickets from Request Tracker: who worked on what and when, never what they wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from connectors.fields import LONG_AGO, at
from connectors.http import Bearer, Counted
from connectors.source import source
from connectors.vendors.request_tracker import PEOPLE, TICKETS, ZONES
from connectors.vendors.request_tracker_rows import DEED, life, links, moves, ticket
from connectors.web import Endpoint, Rows, Web, polite, reaching_back


@source(
    "request_tracker",
    title="Request Tracker",
    group="ticketing",
    proof="server",
    by="Request Tracker 5.0, run by tests/servers/test_request_tracker.py",
    scopes=("SeeQueue", "ShowTicket", "ShowTicketComments", "SeeCustomField", "AdminUsers for the accounts"),
    needs={"url": "its address, like https://rt.example.org", "token": "an auth token (Settings, Auth Tokens)"},
    may={
        "types": 'what a queue is to us, like {outages = "incident"}; others are requests',
        "cause": "the custom field that holds the cause of a ticket",
        "outcomes": 'what the status of a closed ticket is to us, like {spam = "automatic"}',
        "done": 'statuses of closed tickets (["resolved", "rejected"])',
    },
)
def request_tracker(name: str, settings: Mapping[str, Any]) -> Web:
    """Tickets with their history and links, and accounts.

    The token's user needs SeeQueue, ShowTicket and ShowTicketComments for the queues to be read, SeeCustomField for
    the cause, and AdminUsers for the addresses of accounts.
    """
    api = polite(settings, f"{settings['url'].rstrip('/')}/REST/2.0", Bearer(settings["token"], "token"))
    done, overlap = list(settings.get("done", ["resolved", "rejected"])), reaching_back(settings, 1)
    back = (at("Type") == "Status") & at("OldValue").is_in(done) & ~at("NewValue").is_in(done)
    changed = replace(TICKETS, since=lambda since: {"query": f"LastUpdated >= '{since - ZONES:%Y-%m-%d %H:%M:%S}'"})
    deeds = Endpoint(
        "tickets",
        "ticket/{id}/history",
        DEED,
        (life(ticket(settings, done, "parent."), back), moves(done, back), links()),
        "items",
        Counted("page", "per_page", start=1, total="total", by_page=True),
        {"fields": ",".join(DEED)},
        of=changed,
        covers="all",
        lasting=False,
        together=True,
        overlap=overlap,
        scope="ShowTicket, ShowTicketComments",
    )
    listed = (Rows("tickets", {**ticket(settings, done), "changed": LONG_AGO}),)
    return Web(name, api, [PEOPLE, deeds, replace(TICKETS, name="here", gives=listed, covers="all", total="total")])

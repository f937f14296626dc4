"""Tickets and articles from Zendesk: who worked on what and when, never what they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.http import Basic, Bearer
from connectors.source import source
from connectors.vendors.zendesk import Zendesk, endpoints
from connectors.web import polite


@source(
    "zendesk",
    title="Zendesk",
    group="ticketing",
    proof="documented",
    by="Zendesk API reference: Incremental Exports; Ticket Metrics; Articles",
    scopes=("tickets:read", "users:read", "hc:read", "the role of an administrator"),
    needs={"url": "its address, like https://you.zendesk.com", "token": "an API token, or an OAuth token"},
    may={
        "email": "whose API token it is; without one the token is an OAuth token",
        "types": 'what a type of ticket is to us, like {task = "action"}',
        "causes": "tags that name a cause; the first that a ticket bears counts",
        "customers": "true to read the accounts of end users too: where they are colleagues",
        "links": "how links to articles look: a list of {pattern, article}",
        "articles": "false where there is no help center",
    },
)
def zendesk(name: str, settings: Mapping[str, Any]) -> Zendesk:
    """Tickets with their metrics, their events, staff, help center articles.

    Exports are for administrators only; an OAuth token needs tickets:read, users:read and hc:read.
    """
    mail, token = settings.get("email"), settings["token"]
    credentials = Basic(f"{mail}/token", token) if mail else Bearer(token)
    api = polite(settings, f"{settings['url'].rstrip('/')}/api/v2", credentials)
    return Zendesk(name, api, endpoints(settings, {}), settings=settings)

"""Tickets and wiki pages from Redmine: who worked on what and when, and which pages there are, never what they say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.http import Key
from connectors.source import source
from connectors.vendors.redmine import Redmine, every
from connectors.web import polite


@source(
    "redmine",
    title="Redmine",
    group="ticketing",
    proof="server",
    by="Redmine 5.0, run by tests/servers/test_redmine.py",
    scopes=("view issues", "view wiki", "an administrator's key for the accounts"),
    needs={"url": "its address, like https://redmine.example.org", "key": "an API key (My account, API access key)"},
    may={
        "types": 'what a tracker is to us, like {Defect = "incident"}',
        "outcomes": 'what the status of a closed issue is to us, like {Abgelehnt = "declined"}',
        "resolved": 'statuses that mean resolved though not closed (["Resolved"])',
        "links": "how links to articles look: a list of {pattern, article}",
        "services": "logins of service accounts",
        "accounts": "false where the key is no administrator's: accounts are not read then",
    },
)
def redmine(name: str, settings: Mapping[str, Any]) -> Redmine:
    """Issues with their journals and relations, accounts, groups, wiki pages. Private issues and notes are never read.

    The key's user must see the issues and wikis to be read; to read accounts it must be an administrator.
    """
    api = polite(settings, settings["url"], Key("X-Redmine-API-Key", settings["key"]))
    return Redmine(name, api, every(settings, [], []), settings=settings)

"""Pages from Confluence, Cloud and Data Center: who wrote, bettered and discussed which page, never what it says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from connectors.errors import Refused
from connectors.http import Basic, Bearer
from connectors.source import source
from connectors.vendors.confluence_rows import articles, comments, retired, users
from connectors.web import Web, polite


@source(
    "confluence",
    title="Confluence (Cloud and Data Center)",
    group="knowledge",
    proof="documented",
    by="Confluence Cloud REST API v1 and v2, Confluence Data Center REST API: Content, Search, Space, Group",
    scopes=("search:confluence", "read:page:confluence", "read:space:confluence", "read:user:confluence"),
    needs={
        "url": "its address, like https://you.atlassian.net/wiki",
        "token": "an API token (Cloud) or a personal access token (Data Center)",
    },
    may={
        "email": "in the Cloud: whose token it is",
        "spaces": "keys of the spaces to read (all but personal ones)",
        "personal": "true to read personal spaces too (false)",
        "kinds": 'what a label makes of a page, like {runbook = "playbook"}',
        "group": "Data Center: the group that everyone is in (confluence-users)",
    },
)
def confluence(name: str, settings: Mapping[str, Any]) -> Web:
    """Reads pages that changed with their versions and labels, comments, pages that were put away, and users.

    The smallest right is to view the spaces: a token of somebody who may not edit, in the Cloud with the scopes
    search:confluence, read:page:confluence, read:space:confluence and read:user:confluence.
    """
    cloud = bool(settings.get("email"))
    token = str(settings["token"])
    api = polite(settings, settings["url"], Basic(str(settings["email"]), token) if cloud else Bearer(token))
    spaces = within(name, settings)
    read = [comments(spaces, settings), retired(settings, cloud=cloud), users(settings, cloud=cloud)]
    return Web(name, api, [articles(spaces, settings, cloud=cloud), *read])


def within(name: str, settings: Mapping[str, Any]) -> str:
    """Which spaces, in CQL."""
    keys = settings.get("spaces", [])
    if any(not re.fullmatch(r"~?\w+", str(key)) for key in keys):
        raise Refused(f"[sources.{name}] spaces holds what is no key of a space; write keys like ENG")
    if keys:
        return "space in ({})".format(", ".join(f'"{key}"' for key in keys))
    return "space.type in (global, personal)" if settings.get("personal") else "space.type = global"

"""People from a SCIM 2.0 directory: who is in which unit under whom, never how to reach or what to call them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.directory import MAY, Directory
from connectors.source import Source, source
from connectors.vendors.scim import credentials, unit, users
from connectors.web import Web, polite


@source(
    "scim",
    title="SCIM 2.0 directory",
    group="HR",
    proof="server",
    by="scim2-server, started by the tests",
    scopes=("read users",),
    needs={"url": "the address of its API, like https://example.org/scim/v2"},
    may={
        "token": "a bearer token that may read users",
        "token_url": "where a token is given for client_id and client_secret",
        "client_id": "the client's id",
        "client_secret": "the client's secret",
        "scope": "the scope to ask a token for",
        "unit": "what makes a unit: department, division, organization or costCenter (department)",
        "above": "what makes the unit above it (the managers' units)",
        "joined": "created, to take the day an account was made for the day its person joined (not known)",
        "service_types": "the userTypes of accounts that are no person's (none)",
        **MAY,
    },
)
def scim(name: str, settings: Mapping[str, Any]) -> Source:
    """Users with the enterprise extension: their unit, their manager, their title, whether they are active.

    A token that may read users and nothing else is enough. Everyone is read every time: only so is it seen who is no
    longer there. An account that is no longer active, or gone, ends its person's membership that day.
    """
    machines = [str(one) for one in settings.get("service_types", ())]
    where, above = unit(name, settings, "unit", "department"), unit(name, settings, "above", "")
    endpoint = users(where, above, machines, made_is_joined=settings.get("joined") == "created")
    return Directory.of(Web(name, polite(settings, settings["url"], credentials(name, settings)), [endpoint]), settings)

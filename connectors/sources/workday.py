"""People from a Workday report: who is in which organisation under whom, never how to reach or what to call them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.directory import MAY, Directory
from connectors.errors import Refused
from connectors.source import Source, source
from connectors.vendors.workday import REPORT, credentials, workers
from connectors.web import Web, polite


@source(
    "workday",
    title="Workday (report as a service)",
    group="HR",
    proof="documented",
    by="Workday: Report-as-a-Service (RaaS), custom report as a web service",
    scopes=("Get on the domains of the report's fields",),
    needs={"url": "the report's JSON address (View URLs), without what follows the question mark"},
    may={
        "user": "the integration system user, like isu_bellwether@tenant",
        "password": "its password",
        "token_url": "where an API client gets its token",
        "client_id": "the API client's id",
        "client_secret": "the API client's secret",
        "refresh_token": "its refresh token",
        "columns": "the report's names of columns, by ours (those of the documentation)",
        "dated": "true for a report of all memberships with Effective_Date and End_Date (today's only)",
        **MAY,
    },
)
def workday(name: str, settings: Mapping[str, Any]) -> Source:
    """Workers as a custom report lists them: organisation, manager, title, place, hire and termination date.

    The report's owner needs Get on the domains its fields belong to (Worker Data: Public Worker Reports, Current
    Staffing Information, Organization Information), and nothing else. The report is read whole every time.
    """
    said = settings.get("columns", {})
    if not isinstance(said, Mapping) or (strange := sorted(set(said) - set(REPORT))):
        odd = f"{', '.join(strange)} is not known; " if isinstance(said, Mapping) else ""
        raise Refused(f"[sources.{name}] columns: {odd}use {', '.join(REPORT)}")
    dated = settings.get("dated", False) is True
    address, _, report = str(settings["url"]).rstrip("/").rpartition("/")
    web = Web(
        name,
        polite(settings, address, credentials(name, settings)),
        [workers(report, {**REPORT, **said}, dated=dated)],
    )
    return Directory.of(web, settings, dated=dated)

"""People from BambooHR: who was in which unit under whom from when to when, never how to reach or what to call them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.directory import MAY, Directory
from connectors.errors import Refused
from connectors.http import Basic
from connectors.source import Source, source
from connectors.vendors.bamboohr import UNITS, employees, ends, jobs, memberships
from connectors.web import Web, polite


@source(
    "bamboohr",
    title="BambooHR",
    group="HR",
    proof="documented",
    by="BambooHR API: Request Custom Report; Get Employee Table Data (jobInfo, employmentStatus)",
    scopes=("view of the fields and tables named in the documentation",),
    needs={"url": "its address, like https://you.bamboohr.com", "key": "an API key (your picture, API Keys)"},
    may={
        "unit": "what makes a unit: department, division or location (department)",
        "above": "what makes the unit above it (the managers' units)",
        **MAY,
    },
)
def bamboohr(name: str, settings: Mapping[str, Any]) -> Source:
    """Employees, and the history of their jobs with its effective dates: real memberships from the day someone joined.

    The key is as wide as its user's rights: give that user a custom access level that may view the fields named in the
    documentation and the tables Job information and Employment status, of everyone, and edit nothing.
    """
    unit, above = str(settings.get("unit", "department")), str(settings.get("above", ""))
    if unit not in UNITS or above not in ("", *UNITS):
        raise Refused(f"[sources.{name}] unit and above must each be one of {', '.join(UNITS)}")
    api = polite(settings, f"{str(settings['url']).rstrip('/')}/api/v1", Basic(str(settings["key"]), "x"))
    web = Web(name, api, [employees(unit, above), jobs(unit, above), ends()])
    return Directory.of(web, settings, dated=True, finish=memberships)

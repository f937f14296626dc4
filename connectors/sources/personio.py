"""People from Personio: who is in which unit under whom and since when, never how to reach or what to call them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.directory import MAY, Directory
from connectors.errors import Refused
from connectors.source import Source, source
from connectors.vendors.personio import ADDRESS, Token, employees
from connectors.web import Web, polite


@source(
    "personio",
    title="Personio",
    group="HR",
    proof="documented",
    by="Personio Developer Hub: Authentication; List Employees (v1)",
    scopes=("employees: read",),
    needs={
        "client_id": "the client id (Settings, API credentials)",
        "client_secret": "its secret",
    },
    may={
        "url": f"the address of its API ({ADDRESS})",
        "unit": "what makes a unit: department or team (department)",
        **MAY,
    },
)
def personio(name: str, settings: Mapping[str, Any]) -> Source:
    """Employees: department or team, supervisor, position, office, hire and termination date, status.

    The credential needs to read employees, and of their attributes id, e-mail, first and last name, status, position,
    supervisor, department, team, office, hire date, termination date and last change; no salary, no address, no birth.
    Everyone is read every time; Personio gives no history of departments here, so it is kept from read to read.
    """
    unit = str(settings.get("unit", "department"))
    if unit not in ("department", "team"):
        raise Refused(f"[sources.{name}] unit = {unit!r} is not known; use department or team")
    address = str(settings.get("url", ADDRESS)).rstrip("/")
    token = Token(f"{address}/auth", str(settings["client_id"]), str(settings["client_secret"]))
    return Directory.of(Web(name, polite(settings, address, token), [employees(unit)]), settings)

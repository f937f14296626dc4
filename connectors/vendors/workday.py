"""A Workday report, and how its columns become people, units and accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from connectors.errors import Refused
from connectors.fields import Fields, day, moment, text
from connectors.http import Basic, Credentials, Refresh
from connectors.web import Endpoint, Rows

REPORT = {
    "person": "Employee_ID",
    "email": "Email",
    "login": "User_Name",
    "name": "Worker",
    "manager": "Manager_ID",
    "unit": "Supervisory_Organization",
    "above": "Superior_Organization",
    "role": "Business_Title",
    "site": "Location",
    "joined": "Hire_Date",
    "left": "Termination_Date",
    "active": "Active_Status",
    "changed": "Last_Functionally_Updated",
    "valid_from": "Effective_Date",
    "valid_to": "End_Date",
}
DATED = ("valid_from", "valid_to")
ACTIVE = ("1", "true", "yes", "y", "active", "")


def workers(report: str, columns: Mapping[str, str], *, dated: bool) -> Endpoint:
    """A report of flat rows; a column that is not in it is missing, and so is what is blank."""
    active = pl.col(columns["active"]).str.to_lowercase().is_in(ACTIVE).fill_null(value=True)
    people: dict[str, Fields] = {
        **{ours: text(columns[ours]) for ours in ("person", "manager", "unit", "above", "role", "site")},
        **{ours: day(columns[ours]) for ours in ("joined", "left")},
        **({ours: day(columns[ours]) for ours in DATED} if dated else {}),
        "changed": moment(columns["changed"]),
    }
    accounts: dict[str, Fields] = {
        "account": text(columns["person"]),
        "person": text(columns["person"]),
        **{ours: text(columns[ours]) for ours in ("email", "login", "name")},
        "active": active,
        "changed": moment(columns["changed"]),
    }
    return Endpoint(
        "workers",
        report,
        dict.fromkeys(columns.values(), str),
        rows="Report_Entry",
        params={"format": "json"},
        scope="Get on the report's domains",
        gives=(
            Rows("people", people, where=active | pl.col(columns["left"]).is_not_null() | pl.lit(dated)),
            Rows("accounts", accounts),
        ),
    )


def credentials(name: str, settings: Mapping[str, Any]) -> Credentials:
    given = {word: str(settings.get(word, "")) for word in ("user", "password", "token_url", "client_id")}
    secret, refresh = str(settings.get("client_secret", "")), str(settings.get("refresh_token", ""))
    if given["user"] and given["password"]:
        return Basic(given["user"], given["password"])
    if given["token_url"] and given["client_id"] and secret and refresh:
        return Refresh(given["token_url"], given["client_id"], secret, refresh)
    raise Refused(f"[sources.{name}] needs user and password, or token_url, client_id, client_secret and refresh_token")

"""Where Personio has its records, which fields are read, and what they are in our words."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from connectors.errors import Changed
from connectors.fields import at, day, moment, text
from connectors.http import ClientCredentials, Counted, Reply
from connectors.shape import Shape
from connectors.web import Endpoint, Rows

LASTS = timedelta(hours=23)  # a token is good for 24
ADDRESS = "https://api.personio.de/v1"
GONE = ("inactive",)
NAMED: Shape = {"value": {"attributes": {"name": str}}}
EMPLOYEE: dict[str, Shape] = {
    "attributes": {
        "id": {"value": int},
        "email": {"value": str},
        "first_name": {"value": str},
        "last_name": {"value": str},
        "status": {"value": str},
        "position": {"value": str},
        "supervisor": {"value": {"attributes": {"id": {"value": int}}}},
        "hire_date": {"value": str},
        "termination_date": {"value": str},
        "last_modified_at": {"value": str},
        "department": NAMED,
        "team": NAMED,
        "office": NAMED,
    }
}


class Token(ClientCredentials):
    """What version 1 gives in return for id and secret, under a name of its own."""

    def form(self) -> dict[str, str]:
        return {"client_id": self.client_id, "client_secret": self.client_secret}

    def take(self, reply: Reply, now: datetime) -> None:
        token = reply.at("data.token")
        if not isinstance(token, str) or not token.isascii():
            raise Changed(f"{reply.path} gave no token; look at the vendor's changes")
        self.token, self.ends = token, now + LASTS


def said(name: str) -> pl.Expr:
    return at(f"attributes.{name}.value")


def called(name: str) -> pl.Expr:
    return text(f"attributes.{name}.value.attributes.name")


def employees(unit: str) -> Endpoint:
    by_team = unit == "team"
    active = ~said("status").is_in(GONE).fill_null(value=False)
    people = {
        "person": said("id"),
        "unit": pl.coalesce(called("team"), called("department")) if by_team else called("department"),
        "manager": said("supervisor").struct.field("attributes").struct.field("id").struct.field("value"),
        "role": text(said("position")),
        "site": called("office"),
        "joined": day(said("hire_date")),
        "left": day(said("termination_date")),
        "changed": moment(said("last_modified_at")),
        **({"above": pl.when(called("team").is_not_null()).then(called("department"))} if by_team else {}),
    }
    accounts = {
        "account": said("id"),
        "person": said("id"),
        "email": text(said("email")),
        "name": pl.concat_str(said("first_name"), said("last_name"), separator=" "),
        "active": active,
        "changed": moment(said("last_modified_at")),
    }
    return Endpoint(
        "employees",
        "company/employees",
        EMPLOYEE,
        rows="data",
        paging=Counted("offset", "limit", 200, total="metadata.total_elements"),
        scope="employees: read",
        gives=(
            Rows("people", people, where=active | said("termination_date").is_not_null()),
            Rows("accounts", accounts),
        ),
    )

"""Where a SCIM directory has its users, which fields are read, and what they are in our words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from connectors.errors import Refused
from connectors.fields import at, day, moment, text
from connectors.http import Bearer, ClientCredentials, Counted, Credentials
from connectors.shape import Shape
from connectors.web import Endpoint, Rows

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
UNITS = ("department", "division", "organization", "costCenter")
USER: dict[str, Shape] = {
    "id": str,
    "userName": str,
    "displayName": str,
    "name": {"givenName": str, "familyName": str},
    "emails": [{"value": str, "primary": bool}],
    "active": bool,
    "title": str,
    "userType": str,
    "meta": {"created": str, "lastModified": str},
    ENTERPRISE: {**dict.fromkeys(UNITS, str), "employeeNumber": str, "manager": {"value": str}},
}
ASKED = ("userName", "displayName", "name", "emails", "active", "title", "userType", "meta", ENTERPRISE)


def work(name: str) -> pl.Expr:
    """A field of the enterprise extension, whose own name has dots."""
    return pl.col(ENTERPRISE).struct.field(name)


def address() -> pl.Expr:
    """The address that is marked as the main one, else the first."""
    one = pl.element().struct
    main = at("emails").list.eval(one.field("value").filter(one.field("primary").fill_null(value=False)))
    return pl.coalesce(main.list.first(), at("emails").list.eval(one.field("value")).list.first())


def users(unit: str, above: str, machines: list[str], *, made_is_joined: bool) -> Endpoint:
    machine = at("userType").str.to_lowercase().is_in([one.lower() for one in machines]).fill_null(value=False)
    people: dict[str, pl.Expr | str] = {
        "person": "id",
        "unit": text(work(unit)),
        "manager": work("manager").struct.field("value"),
        "role": text("title"),
        "joined": day("meta.created") if made_is_joined else pl.lit(None, pl.Date),
        "changed": moment("meta.lastModified"),
        **({"above": text(work(above))} if above else {}),
    }
    accounts: dict[str, pl.Expr | str] = {
        "account": "id",
        "person": "id",
        "email": address(),
        "login": "userName",
        "name": pl.coalesce(
            text("displayName"), pl.concat_str(at("name.givenName"), at("name.familyName"), separator=" ")
        ),
        "kind": pl.when(machine).then(pl.lit("service")),
        "active": at("active").fill_null(value=True),
        "changed": moment("meta.lastModified"),
    }
    return Endpoint(
        "users",
        "Users",
        USER,
        rows="Resources?",  # RFC 7644: there need be none where nobody is found
        params={"attributes": ",".join(ASKED)},
        paging=Counted("startIndex", "count", 100, start=1, total="totalResults"),
        scope="read users",
        gives=(
            Rows("people", people, where=at("active").fill_null(value=True) & ~machine),
            Rows("accounts", accounts),
        ),
    )


def credentials(name: str, settings: Mapping[str, Any]) -> Credentials:
    if settings.get("token"):
        return Bearer(str(settings["token"]))
    address, client, secret = (str(settings.get(word, "")) for word in ("token_url", "client_id", "client_secret"))
    if not (address and client and secret):
        raise Refused(f"[sources.{name}] needs token, or token_url, client_id and client_secret")
    return ClientCredentials(address, client, secret, scope=str(settings.get("scope", "")))


def unit(name: str, settings: Mapping[str, Any], word: str, usual: str) -> str:
    said = str(settings.get(word, usual))
    if said and said not in UNITS:
        raise Refused(f"[sources.{name}] {word} = {said!r} is not known; use one of {', '.join(UNITS)}")
    return said

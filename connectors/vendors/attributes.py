"""Attributes of LDAP entries as columns: the first value of each, names and times as they compare."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import polars as pl

from connectors.tables import MOMENT
from connectors.vendors.entries import Entry

ONE = (
    *("entryuuid", "uid", "samaccountname", "mail", "displayname", "cn", "title", "manager", "l"),
    *("physicaldeliveryofficename", "department", "departmentnumber", "ou", "employeetype", "useraccountcontrol"),
    *("modifytimestamp", "whenchanged", "nsaccountlock", "pwdaccountlockedtime"),
)
MANY = ("objectclass", "memberof")


def first(entry: Entry, name: str) -> str | None:
    found = entry.values.get(name)
    return found[0].decode(errors="replace") if found else None


def guid(entry: Entry, name: str) -> str | None:
    """Active Directory's id is 16 bytes; any other is a text."""
    found = entry.values.get("objectguid")
    if name or not found:
        return first(entry, name) if name else None
    return str(UUID(bytes_le=found[0])) if len(found[0]) == 16 else None


def table(found: Sequence[Entry], stable: str, more: Sequence[str]) -> pl.DataFrame:
    """The attributes that are read, as columns; names of entries as they compare."""
    names = dict.fromkeys([*ONE, *more])
    columns: dict[str, Any] = {name: [first(entry, name) for entry in found] for name in names}
    columns |= {
        name: [[one.decode(errors="replace").lower() for one in entry.values.get(name, [])] for entry in found]
        for name in MANY
    }
    kinds: dict[str, Any] = {**dict.fromkeys(names, pl.String), **dict.fromkeys(MANY, pl.List(pl.String))}
    own = [guid(entry, stable) for entry in found]
    rows = pl.DataFrame(
        {**columns, "dn": [entry.dn for entry in found], "own": own}, {**kinds, "dn": pl.String, "own": pl.String}
    )
    return rows.with_columns(
        id=pl.col("own") if stable else pl.coalesce("entryuuid", "own"), place=plain("dn"), over=plain("manager")
    )


def plain(name: str) -> pl.Expr:
    """A distinguished name as it compares: in lower case, without blanks around its parts."""
    return pl.col(name).str.to_lowercase().str.replace_all(r"\s*([,=])\s*", "${1}")


def stamp(name: str) -> pl.Expr:
    """A generalized time (20261122101500Z) as a moment."""
    return pl.col(name).str.slice(0, 14).str.to_datetime("%Y%m%d%H%M%S", strict=False).cast(MOMENT)


def day(name: str) -> pl.Expr:
    """The first eight digits of a time or a date as a day."""
    return pl.col(name).str.replace_all(r"\D", "").str.slice(0, 8).str.to_date("%Y%m%d", strict=False)

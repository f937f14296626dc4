"""People from LDAP and Active Directory: who is in which unit under whom, never how to reach or what to call them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from connectors.directory import MAY, Directory
from connectors.errors import Refused, SourceError
from connectors.fields import text
from connectors.source import Health, Page, Source, Stream, source
from connectors.vendors.attributes import MANY, ONE, day, plain, stamp, table
from connectors.vendors.entries import Entry, Ldap, exported

PEOPLE = (
    "(|(objectClass=inetOrgPerson)(&(objectCategory=person)(objectClass=user))(objectClass=applicationProcess)"
    "(objectClass=msDS-ManagedServiceAccount)(objectClass=msDS-GroupManagedServiceAccount))"
)
PERSON = ("inetorgperson", "organizationalperson", "person", "user")
MACHINE = ("msds-managedserviceaccount", "msds-groupmanagedserviceaccount", "applicationprocess", "computer")
DISABLED, TRUSTS = 0x2, 0x800 | 0x1000 | 0x2000  # of userAccountControl; trusts are of machines and domains
LOCKED_FOR_EVER = "000001010000Z"
RDN = r"(?i),\s*ou=((?:[^,\\]|\\.)+)"


def branch(at: int) -> pl.Expr:
    """The organizational unit an entry lies in (0), or the one above (1)."""
    parts = pl.col("dn").str.extract_all(RDN).list.get(at, null_on_oob=True)
    return parts.str.extract(RDN, 1).str.replace_all(r"\\(.)", "${1}")


def place(said: str, usual: pl.Expr, at: int) -> pl.Expr:
    return usual if not said else branch(at) if said == "dn" else text(said)


@dataclass
class People:
    """How entries are read: which attributes make the unit, and what tells a machine from a person."""

    name: str
    directory: Ldap | Path
    query: str
    split: str
    unit: str = ""
    above: str = ""
    joined: str = ""
    stable: str = ""
    places: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    @property
    def attributes(self) -> list[str]:
        named = [one for one in (self.unit, self.above, self.joined, self.stable) if one and one != "dn"]
        return list(dict.fromkeys([*ONE, *MANY, "objectguid", *named]))

    def streams(self) -> list[Stream]:
        return [Stream("people", self.read, whole=True, also=("accounts",))]

    def machine(self) -> pl.Expr:
        """Never by the letters of a name: by its class, its flags, where it lies, its groups, its type."""
        classes, flags = pl.col("objectclass").list, pl.col("useraccountcontrol").cast(pl.Int64, strict=False)
        beneath = [
            pl.col("place").str.ends_with(f",{one}") | pl.col("memberof").list.contains(one) for one in self.places
        ]
        signs = [
            classes.eval(pl.element().is_in(MACHINE)).list.any(),
            ~classes.eval(pl.element().is_in(PERSON)).list.any(),
            (flags.fill_null(0) & TRUSTS) != 0,
            pl.col("employeetype").str.to_lowercase().is_in(self.types).fill_null(value=False),
            *beneath,
        ]
        return pl.any_horizontal(signs)

    def active(self) -> pl.Expr:
        flags = pl.col("useraccountcontrol").cast(pl.Int64, strict=False).fill_null(0)
        locked = (pl.col("nsaccountlock").str.to_lowercase() == "true") | (
            pl.col("pwdaccountlockedtime") == LOCKED_FOR_EVER
        )
        return ((flags & DISABLED) == 0) & ~locked.fill_null(value=False)

    def found(self, *, few: bool) -> list[Entry]:
        if isinstance(self.directory, Path):
            return [entry for entry in exported(self.directory) if known(entry)]
        if few:
            return self.directory.some(self.query, self.attributes)
        return self.directory.all(self.query, self.attributes, self.split)

    def table(self, *, few: bool) -> pl.DataFrame:
        named = [one for one in (self.unit, self.above, self.joined) if one and one != "dn"]
        rows = table(self.found(few=few), self.stable, named)
        if rows.height and rows["id"].null_count() == rows.height:
            raise Refused(f"{self.name}: no entry has an id that stays; set id = an attribute that never changes")
        return rows.with_columns(
            machine=self.machine(),
            active=self.active(),
            changed=pl.coalesce(stamp("modifytimestamp"), stamp("whenchanged")),
        )

    def read(self, since: datetime | None) -> Iterator[pl.DataFrame | Page]:
        rows = self.table(few=False)
        ids = rows.select(over="place", boss="id").unique("over", keep="first", maintain_order=True)
        rows = rows.join(ids, on="over", how="left", maintain_order="left")
        usual = pl.coalesce(text("department"), text("ou"), text("departmentnumber"))
        people = rows.filter(pl.col("active") & ~pl.col("machine")).select(
            person="id",
            unit=place(self.unit, usual, 0),
            manager="boss",
            role=text("title"),
            site=pl.coalesce(text("l"), text("physicaldeliveryofficename")),
            joined=day(self.joined) if self.joined else pl.lit(None, pl.Date),
            valid_from=pl.lit(None, pl.Date),
            changed="changed",
            above=place(self.above, pl.lit(None, pl.String), 1),
        )
        yield people if self.above else people.drop("above")
        yield Page(
            "accounts",
            rows.select(
                account="id",
                person="id",
                email=text("mail"),
                login=pl.coalesce(text("samaccountname"), text("uid")),
                name=pl.coalesce(text("displayname"), text("cn")),
                kind=pl.when("machine").then(pl.lit("service")),
                active="active",
                changed="changed",
            ),
        )

    def check(self) -> Health:
        try:
            rows = self.table(few=True)
        except SourceError as error:
            return Health(False, str(error), lacking=("read people",) if isinstance(error, Refused) else ())
        newest, oldest = rows["changed"].max(), rows["changed"].min()
        words = (
            "people: can be read" if rows.height else "nobody is found there; check base, filter and the rights of user"
        )
        return Health(bool(rows.height), words, newest, oldest)  # type: ignore[arg-type]


@source(
    "ldap",
    title="LDAP and Active Directory",
    group="HR",
    proof="server",
    by="OpenLDAP 2.5, started by the tests",
    scopes=("read people",),
    may={
        "url": "its address, like ldaps://ldap.example.org",
        "base": "where people are, like ou=people,dc=example,dc=org",
        "user": "the name of an account that may read there (nobody in particular)",
        "password": "its password",
        "file": "an LDIF file to read in place of a server",
        "filter": "which entries are read (people and service accounts)",
        "starttls": "false for ldap:// without encryption, on a safe network only (true)",
        "split": "the attribute by which a search is split where the server cuts it (uid)",
        "id": "an attribute that never changes (entryUUID, objectGUID)",
        "unit": "the attribute that makes a unit, or dn for the branch (department, ou, departmentNumber)",
        "above": "the attribute that makes the unit above it, or dn (the managers' units)",
        "joined": "the attribute that says since when someone is there, like createTimestamp (not known)",
        "service_places": "branches and groups of accounts that are no person's (none)",
        "service_types": "values of employeeType of accounts that are no person's (none)",
        **MAY,
    },
    needs={},
)
def ldap(name: str, settings: Mapping[str, Any]) -> Source:
    """People and service accounts: unit, manager, title, place, whether an account is disabled.

    An account that may read these attributes below the base is enough; a size limit below the number of people makes
    it slower, and without one it is quickest. Everyone is read every time: only so is it seen who is no longer there.
    A disabled account, or one that is gone, ends its person's membership that day.
    """
    unit, above, joined, stable = (str(settings.get(word, "")).lower() for word in ("unit", "above", "joined", "id"))
    people = People(
        name,
        directory(name, settings),
        query=str(settings.get("filter", PEOPLE)),
        split=str(settings.get("split", "uid")),
        unit=unit,
        above=above,
        joined=joined,
        stable=stable,
        places=tuple(normal(str(one)) for one in settings.get("service_places", ())),
        types=tuple(str(one).lower() for one in settings.get("service_types", ())),
    )
    return Directory.of(people, settings)


def known(entry: Entry) -> bool:
    """A file holds all there is, branches and groups too."""
    return not {one.decode(errors="replace").lower() for one in entry.values.get("objectclass", [])}.isdisjoint(
        (*PERSON, *MACHINE)
    )


def directory(name: str, settings: Mapping[str, Any]) -> Ldap | Path:
    if settings.get("file"):
        return Path(str(settings.get("folder", "."))) / str(settings["file"])
    if not settings.get("url") or not settings.get("base"):
        raise Refused(f"[sources.{name}] needs url and base, or file")
    user, password = str(settings.get("user", "")), str(settings.get("password", ""))
    encrypted = settings.get("starttls", True) is not False
    return Ldap(str(settings["url"]), str(settings["base"]), user, password, encrypted, str(settings.get("ca", "")))


def normal(dn: str) -> str:
    return str(pl.select(dn=pl.lit(dn)).select(plain("dn")).item())

"""Entries of an LDAP directory: all that a search finds, or an error that says what to do; from a server or a file."""

from __future__ import annotations

import string
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from itertools import takewhile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from connectors.errors import Busy, Changed, Refused, SourceError

PAGED = "1.2.840.113556.1.4.319"
SIGNS = string.ascii_lowercase + string.digits
DEPTH = 20
DONE, LIMITS = 0, (3, 4, 11)  # time, size, administrator's
WORDS: dict[int, tuple[type[SourceError], str]] = {
    7: (Refused, "does not know this way to sign in; use user and password"),
    8: (Refused, "wants a stronger connection; use ldaps:// or starttls"),
    10: (Refused, "refers to another server for this base; set url to that one"),
    13: (Refused, "wants an encrypted connection; use ldaps:// or starttls"),
    32: (Refused, "has no such base, or does not show it; check base and the rights of user"),
    34: (Refused, "cannot read base or user as a name; write it like ou=people,dc=example,dc=org"),
    49: (Refused, "refused user and password; check both"),
    50: (Refused, "does not let this user read there; grant the right to read"),
    51: (Busy, "is busy; the next run tries again"),
    52: (Busy, "is not available; the next run tries again"),
    53: (Refused, "is unwilling to answer this user; grant the right to read"),
}


@dataclass(frozen=True)
class Entry:
    """A name and the values of each attribute, whose names are in lower case."""

    dn: str
    values: dict[str, list[bytes]] = field(repr=False)


@dataclass
class Ldap:
    """A server, and who asks it. Referrals are not followed: another server would see the password."""

    address: str
    base: str
    user: str
    password: str = field(repr=False)
    starttls: bool = True
    ca: str = ""
    page: int = 500
    patience: int = 60  # seconds; the library wants a whole number

    def __post_init__(self) -> None:
        found = urlsplit(self.address)
        if found.scheme not in ("ldap", "ldaps") or not found.hostname or found.username:
            raise Refused("the url of a directory must look like ldaps://ldap.example.org")
        self.host, self.secure = found.hostname, found.scheme == "ldaps"

    def all(self, query: str, attributes: Sequence[str], by: str) -> list[Entry]:
        """All entries. Where the server cuts, the search is split by how the attribute `by` begins."""
        with self.connected() as connection:
            found = self.split(connection, query, [*attributes, by], by, "")
            return list({entry.dn: entry for entry in found}.values())

    def some(self, query: str, attributes: Sequence[str]) -> list[Entry]:
        """The first few, to see whether they may be read."""
        with self.connected() as connection:
            connection.search(self.base, query, attributes=list(attributes), paged_size=10)
            if connection.result["result"] not in LIMITS:
                self.judge(connection.result)
            return list(entries(connection.response))

    def split(self, connection: Any, query: str, attributes: Sequence[str], by: str, start: str) -> list[Entry]:
        """What begins with `start`: in one search, or in one for each sign that may follow and one for all others."""
        narrowed = f"(&{query}({by}={start}*))" if start else query
        found, whole = self.pages(connection, narrowed, attributes)
        if whole:
            return found
        for known in dict.fromkeys((alike(found, by, start), start)):
            starts = [known + sign for sign in SIGNS]
            rest = f"(&{narrowed}{''.join(f'(!({by}={one}*))' for one in starts)})"
            others, whole = self.pages(connection, rest, attributes)
            if whole and len(known) < DEPTH:
                return others + [
                    entry for one in starts for entry in self.split(connection, query, attributes, by, one)
                ]
        raise Refused(f"{self.host} cuts the search of {self.user or 'whoever asks'}; raise its size limit there")

    def pages(self, connection: Any, query: str, attributes: Sequence[str]) -> tuple[list[Entry], bool]:
        """What a search finds, and whether it was not cut at a limit."""
        found: list[Entry] = []
        cookies: set[bytes] = set()
        asked = {"attributes": list(attributes), "paged_size": self.page, "dereference_aliases": "NEVER"}
        while True:
            connection.search(self.base, query, **asked)
            found += entries(connection.response)
            if connection.result["result"] in LIMITS:
                return found, False
            self.judge(connection.result)
            control = (connection.result.get("controls") or {}).get(PAGED)
            if not control or not (cookie := control["value"]["cookie"]):
                return found, True
            if cookie in cookies:
                raise Changed(f"{self.host} sends us to the same page again; look at the directory")
            cookies.add(cookie)
            asked["paged_cookie"] = cookie

    def judge(self, result: dict[str, Any]) -> None:
        """A library raises nothing when a search is cut: the result has to be looked at."""
        code = result["result"]
        if code != DONE:
            kind, words = WORDS.get(code, (Changed, f"answered {result['description']}; look at the directory"))
            raise kind(f"{self.host} {words}")

    @contextmanager
    def connected(self) -> Iterator[Any]:
        ldap3 = library()
        wrong = ldap3.core.exceptions
        try:
            connection = self.connection(ldap3)
            connection.open()
            if self.starttls and not self.secure and not connection.start_tls():
                raise Refused(self.unencrypted())
            if not connection.bind():
                self.judge(connection.result)
            try:
                yield connection
            finally:
                connection.unbind()
        except wrong.LDAPInvalidFilterError:
            raise Refused(f"{self.host}: filter cannot be read; write it like (objectClass=person)") from None
        except wrong.LDAPExceptionError as error:
            if "CERTIFICATE" in str(error).upper():
                said = f"{self.host} shows a certificate that we do not trust; set ca = its authority"
                raise Refused(said) from None
            if isinstance(error, wrong.LDAPStartTLSError):
                raise Refused(self.unencrypted()) from None
            raise Busy(f"{self.host} does not answer ({type(error).__name__}); the next run tries again") from None

    def unencrypted(self) -> str:
        return f"{self.host} offers no StartTLS; use ldaps://, or starttls = false on a safe network"

    def connection(self, ldap3: Any) -> Any:
        tls = ldap3.Tls(validate=2, ca_certs_file=self.ca or None)  # 2: the certificate must be one we trust
        server = ldap3.Server(self.address, use_ssl=self.secure, tls=tls, get_info=ldap3.NONE, connect_timeout=10)
        return ldap3.Connection(
            server,
            self.user or None,
            self.password or None,
            auto_bind=False,
            auto_referrals=False,
            check_names=False,
            read_only=True,
            receive_timeout=self.patience,
            return_empty_attributes=False,
        )


def library() -> Any:
    try:
        import_module("ldap3.core.exceptions")
        return import_module("ldap3")
    except ImportError:
        raise Refused("reading LDAP needs the library ldap3; install bellwether[ldap]") from None


def entries(response: Sequence[dict[str, Any]]) -> Iterator[Entry]:
    for one in response or ():
        if one["type"] == "searchResEntry":
            yield Entry(one["dn"], {name.lower(): values for name, values in one["raw_attributes"].items()})


def alike(found: Sequence[Entry], by: str, start: str) -> str:
    """How all these begin, if it is more than `start`: the signs between need not be tried one by one."""
    said = [one.decode(errors="replace").lower() for entry in found for one in entry.values.get(by.lower(), [])]
    ends = zip(min(said, default=""), max(said, default=""), strict=False)
    shared = "".join(sign for sign, _ in takewhile(lambda pair: pair[0] == pair[1] and pair[0] in SIGNS, ends))
    return shared if shared.startswith(start) else start


def exported(path: Path) -> list[Entry]:
    """The entries of an LDIF file (RFC 2849), as `ldapsearch -LLL` and `slapcat` write it."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path} cannot be read ({type(error).__name__}); set file = an LDIF file") from None
    records = text.replace("\r\n", "\n").replace("\n ", "").split("\n\n")
    return [entry for record in records if (entry := as_entry(record, path)) is not None]


def as_entry(record: str, path: Path) -> Entry | None:
    values: dict[str, list[bytes]] = {}
    for line in record.split("\n"):
        if not line.strip() or line.startswith(("#", "version:")):
            continue
        name, _, said = line.partition(":")
        try:
            value = b64decode(said[1:].strip(), validate=True) if said.startswith(":") else said.strip().encode()
        except NotBase64:
            raise Changed(f"{path.name} has a value that is no base 64; export it anew") from None
        values.setdefault(name.partition(";")[0].lower(), []).append(value)
    dn = values.pop("dn", [])
    return Entry(dn[0].decode(errors="replace"), values) if dn else None

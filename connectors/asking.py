"""One request, and what its answer means: a reply, a delay, or who must act."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx2

from connectors.errors import Changed, Refused, SourceError
from connectors.reply import Reply

Opinion = Callable[[Reply], SourceError | float | None]


@dataclass(frozen=True)
class Asking:
    """One request, before anybody's credentials are on it."""

    method: str
    url: httpx2.URL
    sent: Mapping[str, Any] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def place(self) -> str:
        return f"{self.url.host}{self.url.path}"

    def reply(self, response: httpx2.Response) -> Reply:
        links = {str(rel): link["url"] for rel, link in response.links.items() if "url" in link}
        return Reply(self.place, response.content, links, response.headers, response.status_code)


@dataclass(frozen=True)
class Delay:
    """Why a request has to be made again, and in how many seconds if the server says."""

    reason: str
    told: float | None = None


def heard(reply: Reply, wrong: Opinion | None) -> Reply | Delay:
    """The reply, unless the source knows that it hides an error; an error page need not be what the source expects."""
    found: SourceError | float | None = None
    if wrong is not None and reply.code in (200, 201):
        found = wrong(reply)
    elif wrong is not None:
        with suppress(Changed):
            found = wrong(reply)
    if isinstance(found, SourceError):
        raise found
    return reply if found is None else Delay("its answer says so", found)


def judged(reply: Reply) -> Reply:
    """The reply, or who must act that there is none."""
    host, _, path = reply.path.partition("/")
    if reply.code in (401, 403):
        raise Refused(f"{host} refused /{path} ({reply.code}); renew the token or grant the right for this source")
    if reply.code not in (200, 201):
        raise Changed(f"{reply.path} answered {reply.code}; look at the vendor's changes and this source's address")
    return reply


def untrusted(error: BaseException | None) -> bool:
    """Whether a connection failed because of the other side's certificate."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False


def trusting(ca: str) -> ssl.SSLContext | bool:
    """What certificates to trust: those of this machine, and those in the file `ca`."""
    if not ca:
        return True
    context = ssl.create_default_context()
    try:
        context.load_verify_locations(ca)
    except (OSError, ssl.SSLError):
        raise Refused(f"no certificate can be read from {ca}; set ca = a file with the authority's, as PEM") from None
    return context

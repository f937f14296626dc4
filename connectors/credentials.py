"""Who asks: secrets that go into a header of a request and into nothing else."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from connectors.errors import Changed
from connectors.reply import Reply

EARLY = timedelta(seconds=60)


class Credentials(Protocol):
    def headers(self) -> dict[str, str]: ...


@dataclass(frozen=True)
class Bearer:
    """A token in the Authorization header, after `Bearer` or another word."""

    token: str = field(repr=False)
    word: str = "Bearer"

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"{self.word} {self.token}"}


@dataclass(frozen=True)
class Basic:
    """A user and a password or token."""

    user: str = field(repr=False)  # with some vendors it is the key
    password: str = field(repr=False)

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Basic {b64encode(f'{self.user}:{self.password}'.encode()).decode()}"}


@dataclass(frozen=True)
class Key:
    """A key in a header of its own."""

    header: str
    key: str = field(repr=False)

    def headers(self) -> dict[str, str]:
        return {self.header: self.key}


@dataclass
class Grant:
    """A token that the vendor gives for a while in return for something lasting (OAuth 2, RFC 6749)."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    token: str = field(default="", init=False, repr=False)
    ends: datetime | None = field(default=None, init=False)

    def form(self) -> dict[str, str]:
        """What is sent for it."""
        return {"client_id": self.client_id, "client_secret": self.client_secret}

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def stale(self, now: datetime) -> bool:
        return not self.token or (self.ends is not None and now >= self.ends - EARLY)

    def take(self, reply: Reply, now: datetime) -> None:
        """A vendor that does not say how long a token lasts will say 401 when it no longer does."""
        token, seconds = reply.at("access_token"), reply.at("expires_in")
        if not isinstance(token, str) or not token.isascii():
            raise Changed(f"{reply.path} gave no access_token; look at this source's token_url")
        try:
            self.ends = now + timedelta(seconds=float(seconds)) if seconds is not None else None
        except (TypeError, ValueError, OverflowError):
            self.ends = None
        self.token = token


@dataclass
class ClientCredentials(Grant):
    """For a client that reads in its own name."""

    scope: str = ""

    def form(self) -> dict[str, str]:
        scope = {"scope": self.scope} if self.scope else {}
        return {"grant_type": "client_credentials", **scope, **super().form()}


@dataclass
class Refresh(Grant):
    """For a client that reads in the name of someone who allowed it once; `keep` is told when the vendor changes it."""

    refresh_token: str = field(repr=False)
    keep: Callable[[str], None] = field(default=lambda token: None, repr=False)

    def form(self) -> dict[str, str]:
        return {"grant_type": "refresh_token", "refresh_token": self.refresh_token, **super().form()}

    def take(self, reply: Reply, now: datetime) -> None:
        super().take(reply, now)
        fresh = reply.at("refresh_token")
        if isinstance(fresh, str) and fresh != self.refresh_token:
            self.refresh_token = fresh
            self.keep(fresh)

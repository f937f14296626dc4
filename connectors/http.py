"""One polite way to ask a web API for pages: all of them, or an error that says what to do."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

import httpx2

from connectors.errors import Busy, Changed, Refused

# The client logs whole addresses at INFO, and an address may carry a key or a cursor.
logging.getLogger("httpx2").setLevel(logging.WARNING)

PASSING = (408, 425, 429, 500, 502, 503, 504)
Query = dict[str, Any]


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

    user: str
    password: str = field(repr=False)

    def headers(self) -> dict[str, str]:
        request = httpx2.Request("GET", "http://localhost")
        flow = httpx2.BasicAuth(self.user, self.password).auth_flow(request)
        return {"Authorization": next(flow).headers["Authorization"]}


@dataclass(frozen=True)
class Key:
    """A key in a header of its own."""

    header: str
    key: str = field(repr=False)

    def headers(self) -> dict[str, str]:
        return {self.header: self.key}


class Credentials(Protocol):
    def headers(self) -> dict[str, str]: ...


@dataclass(frozen=True)
class Reply:
    """What came back to one request."""

    path: str
    body: Any
    links: Mapping[str, str]

    def at(self, where: str) -> Any:
        """The value at a dotted path of the body, None where there is none; "" is the body itself."""
        found = self.body
        for part in where.split(".") if where else []:
            found = found.get(part) if isinstance(found, Mapping) else None
        return found

    def items(self, where: str) -> list[dict[str, Any]]:
        """The records of this page."""
        found = self.at(where)
        if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
            raise Changed(f"{self.path} has no list of records at {where or 'its top'!r}; look at the vendor's changes")
        return found


@dataclass
class Api:
    """A web API: where it is, who asks, and how long we are ready to wait in one run.

    `budget` is the number of requests one run may make, retries included; `patience` all it may spend waiting.
    """

    address: str = field(repr=False)
    credentials: Credentials | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    budget: int = 10_000
    patience: timedelta = timedelta(minutes=10)
    tries: int = 6
    timeout: float = 60.0
    transport: httpx2.BaseTransport | None = field(default=None, repr=False)
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)
    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC), repr=False)

    def __post_init__(self) -> None:
        try:
            own = self.credentials.headers() if self.credentials else {}
            self.home = httpx2.URL(self.address)
            self.client = httpx2.Client(
                headers={"Accept": "application/json", **self.headers, **own},
                timeout=httpx2.Timeout(self.timeout, connect=min(self.timeout, 10.0)),
                transport=self.transport,
            )
        except (httpx2.InvalidURL, UnicodeError):
            raise Refused("the address or the credentials of this source hold a sign that none can hold") from None
        if self.home.scheme not in ("http", "https") or not self.home.host or self.home.userinfo:
            raise Refused("the address of this source must look like https://example.org/api, without credentials")

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Reply:
        """One reply, after as many polite tries as it takes; or why there is none."""
        url = self.url(path)
        for attempt in range(self.tries):
            self.spend()
            try:
                response = self.client.get(url, params=dict(params) if params else None)
            except (httpx2.UnsupportedProtocol, httpx2.LocalProtocolError):
                raise Refused(f"{url.host} cannot be asked like this; check this source's address and token") from None
            except httpx2.TransportError as error:
                reason, wait = type(error).__name__, self.pause(attempt)
            except httpx2.DecodingError:
                raise Changed(f"{url.host}{url.path} cannot be unpacked; look at the vendor's changes") from None
            else:
                if not passing(response):
                    return self.reply(response, url)
                reason, wait = str(response.status_code), self.asked(response, attempt)
            if attempt + 1 < self.tries:
                self.wait(wait, url, reason)
        raise Busy(f"{url.host}{url.path} did not answer, tries: {self.tries} ({reason}); the next run tries again")

    def once(self) -> Api:
        """The same without a second try, for someone who waits to know whether it answers."""
        return replace(self, tries=1)

    def url(self, path: str) -> httpx2.URL:
        """An address of this API: a path below its own, or a whole one on the same host."""
        if not path.startswith(("http://", "https://")):
            return httpx2.URL(f"{self.address.rstrip('/')}/{path.lstrip('/')}")
        url = httpx2.URL(path)
        if (url.scheme, url.host, url.port) != (self.home.scheme, self.home.host, self.home.port):
            raise Changed(f"{self.home.host} points to another host ({url.host}) for its next page; look at the vendor")
        return url

    def spend(self) -> None:
        if self.budget <= 0:
            raise Busy(f"{self.home.host}: the requests of this run are used up; the next run goes on")
        self.budget -= 1

    def pause(self, attempt: int) -> float:
        """Ever longer, never in step with others."""
        return random.uniform(0.5, 1.0) * min(60.0, 2.0**attempt)

    def asked(self, response: httpx2.Response, attempt: int) -> float:
        """How long the server asks us to wait; seconds or a date."""
        said = response.headers.get("Retry-After", "").strip()
        if said.replace(".", "", 1).isdigit():
            return float(said)
        try:
            moment = parsedate_to_datetime(said)
        except ValueError:
            return self.pause(attempt)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (moment - self.clock()).total_seconds())

    def wait(self, seconds: float, url: httpx2.URL, reason: str) -> None:
        if seconds > self.patience.total_seconds():
            back = f"{self.clock() + timedelta(seconds=min(seconds, 10**9)):%Y-%m-%d %H:%M:%S} UTC"
            raise Busy(f"{url.host}{url.path} asks to wait ({reason}); come back at {back}")
        self.patience -= timedelta(seconds=seconds)
        self.sleep(seconds)

    def reply(self, response: httpx2.Response, url: httpx2.URL) -> Reply:
        """The body, or who must act that there is none."""
        place, code = f"{url.host}{url.path}", response.status_code
        if code in (401, 403):
            raise Refused(f"{url.host} refused {url.path} ({code}); renew the token or grant the right for this source")
        if code != 200:
            raise Changed(f"{place} answered {code}; look at the vendor's changes and this source's address")
        try:
            body = response.json()
        except ValueError:
            raise Changed(f"{place} answered something that is not JSON; look at this source's address") from None
        return Reply(place, body, {str(rel): link["url"] for rel, link in response.links.items() if "url" in link})

    def pages(
        self,
        path: str,
        paging: Paging,
        *,
        items: str = "",
        params: Mapping[str, Any] | None = None,
        most: int = 100_000,
    ) -> Iterator[list[dict[str, Any]]]:
        """The records of every page; stops only where the source says that there is no more."""
        asked, query = self.url(path), {**(params or {}), **paging.first()}
        seen, taken = set[str](), 0
        for _ in range(most):
            if (mark := repr((str(asked), sorted(query.items())))) in seen:
                raise Changed(f"{asked.host}{asked.path} sends us to the same page again; look at the vendor's changes")
            seen.add(mark)
            reply = self.get(str(asked), query)
            records = reply.items(items)
            taken += len(records)
            yield records
            if (step := paging.after(reply, len(records), taken, query)) is None:
                return
            asked, query = asked.join(step[0]) if step[0] else asked, step[1]
        raise Changed(f"{self.home.host}: more than {most} pages of {path}; ask for less at a time")


Step = tuple[str, Query] | None


class Paging(Protocol):
    """How an API is asked for the next page: the address (or "" for the same) and the query; None at the end."""

    def first(self) -> Query: ...

    def after(self, reply: Reply, count: int, taken: int, query: Query) -> Step: ...


@dataclass(frozen=True)
class Cursor:
    """A mark in the body that is sent back; `last` is where the body says that there is no more, if it does."""

    param: str
    at: str
    last: str = ""

    def first(self) -> Query:
        return {}

    def after(self, reply: Reply, count: int, taken: int, query: Query) -> Step:
        cursor, last = reply.at(self.at), reply.at(self.last) if self.last else None
        if last is True or (last is None and cursor in (None, "")):
            return None
        if cursor in (None, ""):
            raise Changed(f"{reply.path} says that there is more but gives no {self.at}; look at the vendor's changes")
        return "", {**query, self.param: cursor}


@dataclass(frozen=True)
class Next:
    """The whole address of the next page stands in the body, or without `at` in the Link header."""

    at: str = ""

    def first(self) -> Query:
        return {}

    def after(self, reply: Reply, count: int, taken: int, query: Query) -> Step:
        link = reply.at(self.at) if self.at else reply.links.get("next")
        return (str(link), {}) if link else None


@dataclass(frozen=True)
class Counted:
    """Pages by offset or, with `by_page`, by number; the end is an empty page or the total, never a short page."""

    param: str
    size_param: str
    size: int = 100
    start: int = 0
    total: str = ""
    by_page: bool = False

    def first(self) -> Query:
        return {self.param: self.start, self.size_param: self.size}

    def after(self, reply: Reply, count: int, taken: int, query: Query) -> Step:
        total = reply.at(self.total) if self.total else None
        if total is not None and taken < int(total) and not count:
            raise Changed(f"{reply.path} counts {total} and gave {taken}; look at the vendor's changes")
        if not count or (total is not None and taken >= int(total)):
            return None
        return "", {**query, self.param: query[self.param] + 1 if self.by_page else self.start + taken}


def passing(response: httpx2.Response) -> bool:
    """Whether trying again can help; some say 403 where they mean 429."""
    slow = response.status_code == 403 and (
        "Retry-After" in response.headers or response.headers.get("X-RateLimit-Remaining") == "0"
    )
    return slow or response.status_code in PASSING

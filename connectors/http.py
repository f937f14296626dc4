"""One polite way to ask a web API for pages: all of them, or an error that says what to do."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

import httpx2

from connectors.asking import Asking, Delay, Opinion, heard, judged, trusting, untrusted
from connectors.credentials import Basic as Basic
from connectors.credentials import Bearer as Bearer
from connectors.credentials import ClientCredentials as ClientCredentials
from connectors.credentials import Credentials as Credentials
from connectors.credentials import Grant
from connectors.credentials import Key as Key
from connectors.credentials import Refresh as Refresh
from connectors.errors import Busy, Changed, Refused
from connectors.pace import InMind, Pace, passing, told, utc
from connectors.pace import Waits as Waits
from connectors.paging import After as After
from connectors.paging import Before as Before
from connectors.paging import Continue as Continue
from connectors.paging import Counted as Counted
from connectors.paging import Cursor as Cursor
from connectors.paging import Header as Header
from connectors.paging import Next as Next
from connectors.paging import Once as Once
from connectors.paging import Paging as Paging
from connectors.paging import Query as Query
from connectors.paging import Step as Step
from connectors.reply import Reply as Reply

# The client logs whole addresses at INFO, and an address may carry a key or a cursor.
logging.getLogger("httpx2").setLevel(logging.WARNING)
logging.getLogger("httpcore2").setLevel(logging.WARNING)

MOVED = (301, 302, 303, 307, 308)
REDIRECTS = 5
Place = str | httpx2.URL
"""A path below the address of an API, a whole address on the same host, or one that has been looked at."""


@dataclass
class Api:
    """A web API: where it is, who asks, and how long we are ready to wait in one run. Threads may share it.

    `budget` is the number of requests one run may make, retries included; `patience` all it may spend waiting.
    `wrong` looks at an answer and finds the error a vendor hides in it, or the seconds after which to ask again.
    `resume` remembers from run to run until when we were asked to stay away; `ca` is a file of certificates to trust.
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
    wrong: Opinion | None = field(default=None, repr=False)
    resume: Waits = field(default_factory=InMind, repr=False)
    ca: str = ""

    def __post_init__(self) -> None:
        self.pace = Pace(self.budget, self.patience, self.sleep, self.clock)
        self.renewing = Lock()
        try:
            self.home = httpx2.URL(self.address)
            httpx2.Headers(self.own())
            self.client = httpx2.Client(
                headers={"Accept": "application/json", "User-Agent": "bellwether"},
                timeout=httpx2.Timeout(self.timeout, connect=min(self.timeout, 10.0)),
                transport=self.transport,
                verify=trusting(self.ca),
            )
        except (httpx2.InvalidURL, UnicodeError):
            raise Refused("the address or the credentials of this source hold a sign that none can hold") from None
        if self.home.scheme not in ("http", "https") or not self.home.host or self.home.userinfo:
            raise Refused("the address of this source must look like https://example.org/api, without credentials")

    @property
    def skew(self) -> timedelta | None:
        """How far the server's clock is ahead of ours, as of its last answer."""
        return self.pace.skew

    def once(self) -> Api:
        """The same without a second try, for someone who waits to know whether it answers."""
        hurried = copy(self)
        hurried.tries = 1
        return hurried

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Reply:
        return self.ask(path, params)

    def ask(
        self,
        path: Place,
        params: Mapping[str, Any] | None = None,
        *,
        method: str = "GET",
        json: Any = None,
        content: bytes | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> Reply:
        """One reply, after as many polite tries as it takes; or why there is none. Every method must only read."""
        given = {name: value for name, value in (params or {}).items() if value is not None}
        url = path if isinstance(path, httpx2.URL) else self.url(path)
        url = url.copy_merge_params(given) if given else url
        sent = {"json": json, "content": content, "data": data}
        asking = Asking(method, url, {name: value for name, value in sent.items() if value is not None})
        reply = self.permitted(asking)
        for _ in range(REDIRECTS):
            if (onward := self.onward(asking, reply)) is None:
                break
            asking, reply = onward, self.permitted(onward)
        return judged(reply)

    def url(self, path: str) -> httpx2.URL:
        """An address of this API: a path below its own, or a whole one on the same host."""
        if not path.startswith(("http://", "https://")):
            return httpx2.URL(f"{self.address.rstrip('/')}/{path.lstrip('/')}")
        url = httpx2.URL(path)
        if not self.here(url):
            raise Changed(f"{self.home.host} points to another host ({url.host}) for its next page; look at the vendor")
        return url

    def here(self, url: httpx2.URL) -> bool:
        return (url.scheme, url.host, url.port) == (self.home.scheme, self.home.host, self.home.port)

    def onward(self, asking: Asking, reply: Reply) -> Asking | None:
        """Where a redirect leads: on the same host only, and never by another method."""
        same = asking.method == "GET" or reply.code in (307, 308)
        if reply.code not in MOVED or not same or "Location" not in reply.headers:
            return None
        url = asking.url.join(reply.headers["Location"])
        return replace(asking, url=url) if self.here(url) else None

    def own(self) -> dict[str, str]:
        return {**self.headers, **(self.credentials.headers() if self.credentials else {})}

    def permitted(self, asking: Asking) -> Reply:
        """With our credentials on it; a token that was given for a while is renewed, and once more upon a 401."""
        if not isinstance(grant := self.credentials, Grant):
            return self.insist(replace(asking, headers=self.own()), self.wrong)
        self.renew(grant, grant.token)
        used = grant.token
        reply = self.insist(replace(asking, headers=self.own()), self.wrong)
        if reply.code == 401:
            self.renew(grant, used, unwanted=True)
            reply = self.insist(replace(asking, headers=self.own()), self.wrong)
        return reply

    def renew(self, grant: Grant, used: str, *, unwanted: bool = False) -> None:
        """A new token, unless another thread has just fetched one."""
        with self.renewing:
            now = self.clock()
            if not grant.stale(now) and not (unwanted and grant.token == used):
                return
            asking = Asking("POST", httpx2.URL(grant.token_url), {"data": grant.form()})
            reply = self.insist(asking, None)
            if reply.code in (400, 401, 403):
                raise Refused(f"{reply.path} gives no token ({reply.code}); renew this source's client id and secret")
            grant.take(judged(reply), now)

    def insist(self, asking: Asking, wrong: Opinion | None) -> Reply:
        """Ask until there is an answer that asking again would not change."""
        failures = 0
        while True:
            self.pace.start(asking.url.host, self.resume, patient=self.tries > 1)
            found = self.send(asking, wrong)
            if isinstance(found, Reply):
                return found
            failures += 0 if found.told and found.told >= 1 else 1
            if failures >= self.tries:
                said = f"{asking.place} did not answer, tries: {failures} ({found.reason})"
                raise Busy(f"{said}; the next run tries again")
            self.wait(found, asking, failures)

    def send(self, asking: Asking, wrong: Opinion | None) -> Reply | Delay:
        url = asking.url
        try:
            response = self.client.request(asking.method, url, headers=asking.headers, **asking.sent)
        except (httpx2.UnsupportedProtocol, httpx2.LocalProtocolError):
            raise Refused(f"{url.host} cannot be asked like this; check this source's address and token") from None
        except httpx2.TransportError as error:
            if untrusted(error):
                raise Refused(f"{url.host} shows a certificate that we do not trust; set ca = its authority") from None
            return Delay(type(error).__name__)
        except httpx2.DecodingError:
            raise Changed(f"{asking.place} cannot be unpacked; look at the vendor's changes") from None
        if self.here(url):
            self.pace.notice(response.headers)
        if passing(response.status_code, response.headers):
            return Delay(str(response.status_code), told(response.status_code, response.headers, self.clock()))
        return heard(asking.reply(response), wrong)

    def wait(self, delay: Delay, asking: Asking, failures: int) -> None:
        """As long as we were told, else ever longer and never in step with others."""
        own = random.uniform(0.5, 1.0) * min(60.0, 2.0 ** max(failures - 1, 0))
        until = self.pace.delay(delay.told if delay.told and delay.told >= 1 else own, patient=self.tries > 1)
        if until is None:
            if delay.told and delay.told >= 1:  # kept at once: a run that is killed while it waits must not ask before
                self.resume.wait(asking.url.host, self.clock() + timedelta(seconds=delay.told))
            return
        if not delay.told:
            raise Busy(f"{asking.place} does not answer ({delay.reason}) and we waited enough; the next run goes on")
        self.pace.stay_away(asking.url.host, until, self.resume)
        raise Busy(f"{asking.place} asks to wait ({delay.reason}); come back at {utc(until)}")

    def replies(
        self,
        path: str,
        paging: Paging,
        *,
        count: Callable[[Reply], int],
        params: Mapping[str, Any] | None = None,
        most: int = 100_000,
        method: str = "GET",
        json: Mapping[str, Any] | None = None,
    ) -> Iterator[Reply]:
        """Every page; stops only where the source says that there is no more. In a POST the query goes into `json`."""
        inside = method != "GET" and json is not None
        base = dict((json if inside else params) or {})
        asked, query = self.url(path), {**base, **paging.first()}
        seen, taken = set[object](), 0
        for _ in range(most):
            self.once_only(seen, (str(asked), repr(sorted(query.items()))), asked)
            if inside:
                reply = self.ask(asked, params, method=method, json=query)
            else:
                reply = self.ask(asked, query, method=method, json=json)
            number = count(reply)
            if number:
                self.once_only(seen, hash(reply.content), asked)
            taken += number
            yield reply
            if (step := paging.after(reply, number, taken, query)) is None:
                return
            asked = self.url(str(asked.join(step[0]))) if step[0] else asked
            query = {**({} if step[0] and not inside else base), **step[1]}
        raise Changed(f"{self.home.host}: more than {most} pages of {path}; ask for less at a time")

    def once_only(self, seen: set[object], mark: object, asked: httpx2.URL) -> None:
        if mark in seen:
            raise Changed(f"{asked.host}{asked.path} sends us to the same page again; look at the vendor's changes")
        seen.add(mark)

    def pages(
        self,
        path: str,
        paging: Paging,
        *,
        items: str = "",
        params: Mapping[str, Any] | None = None,
        most: int = 100_000,
        method: str = "GET",
        json: Mapping[str, Any] | None = None,
    ) -> Iterator[list[dict[str, Any]]]:
        """The records of every page."""

        def count(reply: Reply) -> int:
            return len(reply.items(items))

        for reply in self.replies(path, paging, count=count, params=params, most=most, method=method, json=json):
            yield reply.items(items)

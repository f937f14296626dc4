"""A message posted to a web address: what its answer means, and whether it may have arrived."""

from __future__ import annotations

import json
import logging
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import httpx2
from pydantic import AfterValidator, Field, SecretStr

from dashboard.export import ExportError, Options, Ready, Recipient

# The client logs whole addresses at INFO, and these carry a secret.
logging.getLogger("httpx2").setLevel(logging.WARNING)
logging.getLogger("httpcore2").setLevel(logging.WARNING)

HERE = ("localhost", "127.0.0.1", "::1")


def safe(url: SecretStr) -> SecretStr:
    """An address that carries a secret goes encrypted, unless it never leaves this machine."""
    try:
        found = httpx2.URL(url.get_secret_value())
    except httpx2.InvalidURL:
        raise ValueError("is no address; write it like https://chat.example.org/hooks/...") from None
    if found.scheme != "https" and not (found.scheme == "http" and found.host in HERE):
        raise ValueError("must begin with https://")
    if not found.host:
        raise ValueError("names no host")
    return url


class PostOptions(Options):
    url: Annotated[SecretStr, AfterValidator(safe)]
    timeout: Annotated[float, Field(gt=0, le=120)] = 30
    ca_file: str = ""


class Post:
    """Sends JSON to one address. What goes wrong is said with the host alone: the rest of the address is a secret."""

    def __init__(self, name: str, options: PostOptions, beside: Path) -> None:
        self.name, self.options = name, options
        self.ca_file = str(beside / options.ca_file) if options.ca_file else ""

    @property
    def recipients(self) -> list[Recipient]:
        return [Recipient("", self.options.sees)]

    @property
    def url(self) -> httpx2.URL:
        return httpx2.URL(self.options.url.get_secret_value())

    def check(self) -> str:
        """Whether somebody answers there; nothing is posted."""
        with self.client() as client:
            self.asked(client, client.build_request("HEAD", f"{self.url.scheme}://{self.url.netloc.decode()}/"))
        return f"{self.url.host} answers; nothing was posted"

    def client(self) -> httpx2.Client:
        try:
            trust: ssl.SSLContext | bool = ssl.create_default_context(cafile=self.ca_file) if self.ca_file else True
        except (OSError, ssl.SSLError):
            self.fail(f"cannot use the certificates in {self.ca_file}", "correct ca_file", lasting=True)
        return httpx2.Client(timeout=self.options.timeout, verify=trust, headers={"User-Agent": "bellwether"})

    def post(self, body: bytes, ready: Ready, headers: Mapping[str, str] | None = None) -> httpx2.Response:
        """The answer, where it is a yes."""
        given = {"Content-Type": "application/json"} | dict(headers or {})
        with self.client() as client:
            request = client.build_request("POST", self.url, content=body, headers=given)
            ready()
            answer = self.asked(client, request)
        if not answer.is_success:
            self.refused(answer)
        return answer

    def asked(self, client: httpx2.Client, request: httpx2.Request) -> httpx2.Response:
        try:
            return client.send(request)
        except httpx2.ConnectTimeout:
            self.fail(f"was silent for {self.options.timeout:g} s", "check url, or raise timeout")
        except httpx2.ConnectError:
            self.fail("cannot be reached, or its certificate is not trusted", "check url and ca_file")
        except httpx2.TimeoutException:
            self.fail(f"gave no answer for {self.options.timeout:g} s", "raise timeout", doubtful=True)
        except httpx2.HTTPError as error:
            self.fail(f"hung up ({type(error).__name__})", "check url", doubtful=True)

    def refused(self, answer: httpx2.Response) -> NoReturn:
        """A no. Of a server's own trouble it is not known whether the message arrived before it."""
        code = answer.status_code
        if code == 429 or (code == 503 and "Retry-After" in answer.headers):
            self.fail(f"asks to wait ({code})", "send less often, or wait", later=asked_to_wait(answer))
        if code >= 500:
            self.fail(f"is in trouble ({code})", "look there, then check url", doubtful=True)
        said = word(answer.text)
        self.fail(f"refused the message ({code}{said})", "renew url", lasting=True)

    def fail(self, what: str, then: str, **how: Any) -> NoReturn:
        raise ExportError(f"{self.name}: {self.url.host} {what}; {then} in [exports.{self.name}]", **how) from None


def word(text: str) -> str:
    """A vendor's one word of reason, `channel_is_archived`; nothing longer, which could quote what we sent."""
    short = text.strip()
    return f", {short}" if short.replace("_", "").isalnum() and len(short) <= 40 else ""


def asked_to_wait(answer: httpx2.Response) -> float:
    """Seconds from now, of at most a day."""
    text = answer.headers.get("Retry-After", "")
    if text.isdigit():
        return min(float(text), 86_400)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return 60.0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max((until - datetime.now(UTC)).total_seconds(), 0), 86_400)


def as_json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, default=str).encode()

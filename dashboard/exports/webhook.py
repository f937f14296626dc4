"""A webhook of your own: the report as JSON, signed, so that the receiver knows who sent it, when, and which it is."""

from __future__ import annotations

import hmac
import json
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from time import time
from typing import Annotated, Any

from pydantic import AfterValidator, SecretStr

from dashboard.export import Ready, export
from dashboard.exports.files import as_json
from dashboard.exports.report import Report
from dashboard.posting import Post, PostOptions

SHORTEST = 24


def strong(secret: SecretStr) -> SecretStr:
    if len(raw(secret)) < SHORTEST:
        raise ValueError(f"is too short to sign with; give at least {SHORTEST} bytes, or whsec_ and as many in base64")
    return secret


def raw(secret: SecretStr) -> bytes:
    """The bytes of a secret: as it stands, or written `whsec_` and base64."""
    text = secret.get_secret_value()
    if not text.startswith("whsec_"):
        return text.encode()
    try:
        return b64decode(text.removeprefix("whsec_"), validate=True)
    except Error:
        raise ValueError("has no base64 after whsec_") from None


class WebhookOptions(PostOptions):
    secret: Annotated[SecretStr, AfterValidator(strong)]


class Webhook(Post):
    """Signed as standardwebhooks.com describes: `webhook-id`, `webhook-timestamp`, `webhook-signature`.

    The id is the same for every try of one delivery: a receiver that drops an id it knows gets each report once. The
    time is that of the try, so that one who listens in cannot use it again later.
    """

    def __init__(self, name: str, options: WebhookOptions, beside: Path, clock: Callable[[], float] = time) -> None:
        super().__init__(name, options, beside)
        self.secret, self.clock = options.secret, clock

    def pack(self, report: Report, to: str, id: str) -> bytes:
        return json.dumps({"type": "bellwether.report", "id": id, "data": json.loads(as_json(report))}).encode()

    def hand(self, packed: bytes, to: str, id: str, ready: Ready) -> str:
        self.post(packed, ready, signed(packed, id, int(self.clock()), self.secret))
        return f"posted to {self.url.host}"


@export("webhook")
def webhook(name: str, options: Mapping[str, Any], beside: Path) -> Webhook:
    return Webhook(name, WebhookOptions(**options), beside)


def signed(body: bytes, id: str, at: int, secret: SecretStr) -> dict[str, str]:
    """HMAC-SHA-256 over id, time and body."""
    whole = b".".join((id.encode(), str(at).encode(), body))
    mark = b64encode(hmac.new(raw(secret), whole, sha256).digest()).decode()
    return {
        "webhook-id": id,
        "webhook-timestamp": str(at),
        "webhook-signature": f"v1,{mark}",
        "Idempotency-Key": id,
    }

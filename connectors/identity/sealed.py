"""Names and addresses under seal: so that a person with the key can decide who is who, and nobody else can read them.

Only `bellwether people` opens a seal; the dashboard neither holds the key nor imports this file.
"""

from __future__ import annotations

import json
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass

import polars as pl
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from connectors.errors import Refused
from connectors.identity.signs import signs

KEPT = ("source", "account", "person", "email", "login", "name")
NONCE = 12


@dataclass(frozen=True)
class Seal:
    """AES-GCM under a key made from the master key; the token is bound in, so that no two can be exchanged."""

    key: bytes

    def __repr__(self) -> str:
        return "Seal(key not shown)"

    def close(self, token: str, said: dict[str, str | None]) -> str:
        nonce = secrets.token_bytes(NONCE)
        words = json.dumps({name: word for name, word in said.items() if word}).encode()
        return b64encode(nonce + AESGCM(self.key).encrypt(nonce, words, token.encode())).decode()

    def open(self, token: str, sealed: str) -> dict[str, str]:
        raw = b64decode(sealed)
        try:
            words = AESGCM(self.key).decrypt(raw[:NONCE], raw[NONCE:], token.encode())
        except InvalidTag:
            raise Refused("the names were sealed with another key; put back the key of the last sync") from None
        found: dict[str, str] = json.loads(words)
        return found


def sealed(seal: Seal, accounts: pl.DataFrame, hidden: pl.DataFrame) -> pl.DataFrame:
    """`token, sealed` of accounts as their source gave them, and as they were hidden, row by row."""
    said = signs(accounts).select(pl.col(KEPT).cast(pl.String)).iter_rows(named=True)
    rows = zip(hidden["account"], said, strict=True)
    return pl.DataFrame(
        [(token, seal.close(token, words)) for token, words in rows if token],
        schema={"token": pl.String, "sealed": pl.String},
        orient="row",
    )


def opened(seal: Seal, rows: pl.DataFrame) -> pl.DataFrame:
    """`token` and what stands under its seal: source, account, person, email, login, name."""
    said = [{"token": token, **seal.open(token, closed)} for token, closed in rows.iter_rows()]
    return pl.DataFrame(said, schema=dict.fromkeys(("token", *KEPT), pl.String))

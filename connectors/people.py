"""Accounts become people, and people become keyed pseudonyms before anything is written."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable
from functools import cached_property

import polars as pl

from connectors.identity.signs import plain_login, plain_name, signs
from connectors.tables import Table

SHORTEST = 16
PURPOSES = ("person", "survey", "login", "name", "row")
ANYWHERE: dict[str, Callable[[str], pl.Expr]] = {  # these mean the same in every source
    "login": plain_login,
    "name": plain_name,
}
SEALING = "sealed"


def new_key() -> bytes:
    """A master key; whoever has it and the staff directory can name everyone, so it is kept apart from the data."""
    return secrets.token_bytes(32)


class Pseudonyms:
    """Tokens for people: HMAC-SHA-256 of the id, cut to 128 bits, under a key of its own for each purpose.

    A survey answer is under another key than the same person's messages, so the two cannot be joined.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < SHORTEST:
            raise ValueError(f"the key has {len(key)} bytes; at least {SHORTEST} are needed, `new_key` makes 32")
        self._master = key

    def __repr__(self) -> str:
        return "Pseudonyms(key not shown)"

    @cached_property
    def _keys(self) -> dict[str, bytes]:
        return {purpose: hmac.digest(self._master, purpose.encode(), "sha256") for purpose in PURPOSES}

    def token(self, purpose: str, person: str) -> str:
        return hmac.digest(self._keys[purpose], person.encode(), "sha256")[:16].hex()

    def tokens(self, purpose: str, ids: pl.Series) -> pl.Series:
        """Each distinct id is computed once; what is unknown stays unknown."""
        known = ids.drop_nulls().unique()
        once = known if len(known) < len(ids) else ids
        made = self.marks(once) if purpose == "row" else texts(self.token(purpose, one) for one in once)
        if once is ids:
            return made.alias(ids.name)
        return ids.replace_strict(known, made, default=None, return_dtype=pl.String)

    def marks(self, keys: pl.Series) -> pl.Series:
        """Tokens of keys of rows: BLAKE2b with a key, a third of the time, since every row has another."""
        keyed = hashlib.blake2b(key=self._keys["row"], digest_size=16)
        found = []
        for one in keys.cast(pl.Binary).to_list():
            mark = keyed.copy()
            mark.update(one)
            found.append(mark.digest())
        return pl.Series(found, dtype=pl.Binary).bin.encode("hex")

    def hide(self, table: Table, frame: pl.DataFrame, source: str) -> pl.DataFrame:
        """The same frame with tokens where ids of people stood; in `accounts` an account is one of the row's source.

        Logins and names are the same token in every source, however they are written.
        """
        rows = signs(frame) if table.name == "accounts" else frame
        hidden = []
        for column, purpose in ((c, p) for c, p in table.pseudonyms.items() if c in rows.columns):
            if (table.name, column) == ("accounts", "account"):
                plain = rows.select(whole(column, pl.col("source")))[column]
                hidden.append(self.tokens(purpose, plain))
            elif purpose == "row":
                hidden.append(self.tokens(purpose, rows[column]))
            else:
                hidden.append(self.few(purpose, rows[column], source))
        return rows.with_columns(hidden)

    def few(self, purpose: str, ids: pl.Series, source: str) -> pl.Series:
        """Tokens of ids of which most come many times; each way of writing one is looked at once."""
        once = ids.drop_nulls().unique()
        plain = ANYWHERE[purpose](ids.name) if purpose in ANYWHERE else whole(ids.name, pl.lit(source))
        made = self.tokens(purpose, once.to_frame().select(plain.alias(ids.name))[ids.name])
        return ids.replace_strict(once, made, default=None, return_dtype=pl.String)

    def sealing_key(self) -> bytes:
        """What names and addresses are sealed with, so that a person can decide who is who."""
        return hmac.digest(self._master, SEALING.encode(), "sha256")


def texts(said: Iterable[str]) -> pl.Series:
    return pl.Series(list(said), dtype=pl.String)


def whole(column: str, source: pl.Expr) -> pl.Expr:
    """An id that means one person everywhere: an address in lower case, or the id with its source's name before it."""
    plain = pl.col(column).str.strip_chars()
    known = pl.when(plain != "").then(plain)
    address, named = plain.str.contains("@", literal=True), plain.str.contains(":", literal=True)
    return pl.when(address).then(known.str.to_lowercase()).when(named).then(known).otherwise(source + ":" + known)


def resolve(frame: pl.LazyFrame, columns: list[str], accounts: pl.LazyFrame) -> pl.LazyFrame:
    """Tokens of accounts turned into tokens of people where `accounts` knows them; others stay as they are.

    This is for reading: the lake keeps accounts, so that two people wrongly taken for one can be told apart again.
    """
    newest = accounts.sort("changed").unique("account", keep="last", maintain_order=True)
    for column in columns:
        here = newest.select(pl.col("account").alias(column), pl.col("person").alias("known_person"))
        found = frame.join(here, on=column, how="left", maintain_order="left")
        frame = found.with_columns(pl.coalesce("known_person", column).alias(column)).drop("known_person")
    return frame

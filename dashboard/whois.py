"""Who an account or a person is, by name where it is kept under seal; only for whoever holds the key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import polars as pl
import typer

from connectors.identity.sealed import Seal, opened
from connectors.people import Pseudonyms, whole
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from dashboard.settings import Settings

SHORT = 8
MARK = re.compile(r"[0-9a-f]{6,32}")


@dataclass(frozen=True)
class Whois:
    """The accounts and people of the lake, the names under seal, and what has been remembered about them."""

    lake: Lake
    memory: Memory
    pseudonyms: Pseudonyms

    @classmethod
    def of(cls, settings: Settings) -> Whois:
        lake = Lake(settings.store.lake, settings.store.lake_options or None)
        return cls(lake, Memory.open(settings.store.memory), Pseudonyms(settings.key()))

    @cached_property
    def accounts(self) -> pl.DataFrame:
        """Every account: token, source."""
        rows = self.lake.scan("accounts").select("source", token="account").collect()
        return rows.unique("token", keep="last", maintain_order=True)

    @cached_property
    def people(self) -> pl.DataFrame:
        """Every person of HR: token."""
        return self.lake.scan("people").select(token="person").unique().collect()

    @cached_property
    def names(self) -> pl.DataFrame:
        """What stands under seal: token, source, account, person, email, login, name."""
        return opened(Seal(self.pseudonyms.sealing_key()), self.memory.sealed())

    @cached_property
    def called(self) -> dict[str, str]:
        """What to call a token: the name, else the address, else the login, else the account's own id."""
        said = self.names.select("token", pl.coalesce("name", "email", "login", "account"))
        told = self.names.filter(pl.col("person").is_not_null()).select(
            "person", token=whole("person", pl.col("source"))
        )
        people = told.with_columns(self.pseudonyms.tokens("person", told["token"])).select("token", "person")
        return {**dict(people.iter_rows()), **dict(said.iter_rows())}

    def call(self, token: str | None) -> str:
        """A name, or the first signs of the token where none is kept."""
        return "nobody" if token is None else self.called.get(token, token[:SHORT])

    def account(self, words: str) -> str:
        known = pl.concat([self.accounts["token"], self.people["token"]]).unique()
        return self.one(words, known, "account")

    def person(self, words: str) -> str:
        return self.one(words, self.people["token"], "person of HR")

    def one(self, words: str, known: pl.Series, what: str) -> str:
        """The one token that these words mean: the start of a token, an id, an address, a login or a name."""
        found = self.meant(words, known).unique()
        if len(found) == 1:
            return str(found[0])
        if found.is_empty():
            raise typer.BadParameter(f"no {what} is known by {words!r}; `bellwether people list --all` shows them")
        several = ", ".join(f"{token[:SHORT]} ({self.call(token)})" for token in found.sort().head(5))
        raise typer.BadParameter(f"{len(found)} are known by {words!r}: {several}; give the signs at the start of one")

    def meant(self, words: str, known: pl.Series) -> pl.Series:
        if MARK.fullmatch(words) and not (short := known.filter(known.str.starts_with(words))).is_empty():
            return short
        raw = pl.DataFrame({"id": [words]}).select(whole("id", pl.lit("")))["id"]
        token = self.pseudonyms.tokens("person", raw)
        if token.is_in(known.implode()).any():
            return token
        plain = words.strip().lower()
        said = pl.any_horizontal(pl.col("account", "email", "login", "name").str.to_lowercase() == plain)
        return self.names.filter(said.fill_null(value=False), pl.col("token").is_in(known.implode()))["token"]

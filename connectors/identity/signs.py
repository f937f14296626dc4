"""What an account says of who it belongs to, in one plain form: address, login and name."""

from __future__ import annotations

import polars as pl

LETTERS = {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
HIDDEN_ADDRESS = r"^(?:\d+[+-])?([^@+]+)@users\.noreply\b"
GROUPS = (
    r"^(?:abuse|accounts|admin|administrator|all|announcements|billing|bot|careers|ci|compliance|contact|dev|d"
    r"evops|do-not-"
    r"reply|donotreply|everyone|finance|hello|help|helpdesk|hostmaster|hr|info|it|jobs|legal|mail|mailer-"
    r"daemon|marketing|news|newsletter|no-reply|nobody|noreply|office|ops|postmaster|press|privacy|recruit"
    r"ing|root|sales|security|service|servicedesk|staff|support|sysadmin|systems|team|webmaster)(?:\+[^@]*)?@"
)
WORDS = ("email", "login", "name", "kind")


def address(column: str) -> pl.Expr:
    """An e-mail address in small letters; what is none is nothing."""
    plain = pl.col(column).str.strip_chars().str.to_lowercase()
    return pl.when(plain.str.contains(r"^[^@\s]+@[^@\s]+$")).then(plain)


def plain_login(column: str) -> pl.Expr:
    r"""A login in small letters, without `CORP\` before it or `@domain` after it."""
    plain = pl.col(column).str.strip_chars().str.to_lowercase()
    bare = plain.str.replace(r"^[^\\]*\\", "").str.replace(r"(.)@.*$", "$1").str.strip_prefix("@")
    return pl.when(bare != "").then(bare)


def plain_name(column: str) -> pl.Expr:
    """A name of two words or more: no capitals, accents, titles in brackets or signs; "Last, First" turned round.

    A single word is too little of a name to know anybody by, and counts as none.
    """
    bare = pl.col(column).str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    turned = bare.str.replace_all(r"[(\[{][^)\]}]*[)\]}]", " ").str.replace(r"^([^,]+),\s*([^,]+)$", "$2 $1")
    spaced = turned.str.replace_all(r"['’ʼ`´]", "").str.replace_many(LETTERS).str.replace_all(r"[^\p{L}\p{N}]+", " ")
    name = spaced.str.strip_chars()
    return pl.when(name.str.contains(" ", literal=True)).then(name)


def signs(accounts: pl.DataFrame) -> pl.DataFrame:
    """Rows of `accounts` with the login that a code host's hidden address carries, and group mailboxes marked.

    Whoever holds such an address reads no mail there, so it is none; what many read belongs to no one of them.
    """
    lacking = [pl.lit(None, pl.String).alias(name) for name in WORDS if name not in accounts.columns]
    rows = accounts.with_columns(lacking)
    given = rows.with_columns(email=pl.coalesce(address("email"), address("account")))
    hidden = pl.col("email").str.extract(HIDDEN_ADDRESS)
    group = pl.col("email").str.contains(GROUPS).fill_null(value=False)
    return given.with_columns(
        email=pl.when(hidden.is_null()).then("email"),
        login=pl.coalesce("login", hidden),
        kind=pl.coalesce("kind", pl.when(group & hidden.is_null()).then(pl.lit("group"))),
    )

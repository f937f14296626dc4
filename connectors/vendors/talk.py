"""What chat messages tell besides themselves: who is named, who reacted, and which known articles are linked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from connectors.fields import articles, at, joined
from connectors.web import Rows

NEVER = pl.lit(value=False)
NOT_SAID = r"(?s)<pre.*?</pre>|<code.*?</code>|<blockquote.*?</blockquote>|<[^>]*>"


def spoken(html: str) -> pl.Expr:
    """What a message in HTML says itself: without code, quotes and tags."""
    return at(html).str.replace_all(NOT_SAID, " ")


@dataclass(frozen=True)
class Said:
    """The fields of a vendor's messages that this needs, and which records are messages of people."""

    key: str | pl.Expr
    author: str
    sent: pl.Expr
    channel: str
    where: pl.Expr

    def tie(
        self, key: pl.Expr, kind: str, unfold: pl.Expr | str, person: str, other: str, seen: pl.Expr | None = None
    ) -> Rows:
        """One person turns to another; nobody to themselves."""
        return Rows(
            "ties_seen",
            {
                "tie": key,
                "person": person,
                "other": other,
                "kind": pl.lit(kind),
                "seen": self.sent if seen is None else seen,
                "channel": self.channel,
            },
            unfold=(unfold,),
            where=self.where & (at(person) != at(other)).fill_null(NEVER),
            within="channel",
        )

    def mentions(self, named: pl.Expr) -> Rows:
        """The accounts that a message names, as a list."""
        return self.tie(joined(self.key, "named"), "mention", named.alias("named"), self.author, "named")

    def reactions(self, listed: str, by: str, sign: str, seen: pl.Expr | None = None) -> Rows:
        """The reactions that stand beside a message, dated by it where they have no moment of their own."""
        return self.tie(joined(self.key, by, sign), "reaction", listed, by, self.author, seen)

    def links(self, text: str | pl.Expr, links: Sequence[Mapping[str, str]]) -> Rows:
        return Rows(
            "article_uses",
            {"use": joined(self.key, "linked"), "article": "linked", "person": self.author, "used": self.sent},
            unfold=(articles(text, links).alias("linked"),),
            where=self.where,
            elsewhere=("article",),
        )

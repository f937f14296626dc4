"""A git repository as a source of pages: what is read of its history, and how it is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from connectors.errors import SourceError
from connectors.fields import Columns, joined
from connectors.rows import Rows, shaped
from connectors.source import Health, Page, Stream
from connectors.vendors import handbook
from connectors.vendors.repository import Repository

MARKDOWN = r"(?i)\.(md|mdx|markdown)$"
SAME = ("kind", "author", "created", "reviewed", "retired", "changed")
TIE: Columns = {"tie": joined("commit", "page"), "person": "mail", "other": "author", "seen": "at"}
TABLES = (
    Rows("articles", {"article": "page", **{name: name for name in SAME}}),
    Rows("ties_seen", {**TIE, "kind": pl.lit("review")}),
    Rows(
        "article_uses", {"use": joined("origin", "page", by="|"), "article": "page", "person": "mail", "used": "used"}
    ),
    Rows("accounts", {name: name for name in ("account", "email", "login", "name", "kind", "changed")}),
)


@dataclass
class Git:
    """A repository; its whole history is read each time, since it may have been written anew."""

    name: str
    repository: Repository
    branch: str = ""
    pages: str = MARKDOWN
    root: str = ""
    kinds: Mapping[str, str] = field(default_factory=dict)
    bots: tuple[str, ...] = ()

    def streams(self) -> list[Stream]:
        first, *others = (one.table for one in TABLES)
        return [Stream(first, self.read, whole=True, covers="all", also=tuple(others))]

    def read(self, since: datetime | None) -> Iterator[pl.DataFrame | Page]:
        self.repository.fetch()
        log = handbook.pages_only(self.repository.log(self.repository.head(self.branch)), self.pages)
        edits, by = handbook.edits(log, self.bots), handbook.owners(log)
        blobs = edits.filter(~pl.col("deleted"))["blob"].unique(maintain_order=True).to_list()
        read = handbook.said(self.repository.texts(blobs))
        articles = handbook.articles(edits, read, self.kinds)
        uses = handbook.uses(edits, read, articles, by, self.root)
        found = (articles, handbook.ties(edits, articles), uses, handbook.accounts(edits))
        yield from (Page(one.table, shaped(self.name, one, rows)) for one, rows in zip(TABLES, found, strict=True))

    def check(self) -> Health:
        """The newest commit and the oldest."""
        try:
            self.repository.fetch()
            log = self.repository.log(self.repository.head(self.branch))
        except SourceError as error:
            return Health(reachable=False, words=str(error))
        days = handbook.pages_only(log, self.pages)["at"]
        return Health(True, f"{days.len():,} changes of pages", days.max(), days.min())  # type: ignore[arg-type]

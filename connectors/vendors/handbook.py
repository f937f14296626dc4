"""Pages made of what commits did to files: each from its first path on, through every rename."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from posixpath import join, normpath
from urllib.parse import unquote

import polars as pl

from connectors.errors import Refused
from connectors.fields import moment
from connectors.tables import MOMENT

MASS = 50
LINK = r"\]\(\s*<?([^)\s>]+)"
REVIEWED = r"(?s)\A---\n.*?^(?:last[_-])?reviewed(?:[_-](?:on|at))?:\s*[\"']?(\d{4}-\d\d-\d\d)"
NOREPLY = r"^(?:\d+\+)?([^@+]+)@users\.noreply\.github\.com$"
APP = "[bot]"  # GitHub's own mark of an app in its no-reply addresses
ENDS = ("", ".md", "/index.md", "/_index.md", "/README.md")
OWNERS = {"path": pl.String, "order": pl.UInt32, "page": pl.String}


def pages_only(log: pl.DataFrame, pages: str) -> pl.DataFrame:
    """What happened to pages: one that is given another kind of name is deleted, and the other way round it is made."""
    was, now = pl.col("old").str.contains(pages), pl.col("path").str.contains(pages)
    action = pl.when(pl.col("action") == "C").then(pl.lit("A")).otherwise("action")
    gone = pl.when(was & ~now).then(pl.lit("D")).when(~was & now).then(pl.lit("A")).otherwise(action)
    path = pl.when(was & ~now).then("old").otherwise("path")
    return log.filter(was | now).select(
        "order", "commit", "mail", "name", "old", "before", "blob", moment("at"), action=gone, path=path
    )


def owners(log: pl.DataFrame) -> pl.DataFrame:
    """[path, order, page]: whose a path is from when on. A page is called after its first path for ever.

    One that is deleted and comes back is the same; one that takes a path that another has left is called after its
    first commit too.
    """
    here, left, known = dict[str, str](), dict[str, str](), set[str]()
    found = []
    births = log.filter(pl.col("action").is_in(["A", "D", "R"])).select("order", "action", "old", "path", "commit")
    for order, action, old, path, commit in births.iter_rows():
        if action == "D":
            left[path] = here.pop(path, path)
            continue
        if action == "R":
            page = here.pop(old, old)
        else:
            page = here.get(path) or left.pop(path, "") or (f"{path}@{commit[:8]}" if path in known else path)
        here[path] = page
        known.add(page)
        found.append((path, order, page))
    return pl.DataFrame(found, OWNERS, orient="row")


def owned(rows: pl.DataFrame, by: pl.DataFrame) -> pl.DataFrame:
    """Whose page a path was then; one that nobody had yet is that of who had it first."""
    last = rows.sort("order").join_asof(by.sort("order"), on="order", by="path", check_sortedness=False)
    first = by.unique("path", keep="first", maintain_order=True).select("path", first="page")
    return (
        last.join(first, on="path", how="left").with_columns(pl.coalesce("page", "first").alias("page")).drop("first")
    )


def edits(log: pl.DataFrame, bots: Sequence[str]) -> pl.DataFrame:
    """Each change with its page; whether it may count as somebody having looked at it."""
    with_page = owned(log, owners(log)).with_columns(page=pl.coalesce("page", "path"), mail=address(pl.col("mail")))
    machine = pl.col("mail").str.contains(APP, literal=True) | pl.col("mail").is_in([one.lower() for one in bots])
    told = with_page.with_columns(machine=machine.fill_null(value=False), deleted=pl.col("action") == "D").sort("order")
    moved, mass = pl.col("before") == pl.col("blob"), pl.len().over("commit") > MASS
    return told.with_columns(looked_at=~(pl.col("machine") | pl.col("deleted") | moved | mass))


def articles(edits: pl.DataFrame, read: pl.DataFrame, kinds: Mapping[str, str]) -> pl.DataFrame:
    """Each page from its first commit to its last."""
    another = (pl.col("mail") != pl.col("mail").first()) & pl.col("looked_at")
    pages = edits.group_by("page", maintain_order=True).agg(
        pl.col("path", "blob").last(),
        author=pl.col("mail").first(),
        created=pl.col("at").first(),
        looked=pl.col("at").filter(another).last(),
        changed=pl.col("at").max(),
        retired=pl.when(pl.col("deleted").last()).then(pl.col("at").last()),
    )
    kind = pl.coalesce(
        *(pl.when(pl.col("path").str.contains(p)).then(pl.lit(k)) for p, k in kinds.items()), pl.lit("wiki")
    )
    said = pages.join(read.select("blob", "reviewed"), on="blob", how="left")
    dated = pl.col("reviewed").str.to_date("%Y-%m-%d", strict=False).cast(MOMENT)
    return said.with_columns(kind=kind, reviewed=pl.max_horizontal("looked", dated))


def ties(edits: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """Who bettered the page of another; commits that touch more than fifty pages better none."""
    known = edits.join(articles.select("page", "author"), on="page")
    return known.filter(pl.col("mail") != pl.col("author"), "looked_at")


def said(texts: Iterator[pl.DataFrame]) -> pl.DataFrame:
    """[blob, links, reviewed] of every content there was; the text goes no further than this."""
    links = pl.col("text").str.extract_all(LINK).list.eval(pl.element().str.extract(LINK, 1)).list.unique()
    reviewed = pl.col("text").str.extract(REVIEWED.replace("(?s)", "(?sm)"), 1)
    found = [page.select("blob", links=links, reviewed=reviewed) for page in texts]
    empty = pl.DataFrame(schema={"blob": pl.String, "links": pl.List(pl.String), "reviewed": pl.String})
    return pl.concat([empty, *found])


def uses(edits: pl.DataFrame, read: pl.DataFrame, articles: pl.DataFrame, by: pl.DataFrame, root: str) -> pl.DataFrame:
    """Since when a page links another that is there, and who wrote the link."""
    linked = (
        edits.filter(~pl.col("deleted")).join(read, on="blob").explode("links").filter(pl.col("links").is_not_null())
    )
    plain = linked.select("page", "order", "at", "mail", "path", "links").with_columns(
        folder=pl.col("path").str.extract(r"^(.*)/").fill_null("")
    )
    unique = plain.select("folder", "links").unique()
    targets = pl.DataFrame(
        [(f, link, path) for f, link in unique.iter_rows() for path in candidates(f, link, root)],
        {"folder": pl.String, "links": pl.String, "to": pl.String},
        orient="row",
    )
    known = targets.filter(pl.col("to").is_in(by["path"].implode()))
    leading = known.unique(["folder", "links"], keep="first", maintain_order=True)
    found = plain.join(leading, on=["folder", "links"]).select("page", "order", "at", "mail", path="to")
    reached = owned(found.rename({"page": "origin"}), by).filter(pl.col("page") != pl.col("origin"))
    first = reached.sort("order").unique(["origin", "page"], keep="first", maintain_order=True)
    there = articles.select("page", "created")
    return first.join(there, on="page").with_columns(used=pl.max_horizontal("at", "created"))


def candidates(folder: str, link: str, root: str) -> list[str]:
    """The paths that a link in a page may mean: as it is, as a page, as the page of a folder."""
    bare = unquote(link.partition("#")[0].partition("?")[0])
    if not bare or "://" in bare or bare.startswith("mailto:"):
        return []
    base = join(root, bare.lstrip("/")) if bare.startswith("/") else join(folder, bare)
    path = normpath(base).removesuffix(".html")
    return [] if path.startswith("..") else [f"{path}{end}".removeprefix("./") for end in ENDS]


def accounts(edits: pl.DataFrame) -> pl.DataFrame:
    """Who wrote: an address, or of GitHub's no-reply addresses the login in them."""
    people = edits.filter(pl.col("mail").is_not_null()).group_by("mail", maintain_order=True)
    login = pl.col("mail").str.extract(NOREPLY, 1)
    return people.agg(pl.col("name").last(), pl.max("at"), pl.col("machine").any()).select(
        account="mail",
        email=pl.when(login.is_null()).then("mail"),
        login=login,
        name="name",
        kind=pl.when("machine").then(pl.lit("bot")),
        changed="at",
    )


def address(mail: pl.Expr) -> pl.Expr:
    plain = mail.str.strip_chars().str.to_lowercase()
    return pl.when(plain != "").then(plain)


def usable(name: str, *patterns: str) -> None:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error:
            raise Refused(f"[sources.{name}] {pattern!r} is no pattern; write it like ^content/.*\\.md$") from None

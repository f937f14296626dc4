"""Wiki pages made of their revisions: who began a page, who bettered it, what it links to, never what it says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from connectors.errors import Changed, Refused, SourceError
from connectors.fields import Columns, at, joined, moment, text
from connectors.http import Continue, Reply
from connectors.shape import Shape, schema
from connectors.source import Health, Page, Stream
from connectors.tables import MOMENT
from connectors.web import Endpoint, Rows, Web, iso

QUERY = {"action": "query", "format": "json", "formatversion": 2, "maxlag": 5}
LINK = r"\[\[:?([^\[\]|#<>{}\n]+)"
PLACE = "api.php"
BUSY = ("maxlag", "ratelimited", "readonly")
DENIED = ("readapidenied", "permissiondenied", "assertuserfailed", "assertbotfailed", "mwoauth-invalid-authorization")
REVISION: dict[str, Shape] = {
    "revid": int,
    "parentid": int,
    "userid": int,
    "timestamp": str,
    "minor": bool,
    "tags": [str],
}
REVISION |= {"slots": {"main": {"content": str}}}
REVISIONS: dict[str, Shape] = {"pageid": int, "ns": int, "revisions": [REVISION]}
SAME = ("kind", "author", "created", "reviewed", "retired", "changed", "gone")
ARTICLES: Columns = {"article": "pageid", **{name: name for name in SAME}}
TIES: Columns = {"tie": "revid", "person": "user", "other": "author", "seen": "at", "kind": pl.lit("review")}
USES: Columns = {"use": joined("pageid", "target"), "article": "target", "person": "user", "used": "at"}


def asking(name: str, where: str, fields: Mapping[str, Shape], gives: tuple[Rows, ...] = (), **params: Any) -> Endpoint:
    """One list of the wiki's, all of it."""
    return Endpoint(name, PLACE, fields, gives, rows=f"query.{where}", paging=Continue(), params={**QUERY, **params})


def revisions(namespaces: Sequence[int], *, texts: bool) -> Endpoint:
    """Every revision of every page, oldest first; of pages that are there."""
    said = "ids|timestamp|userid|flags|tags" + ("|content" if texts else "")
    which = {"arvnamespace": "|".join(map(str, namespaces)), "arvslots": "main" if texts else None}
    asked: dict[str, Any] = {"list": "allrevisions", "arvdir": "newer", "arvlimit": "max", "arvprop": said, **which}
    dated = Rows("articles", {"created": moment("revisions.timestamp")}, unfold=("revisions",))
    return replace(
        asking("revisions", "allrevisions", REVISIONS, (dated,), **asked), since=iso("arvstart"), scope="read"
    )


def wrong(reply: Reply) -> SourceError | float | None:
    """MediaWiki answers 200 whatever happens."""
    code = reply.at("error.code")
    if code is None:
        return None
    if code in BUSY:
        return float(reply.headers.get("Retry-After", 5))
    if code in DENIED:
        return Refused(f"{reply.path} refuses ({code}); look at this source's user, password and rights")
    known = code if isinstance(code, str) and code.replace("-", "").isalnum() else "an error"
    return Changed(f"{reply.path} answered {known}; look at the wiki's version and this source's settings")


@dataclass
class Wiki(Web):
    """A wiki whose revisions are read since a moment, with all earlier ones of the pages they are of."""

    login: tuple[str, str] | None = field(default=None, repr=False)
    overlap: timedelta = timedelta(days=1)
    namespaces: tuple[int, ...] = (0,)
    kinds: dict[str, str] = field(default_factory=dict)
    entered: bool = False

    def streams(self) -> list[Stream]:
        self.enter()
        accounts = [self.stream(one) for one in self.endpoints[1:]]
        return [*accounts, Stream("articles", self.read, self.overlap, also=("ties_seen", "article_uses"))]

    def check(self) -> Health:
        try:
            self.enter()
        except SourceError as error:
            return Health(reachable=False, words=str(error))
        return super().check()

    def enter(self) -> None:
        """With a bot password, for a wiki that shows more to those who are known."""
        if not self.login or self.entered:
            return
        tokens = self.api.get(PLACE, {**QUERY, "meta": "tokens", "type": "login"})
        who = {"lgname": self.login[0], "lgpassword": self.login[1], "lgtoken": tokens.at("query.tokens.logintoken")}
        reply = self.api.ask(
            PLACE, method="POST", data={"action": "login", "format": "json", "formatversion": 2, **who}
        )
        if reply.at("login.result") != "Success":
            raise Refused(f"{reply.path} does not let this source in; renew its bot password (Special:BotPasswords)")
        self.entered = True

    def read(self, since: datetime | None) -> Iterator[pl.DataFrame | Page]:
        fresh = [events(page) for page in self.frames(self.endpoints[0], {}, since)]
        touched = self.touched(since) if since else []
        if not fresh and not touched:
            return
        every = self.every()
        told = pl.concat([*fresh, *self.again(fresh, touched, {*every["pageid"]})]) if since else pl.concat(fresh)
        told = told.unique("revid", keep="first", maintain_order=True).sort("at", "revid")
        aside, bots = self.ids("allredirects", "fromid"), self.ids("allusers", "userid")
        pages = articles(told, aside, [str(one) for one in bots], self.kind())
        gone = pl.DataFrame({"pageid": sorted({*touched, *told["pageid"]} - {*every["pageid"]})}, {"pageid": pl.Int64})
        here = pages.join(gone, on="pageid", how="anti")
        left = pl.concat([here, gone.with_columns(gone=pl.lit(value=True))], how="diagonal_relaxed")
        yield self.shaped(Rows("articles", ARTICLES), left)
        yield Page("ties_seen", self.shaped(Rows("ties_seen", TIES), ties(told, here)))
        yield Page("article_uses", self.shaped(Rows("article_uses", USES), uses(told, here, self.titles(every), since)))

    def touched(self, since: datetime) -> list[int]:
        """Pages that were deleted or have come back, which no list of revisions tells."""
        found = set[int]()
        fields: dict[str, Shape] = dict.fromkeys(("logpage", "pageid", "ns"), int)
        asked: dict[str, Any] = {"list": "logevents", "leprop": "ids|title", "ledir": "newer", "lelimit": "max"}
        for kind in ("delete", "import", "merge"):
            one = replace(asking(kind, "logevents", fields, letype=kind, **asked), since=iso("lestart"))
            for page in self.frames(one, {}, since):
                mine = page.filter(pl.col("ns").is_in(self.namespaces))
                found |= {*mine["logpage"].drop_nulls(), *mine["pageid"].drop_nulls()}
        return sorted(found - {0})

    def again(self, fresh: list[pl.DataFrame], touched: list[int], here: set[int]) -> Iterator[pl.DataFrame]:
        """All revisions of the pages of which there is news, and of those that link to what was not there before."""
        new = {*touched, *(one for page in fresh for one in page.filter("first")["pageid"])}
        changed = {*new, *(one for page in fresh for one in page["pageid"])}
        changed |= {
            one for id in new & here for page in self.listing("backlinks", blpageid=id) for one in page["pageid"]
        }
        first = self.endpoints[0].params
        same: dict[str, Any] = {"rvslots": first.get("arvslots"), "rvprop": first["arvprop"]}
        asked = asking("history", "pages", REVISIONS, prop="revisions", pageids="{id}", rvlimit="max", **same)
        for id in sorted(changed):
            for page in self.frames(asked, {"id": id}, None):
                there = page.filter(pl.col("ns").is_in(self.namespaces), pl.col("revisions").is_not_null())
                yield events(there)

    def every(self) -> pl.DataFrame:
        """The pages that are there, redirects too."""
        found = [page for ns in self.namespaces for page in self.listing("allpages", "title", apnamespace=ns)]
        return pl.concat(found).select("pageid", "title")

    def titles(self, pages: pl.DataFrame) -> pl.DataFrame:
        """Which page a link leads to: by its title, or by that of a redirect to it."""
        moved = [found for ns in self.namespaces for found in self.listing("allredirects", "title", arnamespace=ns)]
        onward = pl.concat(moved).select(pageid="fromid", to="title").join(pages, on="pageid").select("title", "to")
        reached = onward.join(pages, left_on="to", right_on="title").select("pageid", "title")
        asides = pages.join(onward, on="title", how="anti")
        return pl.concat([asides, reached]).unique("title", keep="last", maintain_order=True)

    def listing(self, name: str, *fields: str, **more: Any) -> Iterator[pl.DataFrame]:
        marks = {"allpages": "ap", "allredirects": "ar", "allusers": "au", "backlinks": "bl", "categorymembers": "cm"}
        mark = marks[name]
        shape: dict[str, Shape] = {"pageid": int, "fromid": int, "userid": int, **dict.fromkeys(fields, str)}
        asked = {"list": name, f"{mark}limit": "max", **({"arprop": "ids|title"} if mark == "ar" else {}), **more}
        yield pl.DataFrame(schema=schema(shape))
        yield from self.frames(asking(name, name, shape, **asked), {}, None)

    def ids(self, name: str, field: str) -> list[int]:
        more: list[dict[str, Any]] = [{"arnamespace": ns} for ns in self.namespaces]
        asked = [{"augroup": "bot"}] if name == "allusers" else more
        return [one for each in asked for page in self.listing(name, **each) for one in page[field]]

    def kind(self) -> pl.DataFrame:
        """What kind a page is, by the categories that the settings name."""
        found = [
            page.select("pageid", kind=pl.lit(kind))
            for category, kind in self.kinds.items()
            for page in self.listing("categorymembers", cmtitle=f"Category:{category}", cmprop="ids")
        ]
        empty = pl.DataFrame(schema={"pageid": pl.Int64, "kind": pl.String})
        return pl.concat([empty, *found]).unique("pageid", keep="first", maintain_order=True)


def events(found: pl.DataFrame) -> pl.DataFrame:
    """One row for each revision, with the titles it links to in place of what it says."""
    rows = found.explode("revisions").filter(pl.col("revisions").is_not_null())
    linked = at("revisions.slots.main.content").fill_null("").str.extract_all(LINK)
    title = pl.element().str.extract(LINK, 1).str.replace_all("_", " ").str.strip_chars()
    titles = linked.list.eval(title.str.slice(0, 1).str.to_uppercase() + title.str.slice(1)).list.unique()
    return rows.select(
        "pageid",
        revid=at("revisions.revid"),
        user=pl.when(at("revisions.userid") > 0).then(text("revisions.userid")),
        at=moment("revisions.timestamp"),
        first=at("revisions.parentid") == 0,
        minor=at("revisions.minor").fill_null(value=False),
        aside=at("revisions.tags").list.contains("mw-new-redirect").fill_null(value=False),
        links=titles,
    )


def articles(told: pl.DataFrame, aside: list[int], bots: list[str], kind: pl.DataFrame) -> pl.DataFrame:
    """Each page from its first revision to its last; one that always was a redirect is none."""
    another = ~pl.col("minor") & (pl.col("user") != pl.col("user").first()) & ~pl.col("user").is_in(bots)
    found = told.group_by("pageid", maintain_order=True).agg(
        author=pl.col("user").first(),
        created=pl.col("at").first(),
        reviewed=pl.col("at").filter(another).last(),
        turned=pl.coalesce(pl.col("at").filter("aside").last(), pl.col("at").last()),
        changed=pl.col("at").last(),
    )
    retired = pl.when(pl.col("pageid").is_in(aside)).then("turned")
    rows = found.with_columns(retired=retired.cast(MOMENT)).join(kind, on="pageid", how="left")
    always = (pl.col("retired") == pl.col("created")).fill_null(value=False)
    return rows.with_columns(pl.col("kind").fill_null("wiki"), gone=always).drop("turned")


def ties(told: pl.DataFrame, pages: pl.DataFrame) -> pl.DataFrame:
    """Who bettered the page of another; a move and what is said to be minor do not."""
    known = told.join(pages.filter(~pl.col("gone")).select("pageid", "author"), on="pageid")
    return known.filter(pl.col("user") != pl.col("author"), ~pl.col("minor"))


def uses(told: pl.DataFrame, pages: pl.DataFrame, titles: pl.DataFrame, since: datetime | None) -> pl.DataFrame:
    """Since when a page links another that is there, and who wrote the link.

    A link of before `since` to a page that has not changed since was given by an earlier read.
    """
    real = pages.filter(~pl.col("gone"))
    linked = told.join(real, on="pageid", how="semi").explode("links").join(titles, left_on="links", right_on="title")
    first = linked.rename({"pageid_right": "target"}).unique(["pageid", "target"], keep="first", maintain_order=True)
    dated = first.join(real.select(target="pageid", there="created"), on="target", how="left")
    new = pl.col("there").is_not_null() | (pl.col("at") >= pl.lit(since, MOMENT))
    return dated.filter(pl.col("pageid") != pl.col("target"), new).with_columns(at=pl.max_horizontal("at", "there"))

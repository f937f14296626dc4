"""Learning records made of xAPI statements: all that was said of one person, one activity and one attempt is one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import reduce
from typing import Any

import polars as pl

from connectors.errors import Changed
from connectors.fields import at, joined, moment, text
from connectors.http import Next
from connectors.shape import Shape
from connectors.source import Page, Stream
from connectors.web import Endpoint, Rows, Web, iso

STARTED = ("initialized", "attempted", "launched", "started", "start")
DONE = ("completed", "complete", "passed", "mastered", "satisfied", "attended", "attend")
ENDED = ("terminated", "suspended", "exited", "failed")
HUMAN = ("meeting", "event", "seminar", "workshop", "lecture", "classroom")
SESSION = timedelta(hours=8)
AGENT: dict[str, Shape] = dict.fromkeys(("objectType", "name", "mbox", "mbox_sha1sum", "openid"), str)
AGENT["account"] = {"name": str, "homePage": str}
ACTIVITIES: Shape = [{"id": str}]
VERB = at("verb.id").str.extract(r"([^/#]+)/?$").str.to_lowercase()
SAID = (
    pl.when((VERB == "voided") & (at("object.objectType") == "StatementRef"))
    .then(pl.lit("voided"))
    .when(VERB.is_in(DONE) | at("result.completion").fill_null(value=False))
    .then(pl.lit("done"))
    .when(VERB.is_in(STARTED))
    .then(pl.lit("started"))
    .when(VERB.is_in(ENDED))
    .then(pl.lit("ended"))
)
STORED = pl.max_horizontal(moment("stored"), moment("timestamp"))
WHOLE = ["person", "activity", "attempt"]
LEARNING: dict[str, pl.Expr | str] = {"record": joined("person", "activity", "attempt", by="|")} | {
    name: name for name in ("person", "course", "skill", "mode", "minutes", "started", "done", "changed", "gone")
}
ACCOUNTS: dict[str, pl.Expr | str] = {name: name for name in ("account", "email", "login", "name", "changed")}


def fields(skill: str) -> dict[str, Shape]:
    """What is read of a statement; the skill stands in an extension of the organisation's own, if anywhere."""
    more: dict[str, Shape] = {"extensions": {skill: str}} if skill else {}
    return {
        **dict.fromkeys(("id", "timestamp", "stored"), str),
        "actor": {**AGENT, "member": [AGENT]},
        "verb": {"id": str},
        "object": {"id": str, "objectType": str, "definition": {"type": str, **more}},
        "result": {"duration": str, "completion": bool},
        "context": {
            "registration": str,
            "instructor": {"objectType": str},
            "contextActivities": {"parent": ACTIVITIES, "grouping": ACTIVITIES},
            **more,
        },
    }


def statements(skill: str) -> Endpoint:
    """Those that start, end or void; the others are dropped as they arrive, since not every store filters by verb."""
    return Endpoint(
        "statements",
        "statements",
        fields(skill),
        rows="statements",
        params={"limit": 500},
        paging=Next("more"),
        since=iso("since"),
        keep=SAID.is_not_null(),
        gives=(Rows("learning", {"changed": STORED}),),
        scope="statements/read",
    )


@dataclass
class Records(Web):
    """A store of statements. What a record needs of earlier ones is asked for by its person."""

    overlap: timedelta = timedelta(days=1)
    skill: str = ""
    skills: dict[str, str] = field(default_factory=dict)
    human: tuple[str, ...] = ()

    def streams(self) -> list[Stream]:
        return [Stream("learning", self.read, self.overlap, key="statements", also=("accounts",))]

    def read(self, since: datetime | None) -> Iterator[pl.DataFrame | Page]:
        """One frame, since what is said of an attempt may stand on any page."""
        found = [self.events(page) for page in self.frames(self.endpoints[0], {}, since)]
        if not found:
            return
        told = pl.concat(found)
        if since:
            told = pl.concat([told, self.voided(told)])
            told = pl.concat([told, *self.again(told)])
        told = told.unique(["id", "person"], keep="first", maintain_order=True)
        yield self.shaped(Rows("learning", LEARNING), records(told))
        yield Page("accounts", self.shaped(Rows("accounts", ACCOUNTS), accounts(told)))

    def voided(self, told: pl.DataFrame) -> pl.DataFrame:
        """The statements that were voided; a store keeps them apart, or as they were if it knows no voiding."""
        ids = told.filter(said="voided")["activity"].unique(maintain_order=True)
        return pl.concat([told.clear(), *(page for one in ids for page in self.statement(one))])

    def statement(self, id: str) -> Iterator[pl.DataFrame]:
        for param, where in (("voidedStatementId", ""), ("statementId", "statements")):
            asked = replace(self.endpoints[0], params={param: id}, rows=where)
            with suppress(Changed):  # there is none
                yield from (self.events(page.filter(id=id)) for page in self.frames(asked, {}, None))

    def again(self, told: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """All that was ever said of those of whom there is news; by person only, since not every store knows more."""
        asked = replace(self.endpoints[0], params={"agent": "{agent}", "limit": 500})
        news = told.filter(pl.col("said") != "voided", pl.col("person").is_not_null())
        for one in news.unique("person", maintain_order=True)["agent"]:
            for page in self.frames(asked, {"agent": json.dumps(known(one))}, None):
                yield self.events(page).join(news, on=["person", "activity"], how="semi")

    def events(self, found: pl.DataFrame) -> pl.DataFrame:
        """One row for each statement and person; of a group, its members."""
        alone = pl.concat_list(pl.struct(*(at(f"actor.{name}").alias(name) for name in AGENT)))
        several = at("actor.objectType") == "Group"
        extension = [path for path in ("object.definition", "context") if self.skill]
        by_course = text("object.id").replace_strict(self.skills, default=None, return_dtype=pl.String)
        rows = found.with_columns(agent=pl.when(several).then(at("actor.member")).otherwise(alone)).explode("agent")
        kind = at("object.definition.type").str.extract(r"([^/#]+)/?$").str.to_lowercase()
        human = VERB.is_in(("attended", "attend")) | kind.is_in(HUMAN) | at("object.definition.type").is_in(self.human)
        return rows.select(
            "id",
            "agent",
            person=account("agent"),
            activity=text("object.id"),
            attempt=text("context.registration").fill_null(""),
            said=SAID,
            at=pl.coalesce(moment("timestamp"), moment("stored")),
            changed=STORED,
            minutes=minutes("result.duration"),
            course=course(kind),
            skill=pl.coalesce(by_course, *(inside(path, self.skill) for path in extension)),
            human=human.fill_null(value=False) | at("context.instructor").is_not_null(),
        )


def records(told: pl.DataFrame) -> pl.DataFrame:
    """When each attempt started and was done by what was not voided; one of which nothing is left is gone."""
    voids, rows = told.filter(said="voided").select(id="activity"), told.filter(pl.col("said") != "voided")
    started, done = (pl.col("said") == "started", pl.col("said") == "done")
    left = rows.join(voids, on="id", how="anti")
    said = left.group_by(WHOLE).agg(
        pl.col("course", "skill").drop_nulls().first(),
        mode=pl.when(pl.col("human").any()).then(pl.lit("human")).otherwise(pl.lit("digital")),
        began=pl.col("at").filter(started).min(),
        done=pl.col("at").filter(done).min(),
        ended=pl.col("at").filter(~started).max(),
        length=pl.coalesce(pl.col("minutes").filter(done).max(), pl.col("minutes").max()),
        gone=~(started | done).any(),
    )
    lasted = pl.col("ended") - pl.col("began")
    session = pl.when(lasted.is_between(timedelta(0), SESSION)).then(lasted.dt.total_seconds() / 60)
    before = pl.col("done") - pl.duration(seconds=pl.col("length") * 60)
    changed = rows.group_by(WHOLE, maintain_order=True).agg(pl.max("changed"))
    return changed.join(said, on=WHOLE, how="left", maintain_order="left", nulls_equal=True).with_columns(
        pl.col("gone").fill_null(value=True),
        started=pl.coalesce("began", before),
        minutes=pl.coalesce("length", session),
    )


def accounts(told: pl.DataFrame) -> pl.DataFrame:
    """Who was met: an address where there is one, else the name of the account; the newest name counts."""
    of = pl.col("agent").struct.field
    named = of("account").struct.field("name")
    mail = of("mbox").str.strip_prefix("mailto:")
    rows = told.filter(pl.col("person").is_not_null()).select(
        "changed",
        account="person",
        email=pl.coalesce(mail, pl.when(named.str.contains("@", literal=True)).then(named)),
        login=pl.when(~named.str.contains("@", literal=True)).then(named),
        name=text(of("name")),
    )
    newest = pl.exclude("changed").drop_nulls().last()
    return rows.sort("changed").group_by("account", maintain_order=True).agg(newest, pl.max("changed"))


def account(agent: str) -> pl.Expr:
    """The one of four ways in which a statement names somebody."""
    of = pl.col(agent).struct.field
    home = of("account").struct.field("homePage").str.strip_chars_end("/")
    return pl.coalesce(
        of("mbox").str.strip_prefix("mailto:").str.to_lowercase(),
        joined(home, of("account").struct.field("name"), by="/"),
        of("openid"),
        joined(pl.lit("sha1"), of("mbox_sha1sum")),
    )


def known(agent: dict[str, Any]) -> dict[str, Any]:
    """An agent as it is asked for."""
    if agent["mbox"] is None and agent["account"] is not None:
        return {"account": agent["account"]}
    return {name: agent[name] for name in ("mbox", "openid", "mbox_sha1sum") if agent[name] is not None}


def course(kind: pl.Expr) -> pl.Expr:
    """The activity itself where it is a course or stands alone, else what it is a part of."""
    of = at("context.contextActivities").struct.field
    above = pl.coalesce(*(of(name).list.first().struct.field("id") for name in ("parent", "grouping")))
    return pl.when(kind == "course").then(text("object.id")).otherwise(pl.coalesce(above, text("object.id")))


def inside(where: str, extension: str) -> pl.Expr:
    return text(at(where).struct.field("extensions").struct.field(extension))


def minutes(where: str) -> pl.Expr:
    """An ISO 8601 duration such as P1DT2H30M1.5S in minutes."""
    units = {"W": 10080.0, "D": 1440.0, "H": 60.0, "M": 1.0, "S": 1 / 60}
    said = at(where).str.replace(r"^P([^T]*M)", "P")  # a month has no length
    parts = [said.str.extract(rf"([\d.]+){unit}").cast(pl.Float64, strict=False) * size for unit, size in units.items()]
    total = reduce(lambda one, other: one + other, (part.fill_null(0.0) for part in parts))
    return pl.when(said.str.starts_with("P")).then(total)

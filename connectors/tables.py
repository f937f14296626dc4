"""The canonical tables: the only words connectors and metrics share.

Every row names the source it came from and when it last changed there. A column marked as a person holds a keyed
pseudonym by the time it is written; a column that is not named here is never written at all. Moments are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import dataframely as dy
import polars as pl

from connectors.columns import MOMENT as MOMENT
from connectors.columns import RESPONDENT, key, moment, text, who


class Fact(dy.Schema):
    """What every row carries."""

    source = dy.String(min_length=1, max_length=200)
    changed = moment(nullable=False)


class Dated(Fact):
    """What holds from a day until before another; open-ended when the other is unknown."""

    valid_from = dy.Date(primary_key=True)
    valid_to = dy.Date(nullable=True)

    @dy.rule()
    def ends_after_it_starts(cls) -> pl.Expr:
        return pl.col("valid_to").is_null() | (pl.col("valid_to") > pl.col("valid_from"))


class Units(Dated):
    """Units of the organisation as a dated tree; the root has no parent."""

    unit = key()
    parent = text()
    name = dy.String(min_length=1, max_length=200)
    kind = text()

    @dy.rule()
    def unit_is_not_its_own_parent(cls) -> pl.Expr:
        return pl.col("parent").ne_missing(pl.col("unit"))


class People(Dated):
    """Dated membership: who was in which unit, from the first day to before the last."""

    person = who(primary_key=True)
    unit = dy.String(min_length=1, max_length=200)
    manager = who()
    role = text()
    leader = dy.Bool(nullable=True)
    site = text()
    joined = dy.Date(nullable=True)
    left = dy.Date(nullable=True)


class Accounts(Fact):
    """Which account in which source belongs to which person."""

    source = key()
    account = who(primary_key=True)
    person = who(nullable=False)


class Tickets(Fact):
    """Pieces of work: their kind, their group, and their life."""

    ticket = key()
    kind = dy.String(min_length=1, max_length=200)
    unit = text()
    assignee = who()
    opened = moment(nullable=False)
    answered = moment()
    resolved = moment()
    closed = moment()
    reopened = moment()
    reopenings = dy.Int64(nullable=True, min=0)
    cause = text()
    outcome = text()
    knowledge = dy.Bool(nullable=True)
    verified = dy.Bool(nullable=True)
    skill = text()

    @dy.rule()
    def resolved_after_opened(cls) -> pl.Expr:
        return pl.col("resolved").is_null() | (pl.col("resolved") >= pl.col("opened"))


class TicketMoves(Fact):
    """Who did what to a ticket when."""

    move = key()
    ticket = dy.String(min_length=1, max_length=200)
    person = who()
    action = dy.String(min_length=1, max_length=200)
    moved = moment(nullable=False)
    unit = text()


class Messages(Fact):
    """Who wrote when and to whom, never what."""

    message = key()
    channel = dy.String(min_length=1, max_length=200)
    author = who()
    reply_to = text()
    thread = text()
    sent = moment(nullable=False)
    question = dy.Bool(nullable=True)
    public = dy.Bool(nullable=True)


class TiesSeen(Fact):
    """One person turning to another: mention, reaction, review, mentoring."""

    tie = key()
    person = who(nullable=False)
    other = who(nullable=False)
    kind = dy.String(min_length=1, max_length=200)
    seen = moment(nullable=False)
    channel = text()


class Articles(Fact):
    """What was written down: wiki pages, playbooks, post-mortems."""

    article = key()
    kind = dy.String(min_length=1, max_length=200)
    author = who()
    unit = text()
    created = moment(nullable=False)
    reviewed = moment()
    retired = moment()


class ArticleUses(Fact):
    """An article used: by whom, when, and on which ticket."""

    use = key()
    article = dy.String(min_length=1, max_length=200)
    person = who()
    used = moment(nullable=False)
    ticket = text()


class Learning(Fact):
    """A course or an exercise: digital or human, how long, started, done."""

    record = key()
    person = who(nullable=False)
    course = dy.String(min_length=1, max_length=200)
    skill = text()
    mode = dy.String(nullable=True, check=lambda c: c.is_in(["digital", "human"]))
    minutes = dy.Float64(nullable=True, min=0)
    started = moment()
    done = moment()


class Skills(Fact):
    """The level of a skill a person held when it was assessed."""

    person = who(primary_key=True)
    skill = key()
    assessed = dy.Date(primary_key=True)
    level = dy.Float64(min=0)


class Needs(Fact):
    """How many people a unit or a project needs at which level of a skill, from when."""

    need = key()
    skill = dy.String(min_length=1, max_length=200)
    unit = text()
    project = text()
    level = dy.Float64(min=0)
    headcount = dy.Float64(min=0)
    starts = dy.Date()


class Feedback(Fact):
    """Feedback or recognition given: by whom, to whom, of what kind."""

    feedback = key()
    giver = who(nullable=False)
    receiver = who(nullable=False)
    kind = dy.String(min_length=1, max_length=200)
    given = moment(nullable=False)


class Plans(Fact):
    """Development plans: the skill, the priority it serves, when due, when done."""

    plan = key()
    person = who(nullable=False)
    skill = text()
    priority = text()
    made = dy.Date()
    due = dy.Date(nullable=True)
    done = dy.Date(nullable=True)


class Answers(Fact):
    """One answer to one item of a survey wave; the respondent's token is joinable to nothing else."""

    survey = key()
    wave = dy.Date(primary_key=True)
    respondent = dy.String(primary_key=True, metadata=RESPONDENT)
    item = key()
    unit = dy.String(min_length=1, max_length=200)
    construct = dy.String(min_length=1, max_length=200)
    score = dy.Float64(nullable=True)
    low = dy.Float64()
    high = dy.Float64()
    reversed = dy.Bool()

    @dy.rule()
    def score_on_its_scale(cls) -> pl.Expr:
        return pl.col("score").is_null() | pl.col("score").is_between("low", "high")


class Invitations(Fact):
    """Who was invited to a survey wave."""

    survey = key()
    wave = dy.Date(primary_key=True)
    respondent = dy.String(primary_key=True, metadata=RESPONDENT)
    unit = dy.String(min_length=1, max_length=200)


class Links(Fact):
    """An insight linked to the action or the reuse that came of it."""

    link = key()
    kind = dy.String(min_length=1, max_length=200)
    origin = dy.String(min_length=1, max_length=200)
    target = dy.String(min_length=1, max_length=200)
    made = moment(nullable=False)


@dataclass(frozen=True)
class Table:
    """A canonical table, partitioned by the month of one column; `steady`: that column never changes for a key."""

    name: str
    schema: type[Fact]
    dated: str
    steady: bool = False
    pseudonyms: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        marked = {n: c.metadata["pseudonym"] for n, c in self.schema.columns().items() if c.metadata}
        object.__setattr__(self, "pseudonyms", marked)

    @cached_property
    def key(self) -> list[str]:
        return list(self.schema.primary_key())

    @cached_property
    def dtypes(self) -> dict[str, pl.DataType]:
        return dict(self.schema.create_empty().schema)


TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        Table("units", Units, "valid_from", steady=True),
        Table("people", People, "valid_from", steady=True),
        Table("accounts", Accounts, "changed"),
        Table("tickets", Tickets, "opened"),
        Table("ticket_moves", TicketMoves, "moved", steady=True),
        Table("messages", Messages, "sent", steady=True),
        Table("ties_seen", TiesSeen, "seen", steady=True),
        Table("articles", Articles, "created"),
        Table("article_uses", ArticleUses, "used", steady=True),
        Table("learning", Learning, "changed"),
        Table("skills", Skills, "assessed", steady=True),
        Table("needs", Needs, "starts"),
        Table("feedback", Feedback, "given", steady=True),
        Table("plans", Plans, "made"),
        Table("answers", Answers, "wave", steady=True),
        Table("invitations", Invitations, "wave", steady=True),
        Table("links", Links, "made", steady=True),
    )
}

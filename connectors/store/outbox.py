"""The outbox: who is to get which report for which time, how far that is, and what was told when it had arrived."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import polars as pl
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from connectors.store.database import Database, upsert
from connectors.store.schema import Moment, metadata, told, word

deliveries = sa.Table(
    "deliveries",
    metadata,
    word("report", key=True),
    word("period", key=True),
    word("way", key=True),
    word("recipient", key=True),
    sa.Column("due", Moment, nullable=False),
    word("state"),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("next", Moment, nullable=False),
    sa.Column("holder", sa.String),
    sa.Column("until", Moment),
    sa.Column("ended", Moment),
    sa.Column("packed", sa.LargeBinary),
    sa.Column("news", sa.Text),
    word("words"),
    sa.Index("deliveries_open", "state", "next"),
)
OPEN, HELD = ("waiting", "sending", "handing"), ("sending", "handing")
HISTORY = ("report", "period", "way", "recipient", "due", "state", "tries", "next", "until", "ended", "words")
TOLD = ("indicator", "unit", "verdict", "side", "since")


@dataclass(frozen=True)
class Errand:
    """One report for one time to one recipient by one way out: the key under which it arrives once."""

    report: str
    period: str
    way: str
    recipient: str = ""

    @property
    def id(self) -> str:
        """The same however often it is tried, so that a receiver can tell a second copy from a second message."""
        return sha256("|".join((self.report, self.period, self.way, self.recipient)).encode()).hexdigest()[:32]

    @property
    def ear(self) -> str:
        """Under which name it is remembered what this recipient was told."""
        place = f"{self.way} {self.recipient}".strip()
        return place if self.report == "tell" else f"{self.report}: {place}"

    @property
    def here(self) -> sa.ColumnElement[bool]:
        return self.beside & (deliveries.c.period == self.period)

    @property
    def beside(self) -> sa.ColumnElement[bool]:
        """This one and those of other times to the same recipient."""
        table = deliveries.c
        return sa.and_(table.report == self.report, table.way == self.way, table.recipient == self.recipient)


@dataclass(frozen=True)
class Hold:
    """The right to deliver, until it runs out. `packed` is there where an earlier try may have arrived: it is this
    that has to be handed over again, byte for byte."""

    errand: Errand
    holder: str
    tries: int
    due: datetime
    packed: bytes | None
    news: pl.DataFrame


class Outbox(Database):
    """Planned, held, handed over, arrived: each step is kept before the next begins."""

    def plan(self, errands: Collection[Errand], due: datetime) -> None:
        """Put into the outbox what is not in it yet. What has waited for an earlier time is left to the later one,
        which tells all of it, unless it may have arrived already."""
        insert = (sqlite if self.engine.dialect.name == "sqlite" else postgresql).insert(deliveries)
        table = deliveries.c
        with self.writing() as connection:
            for one in errands:
                row = {"report": one.report, "period": one.period, "way": one.way, "recipient": one.recipient}
                fresh = row | {"due": due, "state": "waiting", "tries": 0, "next": due, "words": ""}
                connection.execute(insert.values(fresh).on_conflict_do_nothing())
                silent = deliveries.update().where(one.here, table.state == "nothing")
                connection.execute(silent.values(state="waiting", ended=None))
                old = one.beside & (table.period != one.period) & (table.due < due)
                old &= (table.state == "waiting") & table.packed.is_(None)
                said = deliveries.update().where(old)
                connection.execute(said.values(state="replaced", ended=due, words="left to the next one"))

    def open_errands(self, now: datetime, report: str | None = None) -> list[Errand]:
        """What can be delivered now, oldest first: it is time, and nobody is at it."""
        table = deliveries.c
        query = sa.select(table.report, table.period, table.way, table.recipient).where(ripe(now))
        if report is not None:
            query = query.where(table.report == report)
        with self.reading() as connection:
            rows = connection.execute(query.order_by(table.due, table.report, table.way, table.recipient)).all()
        return [Errand(*row) for row in rows]

    def hold(self, errand: Errand, holder: str, now: datetime, until: datetime) -> Hold | None:
        """Take an errand, unless another has it, it has arrived, or one to the same recipient is under way."""
        table = deliveries.c
        with self.writing() as connection:
            lock = sa.select(table.period).where(errand.beside).with_for_update()
            connection.execute(lock).all()
            other = table.state.in_(HELD) & (table.until > now) | table.packed.is_not(None) & table.state.in_(OPEN)
            busy = errand.beside & (table.period != errand.period) & other
            if connection.execute(sa.select(sa.func.count()).select_from(deliveries).where(busy)).scalar():
                return None
            taken = {"state": "sending", "holder": holder, "until": until, "tries": table.tries + 1}
            if not connection.execute(deliveries.update().where(errand.here, ripe(now)).values(taken)).rowcount:
                return None
            facts = sa.select(table.tries, table.due, table.packed, table.news).where(errand.here)
            tries, due, packed, news = connection.execute(facts).one()
        return Hold(errand, holder, tries, due, packed, unrolled(news))

    def handing(self, hold: Hold, packed: bytes, news: pl.DataFrame, until: datetime) -> bool:
        """It is about to be handed over: from here on it may have arrived. False where the hold has run out."""
        kept = {"state": "handing", "packed": packed, "news": rolled(news), "until": until}
        return self.changed(hold, **kept)

    def arrived(self, errand: Errand, news: pl.DataFrame, at: datetime, words: str) -> None:
        """It has arrived, and what it said is told: both or neither. True whoever holds it by now."""
        done = {"state": "sent", "holder": None, "until": None, "packed": None, "news": None}
        rows = [{**one, "export": errand.ear, "at": at} for one in news.select(TOLD).to_dicts()]
        with self.writing() as connection:
            connection.execute(deliveries.update().where(errand.here).values(**done, ended=at, words=words))
            upsert(connection, told, rows)

    def nothing(self, hold: Hold, at: datetime, words: str) -> None:
        """There was nothing to say; when it is planned once more, it is looked at once more."""
        self.changed(hold, state="nothing", holder=None, until=None, ended=at, words=words)

    def failed(self, hold: Hold, at: datetime, words: str, doubtful: bool) -> None:
        """It will be tried again at a time. What surely did not arrive is made anew then; what may have, is kept."""
        made = {} if doubtful else {"packed": None, "news": None}
        self.changed(hold, state="waiting", holder=None, until=None, next=at, words=words, **made)

    def hasten(self, now: datetime) -> int:
        """Everything that waits for another try is tried now; how many that are."""
        waits = (deliveries.c.state == "waiting") & (deliveries.c.next > now)
        with self.writing() as connection:
            return connection.execute(deliveries.update().where(waits).values(next=now)).rowcount

    def changed(self, hold: Hold, **values: Any) -> bool:
        mine = hold.errand.here & (deliveries.c.holder == hold.holder) & deliveries.c.state.in_(HELD)
        with self.writing() as connection:
            return bool(connection.execute(deliveries.update().where(mine).values(**values)).rowcount)

    def deliveries(self, report: str | None = None, latest: int = 500) -> pl.DataFrame:
        """What became of each errand, newest first."""
        query = sa.select(*(deliveries.c[name] for name in HISTORY)).limit(latest)
        if report is not None:
            query = query.where(deliveries.c.report == report)
        return self.read(query.order_by(deliveries.c.due.desc(), *(deliveries.c[name] for name in HISTORY[:4])))


def ripe(now: datetime) -> sa.ColumnElement[bool]:
    """Nobody is at it and its time has come; who was at it and has not been heard of since, has lost it."""
    table = deliveries.c
    waits = (table.state == "waiting") & (table.next <= now)
    return sa.or_(waits, table.state.in_(HELD) & (table.until <= now))


def rolled(news: pl.DataFrame) -> str:
    return json.dumps(news.select(TOLD).to_dicts(), default=str)


def unrolled(news: str | None) -> pl.DataFrame:
    shape = {"indicator": pl.String, "unit": pl.String, "verdict": pl.String, "side": pl.String, "since": pl.String}
    return pl.DataFrame(json.loads(news or "[]"), schema=shape).with_columns(pl.col("since").str.to_date())

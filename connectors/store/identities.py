"""Who is who, as it is remembered: links and since when, what people decided and undid, and sealed names.

Nothing is ever overwritten here: a link that no longer holds gets an end, and a decision undone says by what.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import polars as pl
import sqlalchemy as sa
from sqlalchemy import Column

from connectors.store.database import Database, insert, upsert
from connectors.store.schema import Moment, counter, metadata, shape, word

links = sa.Table(
    "identity_links",
    metadata,
    counter(),
    word("account"),
    Column("person", sa.String),
    *map(word, ("why", "evidence", "state")),
    Column("since", Moment, nullable=False),
    Column("until", Moment),
    sa.Index("identity_links_now", "until", "account"),
)
batches = sa.Table(
    "identity_batches",
    metadata,
    counter(),
    Column("at", Moment, nullable=False),
    *map(word, ("by", "act", "note")),
    Column("undone", sa.Integer),
)
decisions = sa.Table(
    "identity_decisions",
    metadata,
    counter(),
    Column("batch", sa.Integer, nullable=False),
    word("account"),
    Column("person", sa.String),
    word("act"),
    sa.Index("identity_decisions_of_a_batch", "batch"),
)
identities = sa.Table("identities", metadata, word("token", key=True), word("sealed"))
SAME = ["account", "person", "why", "state"]


class Identities(Database):
    """Links, decisions and sealed names."""

    def links(self, history: bool = False) -> pl.DataFrame:
        """The links that hold now, or every one there ever was: account, person, why, evidence, state, since, until."""
        query = sa.select(*(column for column in links.columns if column.name != "id")).order_by(links.c.id)
        return self.read(query if history else query.where(links.c.until.is_(None)))

    def relink(self, found: pl.DataFrame, at: datetime) -> None:
        """From now on these links hold and no others; what holds on keeps its beginning."""
        query = sa.select(links.c.id, *(links.c[name] for name in (*SAME, "evidence"))).where(links.c.until.is_(None))
        now = self.read(query)
        kept = now.join(found.select(*SAME, new="evidence"), on=SAME, how="inner", nulls_equal=True)
        gone = now.join(kept, on="id", how="anti")["id"].to_list()
        added = found.join(now, on=SAME, how="anti", nulls_equal=True)
        other = kept.filter(pl.col("evidence") != pl.col("new")).select(row="id", said="new").to_dicts()
        with self.writing() as connection:
            for start in range(0, len(gone), 500):
                some = links.c.id.in_(gone[start : start + 500])
                connection.execute(links.update().where(some).values(until=at))
            if other:
                mine = links.c.id == sa.bindparam("row")
                connection.execute(links.update().where(mine).values(evidence=sa.bindparam("said")), other)
            insert(connection, links, added.with_columns(since=pl.lit(at, pl.Datetime("us", "UTC"))))

    def decide(
        self, act: str, pairs: pl.DataFrame, *, by: str, note: str, at: datetime, undo: Collection[int] = ()
    ) -> int:
        """Write down what a person decided about [account, person, act], and which batches it undoes; gives its number.

        To undo an undo brings back what that one had undone.
        """
        with self.writing() as connection:
            said = batches.insert().values(at=at, by=by, act=act, note=note)
            number = int(connection.execute(said).inserted_primary_key[0])  # type: ignore[index]
            insert(connection, decisions, pairs.select("account", "person", "act"), batch=number)
            connection.execute(batches.update().where(batches.c.undone.in_(undo)).values(undone=None))
            connection.execute(batches.update().where(batches.c.id.in_(undo)).values(undone=number))
        return number

    def decided(self) -> pl.DataFrame:
        """The decisions that stand, oldest first: batch, account, person, act."""
        standing = sa.select(decisions.c.batch, decisions.c.account, decisions.c.person, decisions.c.act)
        joined = standing.join(batches, batches.c.id == decisions.c.batch).where(batches.c.undone.is_(None))
        return self.read(joined.order_by(decisions.c.id))

    def batches(self) -> pl.DataFrame:
        """The log: id, at, by, act, note, undone (by which), and how many accounts each was about."""
        accounts = sa.func.count(decisions.c.id).label("accounts")
        query = sa.select(*batches.columns, accounts).outerjoin(decisions, decisions.c.batch == batches.c.id)
        return self.read(query.group_by(*batches.columns).order_by(batches.c.id))

    def batch(self, number: int) -> pl.DataFrame:
        """What one batch decided: account, person, act."""
        query = sa.select(decisions.c.account, decisions.c.person, decisions.c.act)
        return self.read(query.where(decisions.c.batch == number).order_by(decisions.c.id))

    def seal(self, rows: pl.DataFrame) -> None:
        """Keep [token, sealed]; each replaces what was there, and those once forgotten stay so."""
        forgotten = self.decided().filter(act="forget").select(token="account")
        kept = rows.select(list(shape(identities))).join(forgotten, on="token", how="anti")
        with self.writing() as connection:
            upsert(connection, identities, kept.unique("token", keep="last", maintain_order=True).to_dicts())

    def sealed(self) -> pl.DataFrame:
        return self.read(sa.select(identities).order_by(identities.c.token))

    def unseal(self, tokens: pl.Series) -> int:
        """Delete these sealed names for good; gives how many there were."""
        found = 0
        with self.writing() as connection:
            for part in pl.DataFrame({"token": tokens}).iter_slices(500):
                some = identities.c.token.in_(part["token"].to_list())
                found += connection.execute(sa.delete(identities).where(some)).rowcount
        return found

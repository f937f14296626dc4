"""Who is where: units, people, their accounts, and what was done on purpose."""

from __future__ import annotations

import dataframely as dy
import polars as pl

from connectors.columns import LOGIN, NAME, key, text, who
from connectors.facts.fact import Dated, Fact


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
    """Dated membership: who was in which unit, from the first day to before the last.

    `share` is of full working time: 0.5 is half, 0 is away; where it is unknown, all of it.
    """

    person = who(primary_key=True)
    unit = dy.String(min_length=1, max_length=200)
    manager = who()
    role = text()
    leader = dy.Bool(nullable=True)
    site = text()
    joined = dy.Date(nullable=True)
    left = dy.Date(nullable=True)
    share = dy.Float64(nullable=True, min=0, max=1)


class Accounts(Fact):
    """An account in a source, and what may tell whose it is: the person where the source knows, else traces of them.

    `kind` is person, bot, service, or group (a mailbox that several read) where it is known.
    """

    source = key()
    account = who(primary_key=True)
    person = who()
    email = who()
    login = dy.String(nullable=True, metadata=LOGIN)
    name = dy.String(nullable=True, metadata=NAME)
    kind = dy.String(nullable=True, check=lambda c: c.is_in(["person", "bot", "service", "group"]))
    active = dy.Bool(nullable=True)


class Interventions(Fact):
    """Something done on purpose from a day on, in a unit or everywhere: a programme, a policy, a re-organisation."""

    intervention = key()
    name = dy.String(min_length=1, max_length=200)
    kind = text()
    unit = text()
    began = dy.Date()
    ended = dy.Date(nullable=True)

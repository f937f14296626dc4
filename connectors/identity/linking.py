"""Matches anew, remembers what is different, and says first which weeks that changes."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from connectors.identity.activity import MONTHLY, activity, days
from connectors.identity.matching import match
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.store.news import BEGINNING, FOR_EVER

SURE = ("linked", "locked")
MACHINES = ("bot", "service")
EFFECT = {"account": pl.String, "whose": pl.String}


def link(lake: Lake, memory: Memory, now: datetime) -> pl.DataFrame:
    """The links of all accounts as of now, remembered; the days they change are touched before."""
    accounts, people = lake.scan("accounts").collect(), lake.scan("people").collect()
    active = activity(lake) if accounts.height else pl.DataFrame(schema=MONTHLY)
    pooled = active.group_by("account", "month").agg(pl.col("rows").sum())
    found = match(accounts, people, memory.decided(), pooled)
    changed = differences(memory.links(), found)
    for table, first, last in days(active, changed).iter_rows():
        memory.touch(table, first, last)
    if changed.join(people, left_on="account", right_on="person", how="semi").height:
        memory.touch("people", BEGINNING, FOR_EVER)
    memory.relink(found, now)
    forget_the_vanished(accounts, memory)
    return found


def forget_the_vanished(accounts: pl.DataFrame, memory: Memory) -> None:
    """A name under seal goes when its account has gone from its source."""
    gone = memory.sealed().join(accounts, left_on="token", right_on="account", how="anti")
    memory.unseal(gone["token"])


def differences(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """The accounts that now count for somebody else, for nobody any more, or for a machine."""
    both = effect(before).join(effect(after), on="account", how="full", coalesce=True, suffix="_now")
    return both.filter(pl.col("whose").ne_missing(pl.col("whose_now"))).select("account")


def effect(links: pl.DataFrame) -> pl.DataFrame:
    """Whom each account counts for: account, whose; a machine's count for nobody and are left out."""
    machine = pl.when(machines()).then(pl.lit("")).otherwise("person")
    rows = links.filter(pl.col("state").is_in(SURE) & pl.col("person").is_not_null() | machines())
    return rows.select("account", whose=machine).unique("account", keep="last", maintain_order=True).cast(EFFECT)  # type: ignore[arg-type]


def machines() -> pl.Expr:
    return (pl.col("state") == "separated") & pl.col("why").is_in(MACHINES)


def sure(links: pl.DataFrame) -> pl.DataFrame:
    """Accounts whose person is known: account, person."""
    return effect(links).filter(pl.col("whose") != "").select("account", person="whose")


def bots(links: pl.DataFrame) -> pl.DataFrame:
    """Accounts of machines: account."""
    return links.filter(machines()).select("account").unique()

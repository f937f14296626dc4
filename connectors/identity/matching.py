"""Which account is whose: by work address, then directory login, then name with evidence; what is doubtful waits."""

from __future__ import annotations

import polars as pl

from connectors.identity.candidates import candidates
from connectors.identity.records import PAIR, Records
from connectors.identity.verdicts import judged

LINKS = {"account": pl.String, "person": pl.String, "why": pl.String, "evidence": pl.String, "state": pl.String}
MACHINES = ("bot", "service")
ACTS = ("link", "separate", "bot")


def match(
    accounts: pl.DataFrame, people: pl.DataFrame, decided: pl.DataFrame, activity: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Links [account, person, why, evidence, state] of all accounts that are somebody's, may be, or are a machine's.

    `accounts` and `people` as in the lake; `decided`: account, person, act (link, separate or bot), oldest first, where
    separate without a person means nobody; `activity`: account, month, rows. A state is `linked` or `doubtful` where
    the machine found it, `locked` or `separated` where a person said so. A machine's account is separated too.
    """
    said = standing(decided)
    records = Records.of(accounts, people, apart(said))
    settled = said.filter((pl.col("act") != "separate") | pl.col("person").is_null()).select("account")
    machines = accounts.filter(pl.col("kind").is_in(MACHINES)).unique("account", keep="last", maintain_order=True)
    known = pl.concat([settled, machines.select("account"), records.all.select(account="person")])
    free = accounts.join(known, on="account", how="anti")
    found = judged(candidates(free, records, apart(said), activity), free)
    same, machine = (
        records.same.join(settled, on="account", how="anti"),
        machines.join(settled, on="account", how="anti"),
    )
    parts = [
        human(said, records),
        linked(machine, "separated", "its source says so", why=pl.col("kind"), person=pl.lit(None, pl.String)),
        linked(same, "linked", "the same person twice in HR"),
        found,
        elsewhere(free, found, said),
    ]
    return pl.concat([part.select(pl.col(name).cast(kind) for name, kind in LINKS.items()) for part in parts]).sort(
        *PAIR
    )


def standing(decided: pl.DataFrame) -> pl.DataFrame:
    """The last word on each pair; and of what settles an account (link, bot, nobody) the last word only."""
    about = decided.filter(pl.col("act").is_in(ACTS))
    last = about.select(*PAIR, "act").with_row_index("place").unique(PAIR, keep="last", maintain_order=True)
    settles = (pl.col("act") != "separate") | pl.col("person").is_null()
    newest = last.filter(settles).unique("account", keep="last", maintain_order=True)
    return pl.concat([last.filter(~settles), newest]).sort("place").drop("place")


def apart(said: pl.DataFrame) -> pl.DataFrame:
    """Pairs of which a person said that they are not the same."""
    return said.filter(pl.col("act") == "separate", pl.col("person").is_not_null()).select(PAIR)


def human(said: pl.DataFrame, records: Records) -> pl.DataFrame:
    """What people decided, as links; a record that stands for the person is named in its place."""
    whose = records.same.select(person="account", first="person")
    rows = said.join(whose, on="person", how="left").with_columns(
        person=pl.coalesce("first", "person"), evidence=pl.lit("a person decided")
    )
    why = pl.when(act="bot").then(pl.lit("bot")).otherwise(pl.lit("decided"))
    return rows.with_columns(why=why, state=pl.when(act="link").then(pl.lit("locked")).otherwise(pl.lit("separated")))


def linked(rows: pl.DataFrame, state: str, evidence: str, **columns: pl.Expr) -> pl.DataFrame:
    return rows.with_columns(state=pl.lit(state), evidence=pl.lit(evidence), **columns)


def elsewhere(free: pl.DataFrame, found: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """Accounts whose source names a person whom HR does not know: theirs, as long as nothing else is found."""
    told = free.filter(pl.col("person").is_not_null(), pl.col("person") != pl.col("account"))
    rest = told.join(found, on="account", how="anti").join(apart(said), on=PAIR, how="anti")
    last = rest.sort("changed").unique("account", keep="last", maintain_order=True)
    return linked(last, "linked", "its source says so; HR does not know this person", why=pl.lit("stated"))

"""Linked or doubtful: what is enough to call an account somebody's, and what must wait for a person."""

from __future__ import annotations

import polars as pl

from connectors.identity.candidates import LEVELS
from connectors.identity.records import FOR_EVER, PAIR

NAMES = 3  # an address under which more names than these write is a mailbox of several
MOSTLY, HARDLY = 0.8, 0.2
NOUNS = {"stated": "source", "email": "address", "login": "login", "name": "name"}
FINDING = [*PAIR, "why", "evidence", "state"]


def judged(pairs: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """Links [account, person, why, evidence, state]: `linked` where one person is left and nothing speaks against it.

    `pairs` are candidates, `accounts` the accounts they are of.
    """
    rows = chosen(ranked(pairs)).join(traits(accounts), on="account", how="left")
    rows = with_namesakes(rows, accounts).with_columns(doubt=doubt())
    state = pl.when(pl.col("doubt").is_null()).then(pl.lit("linked")).otherwise(pl.lit("doubtful"))
    return rows.with_columns(state=state, evidence=pl.coalesce("doubt", evidence())).select(FINDING)


def ranked(pairs: pl.DataFrame) -> pl.DataFrame:
    """Pairs with `why`, their most trusted sign; `against`: a less trusted sign that points to somebody else only."""
    why = pl.coalesce(pl.when(level).then(pl.lit(level)) for level in LEVELS)
    others = [
        pl.when(pl.col(sign).any().over("account") & ~pl.col(sign)).then(pl.lit(NOUNS[sign]))
        for sign in ("login", "name")
    ]
    rows = pairs.with_columns(why=why, against=pl.coalesce(others), refused=pl.col("apart").any().over("account"))
    return rows.with_columns(level=pl.col("why").replace_strict(LEVELS, range(len(LEVELS)), return_dtype=pl.Int8))


def chosen(pairs: pl.DataFrame) -> pl.DataFrame:
    """The candidates at the most trusted sign; of several the one whom other signs, else the time, tell apart.

    `several` is how many are left; namesakes are never told apart by time alone.
    """
    left = pairs.filter(~pl.col("apart"))
    top = left.filter(pl.col("level") == pl.col("level").min().over("account"))
    there, away = pl.col("within") >= MOSTLY, pl.col("within") <= HARDLY
    steps = (  # one after the other: a window inside a window is worked out group by group
        {
            "agree": pl.sum_horizontal(pl.col("email", "login", "name").cast(pl.Int8)),
            "there": there,
            "told": there | away,
        },
        {"most": pl.col("agree") == pl.col("agree").max().over("account")},
        {
            "by_signs": pl.col("most") & (pl.col("most").sum().over("account") == 1),
            "by_time": pl.col("there").sum().over("account") == 1,
            "told": pl.col("told").fill_null(value=False).all().over("account"),
        },
        {"by_time": pl.all_horizontal("there", "by_time", "told") & (pl.col("why") != "name")},
        {
            "pick": pl.when(pl.col("by_signs").any().over("account"))
            .then("by_signs")
            .otherwise("by_time")
            .fill_null(value=False)
        },
    )
    for step in steps:
        top = top.with_columns(**step)
    kept = top.filter(pl.col("pick") | ~pl.col("pick").any().over("account"))
    return kept.with_columns(several=pl.len().over("account"))


def traits(accounts: pl.DataFrame) -> pl.DataFrame:
    """What is known of each account whoever it belongs to: a mailbox of several, or still in use."""
    address = pl.coalesce("email", "account")
    crowded = pl.col("name").n_unique().over(address) > NAMES
    rows = accounts.with_columns(group=(pl.col("kind") == "group").fill_null(value=False) | crowded)
    return rows.group_by("account").agg(pl.col("group").any(), pl.col("active").max())


def with_namesakes(rows: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """`namesakes`: how many accounts of the same source are known by this name only; `sibling`: one is by more."""
    places = accounts.select("account", "source", "name").drop_nulls().unique()
    here = places.join(rows.select(*PAIR, "why", "several"), on="account")
    only = pl.col("why") == "name"
    seen = here.with_columns(
        namesakes=only.sum().over("source", "name"),
        sibling=(~only & (pl.col("several") == 1)).any().over("source", "name", "person"),
    )
    found = seen.group_by(PAIR).agg(pl.col("namesakes").max(), pl.col("sibling").any())
    return rows.join(found, on=PAIR, how="left").with_columns(pl.col("sibling").fill_null(value=False))


def doubt() -> pl.Expr:
    """Why a link must wait for a person, in words; null where nothing speaks against it."""
    why, noun = pl.col("why"), pl.col("why").replace(NOUNS)
    traced, named = why.is_in(["email", "login"]), why == "name"
    none, still = pl.col("within").is_null(), pl.col("active") & (pl.col("until") == FOR_EVER)
    doubts = [
        (pl.col("several") > 1, pl.format("{} people have this {}", "several", noun)),
        (pl.col("refused"), pl.lit("a person said that it is somebody else's")),
        (pl.col("group") & (why != "stated"), pl.lit("several people use this mailbox")),
        (traced & pl.col("against").is_not_null(), pl.format("its {} is another person's", "against")),
        (pl.col("after"), pl.lit("most of its activity came after the person had left")),
        (named & (pl.col("namesakes") > 1) & ~pl.col("sibling"), pl.format("{} accounts have this name", "namesakes")),
        (named & none & ~still.fill_null(value=False), pl.lit("only the name speaks for it")),
        (named & (pl.col("within") < MOSTLY), pl.lit("active at times when the person was not there")),
    ]
    return pl.coalesce(pl.when(case.fill_null(value=False)).then(words) for case, words in doubts)


def evidence() -> pl.Expr:
    """What speaks for a link, in words."""
    also = [
        pl.when(pl.col(sign) & (pl.col("why") != sign)).then(pl.lit(f"same {NOUNS[sign]}"))
        for sign in ("email", "login", "name")
    ]
    sibling = pl.when(pl.col("sibling") & (pl.col("why") == "name")).then(pl.lit("an account of theirs bears the name"))
    while_there = pl.when(pl.col("within") >= MOSTLY).then(pl.format("active in {} months, while there", "months"))
    used = pl.when((pl.col("why") == "name") & pl.col("within").is_null()).then(
        pl.lit("in use while the person is there")
    )
    return pl.concat_str(*also, sibling, while_there, used, separator="; ", ignore_nulls=True)

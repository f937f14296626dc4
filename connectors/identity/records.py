"""The people of HR as they can be recognised: their addresses, logins and names, and when they were there.

HR may hold one person more than once, under a second role or in a second system; those records are put together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

SIGNS = ("email", "login", "name")
TRACES = ("email", "login")
FOR_EVER = date(9999, 12, 31)
BEGINNING = date(1, 1, 1)
FIRST_DAYS = timedelta(days=7)  # what HR shows from its own first days on may have begun long before
PAIR = ["account", "person"]
BOTH_WAYS = (("person", "person_b"), ("person_b", "person"))
USUAL = 0.8


@dataclass(frozen=True)
class Records:
    """`signs`: person, sign, token; `spans`: person, since, until; `same`: account (a record), person, why.

    `all`: every record of HR, whoever stands for it; `began`: the first day of which HR knows.
    """

    signs: pl.DataFrame
    spans: pl.DataFrame
    same: pl.DataFrame
    all: pl.DataFrame
    began: date

    @classmethod
    def of(cls, accounts: pl.DataFrame, people: pl.DataFrame, apart: pl.DataFrame) -> Records:
        """`apart`: pairs [account, person] of which a person said that they are not the same."""
        spans, signs = employed(people), told(accounts, people)
        same = one_person(signs, spans, apart)
        joint = standing(spans, same).group_by("person").agg(pl.col("since").min(), pl.col("until").max())
        began = people["valid_from"].min()
        first = began if isinstance(began, date) else BEGINNING
        return cls(standing(signs, same).unique(), joint.sort("person"), same, spans.select("person"), first)

    def standing(self, rows: pl.DataFrame) -> pl.DataFrame:
        return standing(rows, self.same)


def employed(people: pl.DataFrame) -> pl.DataFrame:
    """When each record was there, both days included, and its source; since for ever where HR did not see it begin."""
    end = pl.min_horizontal("valid_to", "left") - pl.duration(days=1)
    rows = people.with_columns(until=end.fill_null(FOR_EVER), since=pl.min_horizontal("valid_from", "joined"))
    spans = rows.group_by("person").agg(pl.col("since").min(), pl.col("until").max(), pl.col("source").first())
    always = pl.col("since") <= pl.col("since").min().over("source") + FIRST_DAYS
    return spans.with_columns(since=pl.when(always).then(pl.lit(BEGINNING)).otherwise("since"))


def told(accounts: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """What HR's own accounts say of each record; and its `id`, which may be an address."""
    persons = people["person"].unique()
    rows = accounts.with_columns(person=pl.coalesce("person", "account")).filter(
        pl.col("source").is_in(people["source"].unique().implode()), pl.col("person").is_in(persons.implode())
    )
    long = [rows.select("person", sign=pl.lit(sign), token=sign) for sign in SIGNS]
    ids = pl.DataFrame({"person": persons}).with_columns(sign=pl.lit("id"), token="person")
    return pl.concat([*long, ids]).drop_nulls("token").unique()


def one_person(signs: pl.DataFrame, spans: pl.DataFrame, apart: pl.DataFrame) -> pl.DataFrame:
    """Records that are one person: `account` (the record), `person` (the record that stands for all), `why`.

    They share a name and an address or a login; or, in two systems at one time, an address. Or one has the other's
    name and neither an address nor a login of its own: a second role (see `second_roles`).
    """
    ranks = ranked(signs, spans)
    pairs = pl.concat([shared(signs, ranks), second_roles(signs, ranks)])
    known = pl.concat([apart, apart.select(account="person", person="account")])
    pairs = pairs.join(known, on=PAIR, how="anti")
    found = lowest(ranks, pairs).join(ranks.select("rank", first="person"), left_on="label", right_on="rank")
    merged = found.filter(pl.col("person") != pl.col("first")).select(account="person", person="first")
    why = pairs.group_by("account").agg(pl.col("sign").sort().first())
    return merged.join(why, on="account", how="left").rename({"sign": "why"}).sort("account")


def ranked(signs: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Records in the order in which they may stand for a person: first those with an address or a login, `traced`."""
    traced = signs.filter(pl.col("sign").is_in(TRACES)).select("person", traced=pl.lit(value=True)).unique()
    rows = spans.join(traced, on="person", how="left").with_columns(pl.col("traced").fill_null(value=False))
    order = rows.sort(["traced", "until", "since", "person"], descending=[True, True, False, False])
    return order.with_row_index("rank").with_columns(pl.col("rank").cast(pl.Int64))


def shared(signs: pl.DataFrame, ranks: pl.DataFrame) -> pl.DataFrame:
    """Pairs of records that are one person, both ways round: `account, person, sign`."""
    about = signs.join(ranks, on="person")
    pairs = about.join(about, on=["sign", "token"], suffix="_b").filter(pl.col("person") != pl.col("person_b"))
    both = ["person", "person_b"]
    names = pairs.filter(pl.col("sign") == "name").select(both).unique()
    sure = pairs.filter(pl.col("sign").is_in(TRACES)).unique([*both, "sign"])
    overlap = (pl.col("since") <= pl.col("until_b")) & (pl.col("since_b") <= pl.col("until"))
    elsewhere = sure.filter(pl.col("sign") == "email", pl.col("source") != pl.col("source_b"), overlap)
    found = pl.concat([sure.join(names, on=both, how="semi"), elsewhere]).unique([*both, "sign"])
    return found.select(account="person", person="person_b", sign="sign")


def second_roles(signs: pl.DataFrame, ranks: pl.DataFrame) -> pl.DataFrame:
    """Records without address and login, beside the only one of their name that has some, while that one is there.

    Only where HR gives nearly everybody an address or a login: elsewhere a namesake may just have no desk.
    """
    names = signs.filter(sign="name").select("person", "token")
    rows = ranks.with_columns(usual=pl.col("traced").mean().over("source") >= USUAL).join(names, on="person")
    bare, full = rows.filter(~pl.col("traced"), "usual"), rows.filter("traced")
    pairs = bare.join(full, on=["source", "token"], suffix="_b")
    within = (pl.col("since") >= pl.col("since_b")) & (pl.col("since") <= pl.col("until_b"))
    only = pl.col("person_b").n_unique().over("person") == 1
    found = pairs.filter(within, only).unique(["person", "person_b"])
    return pl.concat([found.select(account=a, person=b, sign=pl.lit("name")) for a, b in BOTH_WAYS])


def lowest(ranks: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """Each person with the lowest rank it hangs together with, as `label`."""
    labels = ranks.select("person", label="rank")
    while True:
        near = pairs.join(labels, on="person").group_by("account").agg(pl.col("label").min().alias("near"))
        after = labels.join(near, left_on="person", right_on="account", how="left", maintain_order="left")
        after = after.select("person", label=pl.min_horizontal("label", "near"))
        if after.equals(labels):
            return after
        labels = after


def standing(rows: pl.DataFrame, same: pl.DataFrame) -> pl.DataFrame:
    """The same rows under the record that stands for the person."""
    both = rows.join(same.select(person="account", first="person"), on="person", how="left")
    return both.with_columns(person=pl.coalesce("first", "person")).select(rows.columns)

"""Whose an account may be: every person with whom it shares an address, a login or a name, and what speaks for it."""

from __future__ import annotations

from datetime import date

import polars as pl

from connectors.identity.records import BEGINNING, PAIR, Records

LEVELS = ["stated", "email", "login", "name"]
MONTH = "1mo"


def candidates(
    free: pl.DataFrame, records: Records, apart: pl.DataFrame, activity: pl.DataFrame | None
) -> pl.DataFrame:
    """One row per account and person: `account, person`, whether it is `stated`, by `email`, `login`, `name`.

    `within`: the share of the account's activity in months in which the person was there, null where none is known;
    `months`: in how many it was active; `after`: whether most of it came after the person had left; `apart`: whether a
    person said that it is another's.
    """
    met = pl.concat([stated(free, records), *(shared(free, records, sign) for sign in LEVELS[1:])]).unique()
    flags = [(pl.col("sign") == level).any().alias(level) for level in LEVELS]
    pairs = met.group_by(PAIR).agg(flags).join(records.spans, on="person", how="left")
    refused = apart.with_columns(apart=pl.lit(value=True)).unique()
    pairs = pairs.join(refused, on=PAIR, how="left").with_columns(pl.col("apart").fill_null(value=False))
    return with_activity(pairs, activity, records.began).sort(PAIR)


def stated(free: pl.DataFrame, records: Records) -> pl.DataFrame:
    """The person whom the account's own source names, where HR knows them."""
    told = free.select("account", person="person").drop_nulls().join(records.all, on="person", how="semi")
    return records.standing(told).with_columns(sign=pl.lit("stated"))


def shared(free: pl.DataFrame, records: Records, sign: str) -> pl.DataFrame:
    """By one sign; an account that is itself an address, or whose source names one, has these addresses too."""
    columns = ["email", "account", "person"] if sign == "email" else [sign]
    tokens = pl.concat([free.select("account", token=column) for column in columns]).drop_nulls().unique()
    known = records.signs.filter(pl.col("sign").is_in(["email", "id"] if sign == "email" else [sign]))
    return tokens.join(known, on="token").select(*PAIR, sign=pl.lit(sign)).unique()


def with_activity(pairs: pl.DataFrame, activity: pl.DataFrame | None, began: date) -> pl.DataFrame:
    """A month counts as within if the person was there in it or in one beside it; HR must have begun by then."""
    if activity is None:
        nothing = {"within": pl.lit(None, pl.Float64), "months": pl.lit(0, pl.UInt32), "after": pl.lit(value=False)}
        return pairs.with_columns(**nothing)
    seen = activity.filter(pl.col("month") >= began).join(pairs, on="account")
    month = pl.col("month")
    near = (month >= start("since").dt.offset_by("-1mo")) & (month <= start("until").dt.offset_by(MONTH))
    rows, late = pl.col("rows").sum(), pl.col("rows").filter(month > start("until")).sum()
    found = seen.group_by(PAIR).agg(
        within=pl.col("rows").filter(near).sum() / rows, months=month.n_unique(), after=late > rows / 2
    )
    both = pairs.join(found, on=PAIR, how="left")
    return both.with_columns(pl.col("months").fill_null(0), pl.col("after").fill_null(value=False))


def start(column: str) -> pl.Expr:
    """The month of a day; the first and the last day of all time stay in their places."""
    return pl.col(column).clip(BEGINNING.replace(year=1900), date(2900, 1, 1)).dt.truncate(MONTH)

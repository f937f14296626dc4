"""History from a source that tells only of today: each read is compared with what is held, and what ended is dated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl

from connectors.rules import GONE, REFUSED
from connectors.tables import MOMENT, Table

GRACE = timedelta(days=14)
MANY = 20
DAY = pl.duration(days=1)
ENDS = ("joined", "left")
TRAITS = {"people": ("unit", "manager", "role", "leader", "site"), "units": ("parent", "name", "kind")}
NEEDED = {"people": "unit", "units": "name"}


@dataclass(frozen=True)
class Kept:
    """The rows that change history, why some were left as they are, and what was taken for granted."""

    rows: pl.DataFrame
    doubt: str = ""
    note: str = ""


def kept(table: Table, present: pl.DataFrame, held: pl.DataFrame, now: datetime, first: date | None = None) -> Kept:
    """What must be landed so that `held` (all rows of one source) also says what a whole read found `present`.

    Whoever is in another unit, under another manager, in another role or place has moved: the membership held ends and
    a new one begins, on the day the source gives as `valid_from`, else on the day of the read. Whoever is seen for the
    first time is there since the day the source gives, else since they `joined`, else since `first`, else since the
    day of the read. Whoever is no longer listed has left, on the day that is noticed, and keeps what they were before.
    Whoever comes back within 14 days was never away, unless hired anew; later a new membership begins. When most of
    those held are missing at once, or nothing came, nobody is said to have left.
    """
    key = next(name for name in table.key if name != "valid_from")
    readable, others = told_apart(table, key, present)
    last = wide(held).sort("valid_from").unique(key, keep="last")
    beside = judged(table, readable, last, key, now.date(), first)
    left, doubt = vanished(table, last, present.select(key), key, now.date())
    rows = pl.concat([written(table, beside), ended(table, beside), left])
    stamped = rows.with_columns(changed=pl.lit(now, MOMENT), refused=pl.lit(None, pl.String))
    new = pl.col("was_valid_from").is_null() & (pl.col("since") == now.date())
    guessed = beside.filter(new, pl.col("valid_from").is_null(), pl.col("joined").is_null()).height
    note = f"since when is not known of {guessed:,} {table.name}; they are counted from today on" if guessed else ""
    every = [stamped.select(present.columns), undated(beside).select(present.columns), others]
    return Kept(pl.concat(every), doubt, note)


def told_apart(table: Table, key: str, present: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One row for each that can be read, whatever the order of pages; and the others with what they lack."""
    needed = NEEDED[table.name]
    lacking = [pl.when(pl.col(name).is_null()).then(pl.lit(f"{name}|nullability")) for name in (key, needed)]
    marked = present.with_columns(pl.coalesce(REFUSED, *lacking).alias(REFUSED))
    fine = wide(marked.filter(pl.col(REFUSED).is_null()))
    return fine.sort("changed", *(name for name in table.dtypes if name != "changed")).unique(
        key, keep="last"
    ), marked.filter(pl.col(REFUSED).is_not_null())


def wide(rows: pl.DataFrame) -> pl.DataFrame:
    """With the days of joining and leaving also where a table has none."""
    return rows.with_columns(pl.lit(None, pl.Date).alias(name) for name in ENDS if name not in rows.columns)


def judged(
    table: Table, present: pl.DataFrame, last: pl.DataFrame, key: str, day: date, first: date | None
) -> pl.DataFrame:
    """Each row beside the last that is held of the same key: whether it has moved or ended, and since when it holds."""
    today, was_from, was_to = pl.lit(day), pl.col("was_valid_from"), pl.col("was_valid_to")
    beside = present.join(last.select(key, pl.exclude(key).name.prefix("was_")), on=key, how="left")
    end = pl.coalesce("valid_to", "left")
    over = (end <= today).fill_null(value=False)
    hired_anew = (pl.col("joined") >= was_to).fill_null(value=False)
    lately = was_to.is_null() | (was_to > today - GRACE)
    beside = beside.with_columns(end=end, over=over, stays=was_from.is_not_null() & ~hired_anew & (lately | over))
    other = pl.any_horizontal(pl.col(trait).ne_missing(pl.col(f"was_{trait}")) for trait in TRAITS[table.name])
    beside = beside.with_columns(moved=pl.col("stays") & ~pl.col("over") & other)
    after = [pl.when(pl.col(name) >= was_to).then(pl.col(name)) for name in ("valid_from", "joined")]
    since = (
        pl.when(was_from.is_null())
        .then(pl.coalesce("valid_from", "joined", pl.when(~pl.col("over")).then(pl.lit(first or day))))
        .when("moved")
        .then(
            pl.when(pl.col("valid_from") >= was_from).then("valid_from").otherwise(pl.max_horizontal(today, was_from))
        )
        .when("stays")
        .then(was_from)
        .otherwise(pl.coalesce(*after, today))
    )
    return beside.with_columns(since=since)


def undated(beside: pl.DataFrame) -> pl.DataFrame:
    """Those who left before they were first seen, nobody knows since when they had been there."""
    return beside.filter(pl.col("since").is_null()).with_columns(pl.lit("valid_from|nullability").alias(REFUSED))


def written(table: Table, beside: pl.DataFrame) -> pl.DataFrame:
    """What is new, has moved, or has another end than is held; who has left keeps what they were."""
    kept_traits = pl.col("stays") & pl.col("over")
    end = pl.when("stays").then(pl.max_horizontal("end", pl.col("since") + DAY)).otherwise("end")
    rows = beside.with_columns(
        *(pl.when(kept_traits).then(f"was_{name}").otherwise(name).alias(name) for name in TRAITS[table.name]),
        joined=pl.coalesce("joined", pl.when("stays").then("was_joined")),
        valid_from="since",
        valid_to=pl.when(pl.col("end").is_not_null()).then(end),
    )
    said = (*TRAITS[table.name], "joined", "left", "valid_from", "valid_to")
    news = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"was_{name}")) for name in said)
    return as_page(table, rows.filter(pl.col("since").is_not_null() & (~pl.col("stays") | news)))


def ended(table: Table, beside: pl.DataFrame) -> pl.DataFrame:
    """What was held of those who have moved, until then."""
    rows = beside.filter(pl.col("moved") & (pl.col("since") > pl.col("was_valid_from")))
    was = [pl.col(f"was_{name}").alias(name) for name in (*TRAITS[table.name], "joined", "valid_from", "source")]
    return as_page(table, rows.with_columns(*was, valid_to="since", left=pl.lit(None, pl.Date)))


def vanished(table: Table, last: pl.DataFrame, present: pl.DataFrame, key: str, day: date) -> tuple[pl.DataFrame, str]:
    """Those who are no longer listed, with their end; who was to begin only today or later never did."""
    here = last.filter(pl.col("valid_to").is_null() | (pl.col("valid_to") > day))
    missing = here.join(present, on=key, how="anti")
    doubtful = missing.height > MANY and missing.height * 2 > here.height
    if missing.height and (doubtful or present.is_empty()):
        words = f"{missing.height:,} of {here.height:,} {table.name} are no longer listed; none was ended"
        return as_page(table, missing.clear()), words
    never = pl.col("valid_from") >= day
    until = pl.when(never).then("valid_to").otherwise(pl.lit(day))
    rows = missing.with_columns(valid_to=until, left=until, **{GONE: never})
    return as_page(table, rows), ""


def as_page(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    gone = pl.col(GONE) if GONE in rows.columns else pl.lit(value=False)
    return rows.select(
        *(pl.col(name).cast(kind) for name, kind in table.dtypes.items()), gone.fill_null(value=False).alias(GONE)
    )

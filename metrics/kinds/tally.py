"""Tallies: how many holders (people, articles) have each count; read for how even it is and on how few it rests.

A histogram adds up over units, since each holder stands in one, and everything read from it here is exact. Rows are
holders with what each held in the weeks the indicator looks back over; the silent count as nought.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from metrics.kinds.kind import KEYS, PLACE, Z95, Kind, whole, wilson

TOP = 0.05
HALF = 0.5
COUNT, HOLDERS = pl.col("bucket").cast(pl.Float64), pl.col("holders").cast(pl.Float64)


def gather(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.group_by(*PLACE, pl.col("bucket").cast(pl.Int64)).agg(whole("holders"))


def _summed(evidence: pl.LazyFrame) -> pl.LazyFrame:
    """Each bucket with what lies under it, in all, and on top: sorted by count within each unit and week."""
    kept = evidence.filter(pl.col("holders") > 0).sort(*KEYS, "bucket")
    held = COUNT * HOLDERS
    return kept.with_columns(
        many=HOLDERS.sum().over(KEYS), all=held.sum().over(KEYS),
        upto=HOLDERS.cum_sum().over(KEYS), held=held.cum_sum().over(KEYS),
    )  # fmt: skip


def _jackknifed(found: pl.LazyFrame, value: pl.Expr, without: pl.Expr) -> pl.LazyFrame:
    """`value` with the 95 % interval of the jackknife; `without` is the value with one holder of a bucket gone."""
    named = found.with_columns(value=value, without=without)
    left = pl.col("without")
    mean = (left * HOLDERS).sum() / HOLDERS.sum()
    spread = (HOLDERS * (left - mean) ** 2).sum() * (HOLDERS.sum() - 1) / HOLDERS.sum()
    half = Z95 * spread.sqrt()
    at = pl.col("value").first()
    read = named.group_by(KEYS).agg(value=at, low=(at - half).clip(0, 1), high=(at + half).clip(0, 1), n=_many())
    return _known(read)


def _many() -> pl.Expr:
    return pl.col("many").first().cast(pl.Int64)


def _known(read: pl.LazyFrame) -> pl.LazyFrame:
    there = pl.col("value").is_finite()
    shown = (pl.when(there & pl.col(name).is_finite()).then(name).alias(name) for name in ("value", "low", "high"))
    return read.select(*KEYS, *shown, "n", sd=pl.lit(None, pl.Float64))


def _apart() -> pl.Expr:
    """How far one holder's count lies from all others, added up."""
    below = COUNT * pl.col("upto") - pl.col("held")
    above = (pl.col("all") - pl.col("held")) - COUNT * (pl.col("many") - pl.col("upto"))
    return below + above


def read_gini(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """Gini's coefficient (Gini 1912), the silent included: 0 if all hold the same, near 1 if one holds all."""
    found = _summed(evidence).with_columns(apart=_apart())
    pairs = (HOLDERS * pl.col("apart")).sum().over(KEYS) / 2
    value = pairs / (pl.col("many") * pl.col("all"))
    without = (pairs - pl.col("apart")) / ((pl.col("many") - 1) * (pl.col("all") - COUNT))
    return _jackknifed(found, value, without)


def read_evenness(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """1 - G n / (n - 1): 1 if all say the same, 0 if one says all."""
    found = _summed(evidence).with_columns(apart=_apart())
    pairs = (HOLDERS * pl.col("apart")).sum().over(KEYS) / 2
    value = 1 - pairs / ((pl.col("many") - 1) * pl.col("all"))
    without = 1 - (pairs - pl.col("apart")) / ((pl.col("many") - 2) * (pl.col("all") - COUNT))
    return _jackknifed(found, value, without)


def read_top(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """Share of it all that the 5 % who hold most have; of fewer than 20 holders, what the one with most has."""
    first = (pl.col("many") * TOP).ceil()
    ranked = pl.col("many") - pl.col("upto")  # how many hold more
    found = _summed(evidence).with_columns(
        taken=(first - ranked).clip(0, HOLDERS), next=(first + 1 - ranked).clip(0, HOLDERS)
    )
    top = (pl.col("taken") * COUNT).sum().over(KEYS)
    after = (pl.col("next") * COUNT).sum().over(KEYS) - top  # what the next one below the top holds
    least = COUNT.filter(pl.col("taken") > 0).min().over(KEYS)
    gone = pl.when(least <= COUNT).then(top - COUNT + after).otherwise(top)
    return _jackknifed(found, top / pl.col("all"), gone / (pl.col("all") - COUNT))


def read_breadth(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """Share of holders with at least one, with Wilson's interval."""
    some = HOLDERS.filter(pl.col("bucket") > 0).sum()
    read = evidence.group_by(KEYS).agg(some=some, n=HOLDERS.sum().cast(pl.Int64))
    low, high = wilson(pl.col("some"), pl.col("n"))
    return _known(read.with_columns(value=pl.col("some") / pl.col("n"), low=low, high=high))


def read_absence(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """The fewest holders who together hold half of it all (CHAOSS contributor absence factor); a count, no interval."""
    found = _summed(evidence).with_columns(above=pl.col("all") - pl.col("held"))
    needed = HALF * pl.col("all") - pl.col("above")
    holders = (pl.col("many") - pl.col("upto")) + (needed / COUNT).ceil()
    enough = (needed > 0) & (needed <= COUNT * HOLDERS)
    one = pl.when(enough).then(holders)
    read = found.group_by(KEYS).agg(value=one.max(), n=_many()).with_columns(low=pl.lit(None), high=pl.lit(None))
    return _known(read.with_columns(pl.col("low", "high").cast(pl.Float64)))


WAYS = 4


def read_mix(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """Shannon's entropy of what the holders are spread over, of four ways, as a share of the most there could be.

    1 if all four alike, 0 if all in one; the interval is that of the delta method for a multinomial.
    """
    share = pl.col("holders").cast(pl.Float64) / pl.col("holders").sum().over(KEYS)
    logs = evidence.filter(pl.col("holders") > 0).with_columns(share=share, log=share.log())
    entropy = (pl.col("share") * pl.col("log")).sum().abs()
    second = (pl.col("share") * pl.col("log") ** 2).sum()
    read = logs.group_by(KEYS).agg(entropy=entropy, spread=second - entropy**2, n=pl.col("holders").sum())
    most = pl.lit(float(WAYS)).log()
    half = Z95 * (pl.col("spread").clip(0) / pl.col("n")).sqrt() / most
    value = pl.col("entropy") / most
    return _known(read.select(*KEYS, "n", value=value, low=(value - half).clip(0, 1), high=(value + half).clip(0, 1)))


MIX = Kind("mix", {"bucket": pl.Int64(), "holders": pl.Int64()}, ("holders",), gather, read_mix, apart=("bucket",))


def _kind(name: str, read: Callable[[pl.LazyFrame, float], pl.LazyFrame], factor: float = 1.0) -> Kind:
    takes = {"bucket": pl.Int64(), "holders": pl.Int64()}
    return Kind(name, takes, ("holders",), gather, read, apart=("bucket",), factor=factor, spans=True)


TALLIES = (
    MIX,
    _kind("gini", read_gini),
    _kind("evenness", read_evenness),
    _kind("top", read_top, 100.0),
    _kind("breadth", read_breadth, 100.0),
    _kind("absence", read_absence),
)

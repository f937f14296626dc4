"""Survey scales: scores of 0 to 100 whose sums give mean, interval, reliability and the difference between groups."""

from __future__ import annotations

from itertools import combinations_with_replacement

import polars as pl

from metrics.kinds.kind import KEYS, PLACE, Kind
from metrics.kinds.mean import spread, student


def gather(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows are respondents: `score` (0 to 100), `before` (theirs in the wave before), `items` (recoded, in order).

    `survey` and `series` (see `metrics.respondents`) tell the evidence which waves may stand beside one another.

    A unit is one group: `groups`, `between` (total squared over count) and `size_squares` add up to the analysis of
    variance behind ICC(1). Sums and products of items are over respondents who answered them all (`complete`).
    """
    longest = rows.select(pl.col("items").list.len().max()).collect().item() or 0
    score, change = pl.col("score"), pl.col("score") - pl.col("before")
    answered = pl.col("items").list.drop_nulls().list.len()
    full = (answered == pl.col("items").list.len()) & (answered > 0)
    sums = rows.with_columns(_items(full, longest)).group_by(PLACE).agg(
        count=score.count().cast(pl.Int64),
        total=score.sum(),
        squares=(score**2).sum(),
        complete=full.cast(pl.Int64).sum(),
        matched=change.count().cast(pl.Int64),
        moved=change.sum(),
        moved_squares=(change**2).sum(),
        **_products(longest),
    )  # fmt: skip
    group = pl.when(pl.col("count") > 0)
    return sums.with_columns(
        groups=group.then(1).otherwise(0).cast(pl.Int64),
        between=group.then(pl.col("total") ** 2 / pl.col("count")).otherwise(0.0),
        size_squares=pl.col("count") ** 2,
    )


def _items(full: pl.Expr, longest: int) -> list[pl.Expr]:
    item = pl.col("items").list
    return [pl.when(full).then(item.get(at, null_on_oob=True)).alias(f"item_{at + 1}") for at in range(longest)]


def _products(longest: int) -> dict[str, pl.Expr]:
    items = {at: pl.col(f"item_{at}") for at in range(1, longest + 1)}
    sums = {f"sum_{at}": item.sum() for at, item in items.items()}
    pairs = combinations_with_replacement(items, 2)
    return sums | {f"product_{one}_{two}": (items[one] * items[two]).sum() for one, two in pairs}


def read(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """The mean score of a wave's respondents with Student's interval."""
    total, count = pl.col("total"), pl.col("count")
    value = pl.when(count > 0).then(total / count)
    sd = spread(total, pl.col("squares"), count)
    half = student(count) * sd / count.sqrt()
    low, high = (value - half).clip(0, 100), (value + half).clip(0, 100)
    return evidence.select(*KEYS, value=value, low=low, high=high, n=count, sd=sd)


TAKES = {"score": pl.Float64(), "before": pl.Float64(), "items": pl.List(pl.Float64), "survey": pl.String(),
         "series": pl.String()}  # fmt: skip
SUMS = ("count", "total", "squares", "groups", "between", "size_squares", "complete",
        "sum_", "product_", "matched", "moved", "moved_squares")  # fmt: skip
KIND = Kind("scale", TAKES, SUMS, gather, read)

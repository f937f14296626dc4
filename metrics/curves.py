"""Curves of waits as they may be seen: how many still wait at a few fixed ages, in the newest week a unit is shown.

A curve tells more of a group than one share does, so it is published at few ages and in whole percent; each age is a
table of its own to the crowd rule; and between two ages that are published nobody's wait ended, or at least five did.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import polars as pl

from metrics import crowd
from metrics.kinds import competing, waiting
from metrics.kinds.kind import KEYS

if TYPE_CHECKING:
    from metrics.indicator import Indicator

Z90 = 1.6448536269514722
FEW = 5  # waits that must have ended between two ages that are both published, if any did
AGES = {
    "days": (1, 2, 4, 7, 14, 28, 42, 56, 91, 182),
    "hours": (4, 8, 24, 48, 96, 168, 336, 672),
    "working hours": (1, 2, 4, 8, 16, 24, 40, 80),
}
SHAPE = {
    "indicator": pl.String, "unit": pl.String, "week": pl.Date, "age": pl.Int64, "waiting": pl.Int64, "low": pl.Int64,
    "high": pl.Int64, "at_risk": pl.Int64, "median": pl.Int64,
}  # fmt: skip


def curves(
    one: Indicator, wide: pl.DataFrame, cells: pl.DataFrame, parents: pl.DataFrame, k: int, own: pl.DataFrame
) -> pl.DataFrame:
    """One row per unit and published age (`SHAPE`): per cent still waiting with its 90 % interval, and how many.

    `wide`: windows of evidence, added up the tree; `cells`: the decided ones, `own`: direct members (see
    `crowd.decide`). Only the newest week with anything shown, and of it only units whose own cell is shown. At age 0
    all wait; `median` is the age by which half were done, null where fewer than half ever were.
    """
    newest = cells.filter(pl.col("state") == "shown")["week"].max()
    if not one.awaits or newest is None:
        return pl.DataFrame(schema=SHAPE)
    week = pl.col("week") == newest
    here, evidence = cells.filter(week), wide.filter(week)
    read = pl.concat([at(evidence, one, age) for age in ages(one)])
    asked = read.join(here.select(*KEYS, "people", "state", "mark"), on=KEYS)
    seen = asked.filter(allowed(asked, parents, k, own.filter(week)), pl.col("mark") != "too few")
    seen = seen.filter(pl.col("state") == "shown", pl.col("waiting").is_not_null()).sort("unit", "age")
    kept = [far_apart(rows) for _, rows in seen.group_by("unit", maintain_order=True)]
    found = pl.concat([seen.clear(), *kept])
    median = competing.median if one.kind == "competing" else waiting.median
    half = median(evidence.lazy()).collect()
    drawn = pl.concat([beginning(found), found.select(*KEYS, "age", "waiting", "low", "high", "at_risk")])
    joined = drawn.join(half, on=KEYS, how="left").sort("unit", "age")
    return joined.select(pl.col(name).cast(kind) for name, kind in SHAPE.items())


def ages(one: Indicator) -> list[int]:
    """The ages at which a curve may be published: the fixed ones under the target, and the target."""
    return [*(age for age in AGES[one.awaits] if age < one.target), int(one.target)]


def at(evidence: pl.DataFrame, one: Indicator, age: int) -> pl.DataFrame:
    """By unit, the per cent still waiting after an age, and what was `done` until then; `gone`: done, left, or too
    young to have waited so long."""
    read = competing.read if one.kind == "competing" else waiting.read
    early = pl.col("bucket") <= age
    left = pl.sum_horizontal(name for name in ("done", "left") if name in evidence.columns)
    open_ = pl.col("waiting").filter(pl.col("bucket") < age).sum()
    counts = evidence.group_by(KEYS).agg(
        done=pl.col("done").filter(early).sum(), gone=left.filter(early).sum() + open_,
        n=(left + pl.col("waiting")).sum(),
    )  # fmt: skip
    seen = read(evidence.lazy(), age, Z90).collect().select(*KEYS, "value", "low", "high")
    percent = {"waiting": 1 - pl.col("value"), "low": 1 - pl.col("high"), "high": 1 - pl.col("low")}
    rounded = [(100 * share).round().cast(pl.Int64).alias(name) for name, share in percent.items()]
    still = pl.col("n") - pl.col("gone")
    return seen.join(counts, on=KEYS).select(*KEYS, *rounded, "done", "gone", "n", at_risk=still, age=pl.lit(age))


def allowed(asked: pl.DataFrame, parents: pl.DataFrame, k: int, own: pl.DataFrame) -> pl.Series:
    """Which rows may be seen, each age decided by itself; what the indicator hides stays hidden at every age."""
    named = pl.format("{} at {}", "indicator", "age")
    share = 100 * pl.col("done") / pl.col("n")
    tables = asked.select(
        "unit", "week", "people", "state", "n", indicator=named, value=share, part="done", whole="n"
    )  # fmt: skip
    each = asked.select("indicator", "age").unique()
    members = own.select(*KEYS, "people").join(each, on="indicator").with_columns(indicator=named)
    decided = crowd.decide(tables, parents, k, own=members.drop("age"))
    state = tables.join(decided.select(*KEYS, to="state"), on=KEYS, how="left", maintain_order="left")["to"]
    return (state != "hidden").fill_null(value=False)


def far_apart(rows: pl.DataFrame) -> pl.DataFrame:
    """Of one unit's ages, oldest first, those between which no wait ended or five did; the last one always stays."""
    kept: list[int] = []
    after: tuple[int, ...] = ()
    for place, now in reversed([*enumerate(rows.select("done", "gone").rows())]):
        steps = [*now, *(late - soon for late, soon in zip(after, now, strict=False))]
        if not after or enough(steps):
            kept, after = [place, *kept], now
    return rows[kept]


def enough(steps: Iterable[int]) -> bool:
    return all(step == 0 or step >= FEW for step in steps)


def beginning(found: pl.DataFrame) -> pl.DataFrame:
    """At age 0 all wait."""
    whole = pl.lit(100, pl.Int64)
    first = found.unique("unit", maintain_order=True)
    return first.select(*KEYS, age=pl.lit(0), waiting=whole, low=whole, high=whole, at_risk="n")

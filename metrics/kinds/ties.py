"""Ties between teams: pairs of people who turn to one another, out of all the pairs there could be.

A leaf row is a unit's size (`other` null) or the ties between two units, each pair of units once. For a unit of any
height the ties with at least one end in it count, each once; possible are all pairs of people of different teams of
record of which at least one is in it: half of (size squared less the sum of its teams' squares), and its size times
the size of the rest.
"""

from __future__ import annotations

import polars as pl

from metrics.kinds.kind import KEYS, PLACE, Z95, Kind, whole

ENDS = ["indicator", "week"]


def gather(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Rows are people of a unit (`size` 1, `other` null) or ties to people of another (`ties`, `other` its unit)."""
    ends = pl.col("unit"), pl.col("other")
    across = rows.filter(ends[1].is_not_null(), ends[0] != ends[1]).with_columns(
        unit=pl.min_horizontal(*ends), other=pl.max_horizontal(*ends)
    )
    none = pl.lit(0, pl.Int64)
    pairs = across.group_by(*PLACE, "other").agg(whole("ties")).with_columns(size=none, squares=none)
    sizes = rows.filter(ends[1].is_null()).group_by(PLACE).agg(whole("size"))
    sizes = sizes.with_columns(other=pl.lit(None, pl.String), ties=none, squares=pl.col("size") ** 2)
    columns = [*PLACE, "other", "ties", "size", "squares"]
    return pl.concat([sizes.select(columns), pairs.select(columns)])


MEASURES = ("ties", "linked", "fragile")


def roll_up(leaves: pl.LazyFrame, tree: pl.LazyFrame) -> pl.LazyFrame:
    """Leaf evidence added up the tree: what goes between units, and the `pairs` there could be, of every unit that has
    members; what goes on within teams is simply added."""
    columns = leaves.collect_schema().names()
    found = [name for name in MEASURES if name in columns]
    kept = ["size", "squares", *(name for name in ("within",) if name in columns)]
    above = tree.select("week", "unit", "ancestor", "distance")
    sizes = leaves.filter(pl.col("other").is_null()).join(above, on=PLACE)
    totals = sizes.group_by("indicator", "week", unit="ancestor").agg(pl.col(*kept, "people").sum())
    everyone = leaves.group_by(ENDS).agg(everyone=pl.col("size").sum())
    size, rest = pl.col("size"), pl.col("everyone") - pl.col("size")
    pairs = (size**2 - pl.col("squares")) // 2 + size * rest
    rolled = totals.join(everyone, on=ENDS).join(_touching(leaves, above, found), on=KEYS, how="left")
    beyond = [] if kept == ["size", "squares"] and found == ["ties"] else kept
    return rolled.select(*KEYS, *(pl.col(name).fill_null(0) for name in found), *beyond, pairs=pairs, people="people")


def _touching(leaves: pl.LazyFrame, above: pl.LazyFrame, found: list[str]) -> pl.LazyFrame:
    """What has an end in each unit: that of either end, less what was counted twice because both ends are in it.

    Units of a week are numbered first, and one level of the tree is held at a time: there are millions of pairs. The
    joins are left joins because inner ones may be done in another order: every unit of a week with every other first.
    """
    places = above.select(PLACE).unique().with_row_index("place").collect().lazy()
    level = (pl.col("distance").max() - pl.col("distance")).over(PLACE).alias("level")
    levels = above.with_columns(level).join(places, on=PLACE).select("place", "level", "ancestor").collect()
    one, two = places.rename({"place": "one"}), places.rename({"place": "two", "unit": "other"})
    pairs = leaves.filter(pl.col("other").is_not_null()).select("indicator", "week", "unit", "other", *found)
    ends = pairs.join(one, on=PLACE, how="left").join(two, on=["week", "other"], how="left")
    numbered = ends.select("indicator", "week", "one", "two", *found).collect()
    inside = [_inside(numbered, on.select("place", "ancestor"), found) for (_,), on in levels.group_by("level")]
    return pl.concat([_either(numbered, levels, found), *inside]).group_by(KEYS).agg(pl.col(found).sum())


def _either(numbered: pl.DataFrame, levels: pl.DataFrame, found: list[str]) -> pl.LazyFrame:
    """What has either end in a unit, for every unit above it."""
    ends = (numbered.lazy().group_by("indicator", "week", place=end).agg(pl.col(found).sum()) for end in ("one", "two"))
    above = pl.concat(ends).join(levels.lazy().select("place", unit="ancestor"), on="place")
    return above.select("indicator", "week", *found, "unit").collect().lazy()


def _inside(numbered: pl.DataFrame, on: pl.DataFrame, found: list[str]) -> pl.LazyFrame:
    """What has both ends in one unit of a level, negative."""
    here, there = on.rename({"place": "one", "ancestor": "here"}), on.rename({"place": "two", "ancestor": "there"})
    both = numbered.lazy().join(here.lazy(), on="one", how="left").join(there.lazy(), on="two", how="left")
    shared = both.filter(pl.col("here") == pl.col("there")).group_by("indicator", "week", unit="here")
    return shared.agg(-pl.col(found).sum()).select("indicator", "week", *found, "unit").collect().lazy()


def read(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """Ties per possible pair. Pairs of people are not independent, so the interval is that of a Poisson count of ties
    (Byar's approximation), wider than Wilson's on so many pairs; `n` is the pairs."""
    ties, pairs = pl.col("ties").cast(pl.Float64), pl.col("pairs")
    known = pl.when(pairs > 0)
    low = pl.when(ties > 0).then(_byar(ties, -1)).otherwise(0.0)
    value, high = ties / pairs, _byar(ties + 1, 1) / pairs
    sd = pl.lit(None, pl.Float64)
    return evidence.select(
        *KEYS, value=known.then(value), low=known.then(low / pairs), high=known.then(high), n=pairs, sd=sd
    )


def _byar(ties: pl.Expr, side: int) -> pl.Expr:
    return ties * (1 - 1 / (9 * ties) + side * Z95 / (3 * ties.sqrt())) ** 3


TAKES = {"other": pl.String(), "ties": pl.Int64(), "size": pl.Int64()}
SUMS = ("ties", "size", "squares", "pairs")
KIND = Kind("ties", TAKES, SUMS, gather, read, apart=("other",), factor=1000.0, spans=True)

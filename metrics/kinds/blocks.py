"""Ties within and between teams: how far they reach outward, how teams keep to themselves, what hangs on one person.

Leaf rows are a unit's size (`other` null) or the ties between two teams; those within one have it on both ends. For a
unit of any height the ties with at least one end in it count, for modularity those with both.
"""

from __future__ import annotations

import polars as pl

from metrics.kinds import ties
from metrics.kinds.kind import KEYS, PLACE, Kind, whole, wilson

LEAST_TEAMS = 5
NOUGHT = pl.lit(0, pl.Int64)


def _ordered(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Each pair of units one way round."""
    ends = pl.col("unit"), pl.col("other")
    return rows.filter(ends[1].is_not_null()).with_columns(
        unit=pl.min_horizontal(*ends), other=pl.max_horizontal(*ends)
    )


def _sizes(rows: pl.LazyFrame) -> pl.LazyFrame:
    sizes = rows.filter(pl.col("other").is_null()).group_by(PLACE).agg(whole("size"))
    return sizes.with_columns(other=pl.lit(None, pl.String), squares=pl.col("size") ** 2)


def gather(rows: pl.LazyFrame) -> pl.LazyFrame:
    """`within` stands beside the size of a team; a pair of teams has its `ties`."""
    across = _ordered(rows.filter(pl.col("unit") != pl.col("other"))).group_by(*PLACE, "other").agg(whole("ties"))
    inside = rows.filter(pl.col("unit") == pl.col("other")).group_by(PLACE).agg(within=whole("ties"))
    sizes = _sizes(rows).join(inside, on=PLACE, how="left").with_columns(pl.col("within").fill_null(0), ties=NOUGHT)
    pairs = across.with_columns(size=NOUGHT, squares=NOUGHT, within=NOUGHT)
    columns = [*PLACE, "other", "ties", "size", "squares", "within"]
    return pl.concat([sizes.select(columns), pairs.select(columns)])


def read_ei(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """Krackhardt and Stern's E-I index: outward less inward ties over all; Wilson's interval of the outward share."""
    outward, total = pl.col("ties"), pl.col("ties") + pl.col("within")
    low, high = wilson(outward, total)
    known = pl.when(total > 0)
    return evidence.select(
        *KEYS, value=known.then(2 * outward / total - 1), low=known.then(2 * low - 1), high=known.then(2 * high - 1),
        n=total, sd=pl.lit(None, pl.Float64),
    )  # fmt: skip


def read_beyond(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """The E-I index less what it would be if everybody were tied to everybody alike."""
    inward = (pl.col("squares") - pl.col("size")) // 2
    expected = (pl.col("pairs") - inward) / (pl.col("pairs") + inward)
    found = evidence.with_columns(expected=expected)
    kept = found.select(*KEYS, "expected")
    read = read_ei(found, target).join(kept, on=KEYS, how="left")
    return read.with_columns(pl.col("value", "low", "high") - pl.col("expected")).drop("expected")


def roll_up(leaves: pl.LazyFrame, tree: pl.LazyFrame) -> pl.LazyFrame:
    """Up the tree: `inner` and `outer` ties among the teams of a unit, the squares of their degrees, and the teams.

    A quarter at a time: every tie between two teams stands for a while in each unit above either.
    """
    known, above = leaves.collect(), tree.collect()
    quarters = known["week"].dt.truncate("1q").unique().sort()
    if quarters.is_empty():
        return _risen(known.lazy(), above.lazy())
    one = pl.col("week").dt.truncate("1q")
    parts = [_risen(known.lazy().filter(one == at), above.lazy().filter(one == at)).collect() for at in quarters]
    return pl.concat(parts).lazy()


def _risen(leaves: pl.LazyFrame, tree: pl.LazyFrame) -> pl.LazyFrame:
    above = tree.select("week", "unit", "ancestor", "distance")
    people = leaves.group_by("indicator", *PLACE).agg(pl.col("people").sum(), pl.col("inner").sum())
    crowd = people.join(above, on=PLACE).group_by("indicator", "week", unit="ancestor").agg(pl.col("people").sum())
    own = people.filter(pl.col("inner") > 0).join(above, on=PLACE).select(
        "indicator", "week", team="unit", unit="ancestor", inner="inner", degree=2 * pl.col("inner")
    )  # fmt: skip
    ends = _both_inside(leaves, above)
    teams = pl.concat([own, ends], how="diagonal").group_by("indicator", "week", "unit", "team").agg(
        pl.col("inner", "degree").sum()
    )  # fmt: skip
    sums = teams.group_by("indicator", "week", "unit").agg(
        inner=pl.col("inner").sum(), outer=(pl.col("degree").sum() - 2 * pl.col("inner").sum()) // 2,
        degrees=(pl.col("degree") ** 2).sum(), teams=(pl.col("degree") > 0).sum().cast(pl.Int64),
    )  # fmt: skip
    return crowd.join(sums, on=KEYS, how="left").with_columns(
        pl.col("inner", "outer", "degrees", "teams").fill_null(0)
    ).select(*KEYS, "inner", "outer", "degrees", "teams", "people")  # fmt: skip


def _both_inside(leaves: pl.LazyFrame, above: pl.LazyFrame) -> pl.LazyFrame:
    """Of every pair of teams both ends, in each unit that holds both: `indicator, week, unit, team, degree`."""
    pairs = leaves.filter(pl.col("other").is_not_null()).select("indicator", "week", "unit", "other", "outer")
    one = pairs.join(above.select("week", "unit", here="ancestor"), on=PLACE, how="left")
    two = above.select("week", other="unit", here="ancestor", there=pl.lit(True))
    both = one.join(two, on=["week", "other", "here"], how="left").filter("there").collect().lazy()
    return pl.concat(
        both.select("indicator", "week", unit="here", team=end, degree="outer") for end in ("unit", "other")
    ).with_columns(inner=NOUGHT)


def gather_modular(rows: pl.LazyFrame) -> pl.LazyFrame:
    across = _ordered(rows.filter(pl.col("unit") != pl.col("other"))).group_by(*PLACE, "other").agg(outer=whole("ties"))
    inside = rows.filter(pl.col("unit") == pl.col("other")).group_by(PLACE).agg(inner=whole("ties"))
    there = rows.filter(pl.col("other").is_null()).select(PLACE).unique().join(inside, on=PLACE, how="left")
    sizes = there.select(*PLACE, other=pl.lit(None, pl.String), inner=pl.col("inner").fill_null(0), outer=NOUGHT)
    return pl.concat([sizes, across.select(*PLACE, "other", inner=NOUGHT, outer="outer")])


def read_modularity(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """Newman and Girvan's modularity of the formal teams; unknown of fewer than five teams with ties. No interval."""
    ties_ = pl.col("inner") + pl.col("outer")
    value = pl.col("inner") / ties_ - pl.col("degrees") / (4 * ties_.cast(pl.Float64) ** 2)
    none = pl.lit(None, pl.Float64)
    known = pl.when((ties_ > 0) & (pl.col("teams") >= LEAST_TEAMS))
    return evidence.select(*KEYS, value=known.then(value), low=none, high=none, n=ties_, sd=none)


def gather_bridges(rows: pl.LazyFrame) -> pl.LazyFrame:
    pairs = _ordered(rows).group_by(*PLACE, "other").agg(whole("linked"), whole("fragile"))
    columns = [*PLACE, "other", "linked", "fragile", "size", "squares"]
    sizes = _sizes(rows).with_columns(linked=NOUGHT, fragile=NOUGHT)
    return pl.concat([sizes.select(columns), pairs.with_columns(size=NOUGHT, squares=NOUGHT).select(columns)])


def read_bridges(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """Share of linked pairs of teams that hang on one person, with Wilson's interval."""
    low, high = wilson(pl.col("fragile"), pl.col("linked"))
    share = pl.when(pl.col("linked") > 0).then(pl.col("fragile") / pl.col("linked"))
    return evidence.select(*KEYS, value=share, low=low, high=high, n="linked", sd=pl.lit(None, pl.Float64))


def read_paired(evidence: pl.LazyFrame, target: float) -> pl.LazyFrame:
    """Share of the pairs of teams that are tied, with Wilson's interval; `n` is the pairs there could be."""
    low, high = wilson(pl.col("ties"), pl.col("pairs"))
    share = pl.when(pl.col("pairs") > 0).then(pl.col("ties") / pl.col("pairs"))
    return evidence.select(*KEYS, value=share, low=low, high=high, n="pairs", sd=pl.lit(None, pl.Float64))


_SUMS = ("ties", "size", "squares", "pairs", "within")
_LINKS = {"other": pl.String(), "linked": pl.Int64(), "fragile": pl.Int64(), "size": pl.Int64()}
BLOCKS = (
    Kind("ei", ties.TAKES, _SUMS, gather, read_ei, apart=("other",), spans=True),
    Kind("ei_beyond", ties.TAKES, _SUMS, gather, read_beyond, apart=("other",), spans=True),
    Kind("paired", ties.TAKES, ties.SUMS, ties.gather, read_paired, apart=("other",), factor=100.0, spans=True),
    Kind("modularity", ties.TAKES, ("inner", "outer", "degrees", "teams"), gather_modular, read_modularity,
         apart=("other",), spans=True),
    Kind("bridges", _LINKS, ("linked", "fragile", "size", "squares", "pairs"), gather_bridges, read_bridges,
         apart=("other",), factor=100.0, spans=True),
)  # fmt: skip

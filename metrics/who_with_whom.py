"""Who works with whom: of every two units right below another, how many of the possible pairs of people are tied."""

from __future__ import annotations

import polars as pl

from metrics.rounding import rounded
from metrics.setting import Setting

SHAPE = {
    "unit": pl.String, "one": pl.String, "other": pl.String, "week": pl.Date, "density": pl.Float64,
    "times": pl.Float64,
}  # fmt: skip
LEAST_TIES = 3  # under which a tie between units is not drawn: one or two are two people's business
PAIR = ["unit", "one", "other"]
FROM = "ei_index"  # whose evidence has the ties within teams and across, and their sizes


def densities(evidence: pl.DataFrame | None, cells: pl.DataFrame, setting: Setting) -> pl.DataFrame:
    """Block densities (Wasserman & Faust 1994) of the last week that is shown, by unit with others below (`SHAPE`).

    `evidence`: leaf evidence of the kind `ei`, if there is any; `cells`: what of it is published. `density` is in ties
    per 100 possible pairs of people, null where fewer than three are tied; `times` is how many times that is that of
    all pairs of these units. Each pair stands once, `one` before `other`; a unit with itself has no `times`. Only
    units whose own number is shown that week, and that have as many people as the smallest group shown, are there.
    """
    if evidence is None:
        return pl.DataFrame(schema=SHAPE)
    told = cells.filter(pl.col("indicator") == FROM, pl.col("state") == "shown", pl.col("value").is_not_null())
    week = told["week"].max()
    leaves = evidence.filter(pl.col("week") == pl.lit(week, pl.Date))
    if leaves.is_empty():
        return pl.DataFrame(schema=SHAPE)
    below = _child_of(setting.parents.filter(pl.col("week") == week), leaves["unit"].unique())
    told = told.filter(pl.col("week") == week)
    every = _counted(leaves, below, told["unit"], setting.calendar.k)
    one_self = pl.col("one") == pl.col("other")
    sums = pl.col("ties").filter(~one_self).sum() / pl.col("pairs").filter(~one_self).sum()
    drawn = pl.when((pl.col("ties") >= LEAST_TIES) & (pl.col("pairs") > 0)).then(pl.col("ties") / pl.col("pairs"))
    found = every.with_columns(density=100 * drawn, usual=100 * sums.over("unit"), week=pl.lit(week))
    times = pl.when(~one_self & (pl.col("usual") > 0)).then(pl.col("density") / pl.col("usual"))
    shaped = found.with_columns(times=times).select(pl.col(name).cast(kind) for name, kind in SHAPE.items())
    return rounded(shaped.sort(PAIR))


def _counted(leaves: pl.DataFrame, below: pl.DataFrame, told: pl.Series, k: int) -> pl.DataFrame:
    """Ties and possible pairs of every two of the units told that have `k` people, and of each with itself."""
    sized = leaves.filter(pl.col("other").is_null()).select("size", "within", leaf="unit")
    mine = sized.join(below, on="leaf").group_by("unit", "child").agg(pl.col("size", "within").sum())
    there = mine.filter(pl.col("size") >= k, pl.col("child").is_in(told.implode()))
    both = _ties(leaves.filter(pl.col("other").is_not_null()), below)
    inside = both.filter(pl.col("one") == pl.col("other")).select("unit", child="one", more="ties")
    own = there.join(inside, on=["unit", "child"], how="left").select(
        "unit", one="child", other="child", ties=pl.col("within") + pl.col("more").fill_null(0),
        pairs=pl.col("size") * (pl.col("size") - 1) / 2,
    )  # fmt: skip
    others = there.select("unit", other="child", many="size")
    two = there.select("unit", "size", one="child").join(others, on="unit").filter(pl.col("one") < pl.col("other"))
    across = two.join(both, on=PAIR, how="left").select(
        *PAIR, pl.col("ties").fill_null(0), pairs=(pl.col("size") * pl.col("many")).cast(pl.Float64)
    )
    return pl.concat([own, across], how="vertical_relaxed")


def _child_of(parents: pl.DataFrame, leaves: pl.Series) -> pl.DataFrame:
    """Of each leaf and each unit above it the one right below that unit in which the leaf is: `leaf, unit, child`."""
    up = parents.select(child="unit", unit="parent").drop_nulls()
    step = pl.DataFrame({"leaf": leaves, "child": leaves}).join(up, on="child")
    steps = []
    while not step.is_empty():
        steps.append(step.select("leaf", "unit", "child"))
        step = step.select("leaf", child="unit").join(up, on="child")
    return pl.concat(steps) if steps else pl.DataFrame(schema=dict.fromkeys(("leaf", "unit", "child"), pl.String))


def _ties(pairs: pl.DataFrame, below: pl.DataFrame) -> pl.DataFrame:
    """Ties between units right below the same one, each pair once; between teams of the same one they are its own."""
    ends = pairs.select(leaf="unit", two="other", ties="ties").join(below, on="leaf").join(
        below.select(two="leaf", unit="unit", to="child"), on=["two", "unit"]
    )  # fmt: skip
    one, other = pl.min_horizontal("child", "to"), pl.max_horizontal("child", "to")
    return ends.group_by("unit", one=one, other=other).agg(pl.col("ties").sum())

"""The tree of units as it stood in each week, mended where the data broke it: parents, and every unit's ancestors."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from metrics.weeks import in_force

ALL = "all"
PARENTS = ["week", "unit", "parent", "name", "fault"]
ABOVE = ["week", "parent"]
HERE = ["week", "unit"]


def parents(
    units: pl.LazyFrame | pl.DataFrame, weeks: pl.DataFrame, *, named: Iterable[str] = (), organisation: str = ""
) -> pl.DataFrame:
    """Where every unit hung in every week: `week, unit, parent, name, fault`; the root's parent is null.

    `units` are dated rows (unit, parent, name, valid_from, valid_to), `weeks` a spine, `named` the units that facts
    name. A unit keeps its first place before it began and its last after it ended, so that late facts find it. Units
    without a common root get one, `all`, named `organisation`. `fault` says what was mended: "orphan" (its parent is
    not listed: hung under the root), "cycle" (cut at its first unit by name), "unlisted" (only facts name it), or "".
    """
    until = (pl.col("valid_to") - pl.duration(days=1)).fill_null(date.max)
    known = units.lazy().select("unit", "parent", "name", since="valid_from", until=until).collect()
    roots = _roots(known, weeks)
    rows = pl.concat([_placed(known, weeks), _unlisted(known, weeks, named), _made(known, roots, organisation)])
    under = pl.when(pl.col("unit") != pl.col("root")).then(pl.coalesce("parent", "root"))
    return _without_cycles(rows.join(roots, "week").with_columns(parent=under)).select(PARENTS).sort("week", "unit")


def tree(
    units: pl.LazyFrame | pl.DataFrame, weeks: pl.DataFrame, *, named: Iterable[str] = (), organisation: str = ""
) -> pl.DataFrame:
    """Every unit's ancestors in every week, itself included: `week, unit, ancestor, distance` (0 = itself)."""
    return closure(parents(units, weeks, named=named, organisation=organisation))


def closure(parents: pl.DataFrame) -> pl.DataFrame:
    """The ancestors of every unit under parents that have been mended: `week, unit, ancestor, distance`."""
    up = parents.select("week", "unit", "parent")
    level = up.select("week", "unit", ancestor="unit", distance=pl.lit(0, pl.Int32))
    levels = []
    while not level.is_empty():
        levels.append(level)
        higher = level.join(up, left_on=["week", "ancestor"], right_on=HERE).filter(pl.col("parent").is_not_null())
        level = higher.select("week", "unit", ancestor="parent", distance=pl.col("distance") + 1)
    return pl.concat(levels) if levels else level


def roots(units: pl.LazyFrame, teams: pl.LazyFrame, dated: pl.LazyFrame) -> pl.LazyFrame:
    """The unit above all others in each of these weeks: `week, unit`."""
    weeks = dated.select("week").unique().sort("week").collect()
    if weeks.is_empty():
        return pl.LazyFrame(schema={"week": pl.Date, "unit": pl.String})
    named = teams.select(pl.col("unit").unique()).collect()["unit"]
    return parents(units, weeks, named=named).filter(pl.col("parent").is_null()).select("week", "unit").lazy()


def faults(parents: pl.DataFrame) -> pl.DataFrame:
    """What was mended in the tree: `unit, fault, weeks` (how many of them)."""
    return parents.filter(pl.col("fault") != "").group_by("unit", "fault").agg(weeks=pl.len()).sort("unit", "fault")


def _placed(known: pl.DataFrame, weeks: pl.DataFrame) -> pl.DataFrame:
    """The listed units, those whose parent is not listed freed from it and marked."""
    orphan = pl.col("parent").is_not_null() & ~pl.col("parent").is_in(known["unit"].unique().to_list())
    marked = _always(known, weeks).with_columns(fault=pl.when(orphan).then(pl.lit("orphan")).otherwise(pl.lit("")))
    return marked.with_columns(parent=pl.when(pl.col("fault") == "").then("parent")).select(PARENTS)


def _unlisted(known: pl.DataFrame, weeks: pl.DataFrame, named: Iterable[str]) -> pl.DataFrame:
    strangers = pl.DataFrame({"unit": sorted(set(named) - set(known["unit"]) - {ALL})}, schema={"unit": pl.String})
    nowhere, told = pl.lit(None, pl.String), pl.lit("unlisted")
    return weeks.join(strangers, how="cross").select("week", "unit", parent=nowhere, name="unit", fault=told)


def _made(known: pl.DataFrame, roots: pl.DataFrame, organisation: str) -> pl.DataFrame:
    """The root that was made up, where one was."""
    needed = roots.filter(pl.col("root") == ALL, ~pl.lit(ALL in set(known["unit"])))
    name = pl.lit(organisation or ALL)
    return needed.select("week", unit="root", parent=pl.lit(None, pl.String), name=name, fault=pl.lit(""))


def _always(known: pl.DataFrame, weeks: pl.DataFrame) -> pl.DataFrame:
    """The row of every listed unit for every week: the one in force, else the last one before, else the first after."""
    inforce = in_force(known.lazy(), "unit", *_span(weeks)).select("week", "unit", "parent", "name").collect()
    kept = known.sort("since").with_columns(week=pl.col("since").dt.truncate("1w"))
    grid = weeks.join(known.select("unit").unique(), how="cross").sort("week")
    before = grid.join_asof(kept.sort("week"), on="week", by="unit", check_sortedness=False)
    first = known.sort("since").unique("unit", keep="first", maintain_order=True).select("unit", "parent", "name")
    placed = before.filter(pl.col("since").is_not_null()).select("week", "unit", "parent", "name")
    early = before.filter(pl.col("since").is_null()).select("week", "unit").join(first, "unit")
    return pl.concat([inforce, pl.concat([placed, early]).join(inforce, on=HERE, how="anti")])


def _roots(known: pl.DataFrame, weeks: pl.DataFrame) -> pl.DataFrame:
    """The root of every week, `week, root`: the one unit without a parent; ALL where there are several at a time."""
    tops = known.filter(pl.col("parent").is_null())
    days = tops.select(day="since").unique()
    at_once = tops.join_where(days, pl.col("since") <= pl.col("day"), pl.col("until") >= pl.col("day"))
    several = at_once.group_by("day").agg(pl.col("unit").n_unique()).filter(pl.col("unit") > 1)
    if tops.is_empty() or not several.is_empty():
        return weeks.select("week", root=pl.lit(ALL))
    ruled = tops.sort("since").select(root="unit", week=pl.col("since").dt.truncate("1w"))
    found = weeks.sort("week").join_asof(ruled.sort("week"), on="week")
    return found.with_columns(pl.col("root").fill_null(ruled["root"][0]))


def _span(weeks: pl.DataFrame) -> tuple[date, date]:
    days = weeks["week"].to_list()
    return (min(days), max(days)) if days else (date.max, date.min)


def _without_cycles(rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows, every cycle cut by hanging its first unit by name under the root."""
    level = reached = rows.filter(pl.col("parent").is_null()).select(HERE)
    while not level.is_empty():
        level = rows.join(level, left_on=ABOVE, right_on=HERE, how="semi").select(HERE)
        reached = pl.concat([reached, level])
    lost = rows.join(reached, on=HERE, how="anti")
    if lost.is_empty():
        return rows
    cut = _cuts(lost).with_columns(cut=True)
    marked = rows.join(cut, on=HERE, how="left").with_columns(pl.col("cut").fill_null(False))
    return marked.with_columns(
        parent=pl.when("cut").then("root").otherwise("parent"),
        fault=pl.when("cut").then(pl.lit("cycle")).otherwise("fault"),
    ).drop("cut")


def _cuts(lost: pl.DataFrame) -> pl.DataFrame:
    """The first unit by name of every cycle: jumps twice as far each time, until all have gone round."""
    jump = lost.select("week", "unit", to="parent", low="unit")
    for _ in range(lost["unit"].n_unique().bit_length()):
        far = jump.select("week", to="unit", further="to", lowest="low")
        jump = jump.join(far, ["week", "to"]).select(
            "week", "unit", to="further", low=pl.min_horizontal("low", "lowest")
        )
    round_trip = jump.join(jump.select("week", unit="to").unique(), on=HERE, how="semi")
    return round_trip.filter(pl.col("unit") == pl.col("low")).select(HERE)

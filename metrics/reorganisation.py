"""Re-organisations: told as events, and taken as breaks where a unit is no longer made of the same people."""

from __future__ import annotations

import polars as pl

from metrics.tree import closure

HERE = ["week", "unit"]
MANY = 0.05
CROWD = 8
LAG = 4
REMAIN = 0.5


def events(teams: pl.DataFrame, parents: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """Weeks in which 5 % of people or more (at least eight) changed unit, or units changed parent: `week, unit, text`.

    `teams`: `person, week, unit`; `parents`: `week, unit, parent`; `units`: those published (`unit, name`): no other
    is named. `unit` is null for what concerns the whole organisation.
    """
    moved = parents_changed(parents).join(units.select("unit", "name"), "unit")
    named = moved.join(units.select(parent="unit", to="name"), "parent", how="left")
    told = pl.when(pl.col("to").is_not_null()).then(pl.format("{} moved to {}.", "name", "to"))
    each = named.select("week", "unit", text=told.otherwise(pl.format("{} moved to another part.", "name")))
    share = pl.col("moved") / pl.col("people")
    people = people_moved(teams).filter(share >= MANY, pl.col("moved") >= CROWD)
    whole = people.select("week", percent=(100 * share).round().cast(pl.Int64))
    all_of_it = whole.join(moved.group_by("week").agg(count=pl.len()), "week", how="left").select(
        "week",
        unit=pl.lit(None, pl.String),
        text=pl.when(pl.col("count") > 0)
        .then(pl.format("Re-organisation: about {} % of people changed unit, {} units moved.", "percent", "count"))
        .otherwise(pl.format("Re-organisation: about {} % of people changed unit.", "percent")),
    )
    return pl.concat([all_of_it, each]).sort("week", "unit", nulls_last=False)


def breaks(teams: pl.DataFrame, parents: pl.DataFrame) -> pl.DataFrame:
    """The weeks from which a unit, all below it included, is mostly other people than four weeks before: `unit, week`.

    Mostly: fewer than half of the larger of the two are the same. The first such week of a row of them stands.
    """
    now = teams.select("person", "week", "unit")
    then = now.select("person", week=pl.col("week") + pl.duration(weeks=LAG), before="unit")
    pairs = now.join(then, ["person", "week"]).group_by("week", "unit", "before").agg(people=pl.len())
    above = closure(parents).select("week", "unit", "ancestor")
    earlier = above.select(pl.col("week") + pl.duration(weeks=LAG), before="unit", ancestor="ancestor")
    there = ["week", "ancestor"]
    stayed = (
        pairs.join(above, HERE)
        .join(earlier, ["week", "before", "ancestor"], how="semi")
        .group_by(there)
        .agg(stayed=pl.col("people").sum())
    )
    size = now.group_by(HERE).agg(people=pl.len()).join(above, HERE).group_by(there).agg(pl.col("people").sum())
    past = size.select(pl.col("week") + pl.duration(weeks=LAG), "ancestor", past="people")
    changed = (
        size.join(past, there)
        .join(stayed, there, how="left")
        .filter(pl.col("stayed").fill_null(0) < REMAIN * pl.max_horizontal("people", "past"))
        .sort("ancestor", "week")
    )
    again = pl.col("week").diff().over("ancestor") <= pl.duration(weeks=LAG)
    return changed.filter(~again.fill_null(False)).select("week", unit="ancestor").select("unit", "week")


def people_moved(teams: pl.DataFrame) -> pl.DataFrame:
    """How many of those who were there the week before are in another unit: `week, moved, people`."""
    before = teams.select("person", week=pl.col("week") + pl.duration(weeks=1), before="unit")
    both = teams.join(before, ["person", "week"])
    return both.group_by("week").agg(moved=(pl.col("unit") != pl.col("before")).sum(), people=pl.len())


def parents_changed(parents: pl.DataFrame) -> pl.DataFrame:
    """Units under another parent than the week before: `week, unit, parent`."""
    before = parents.select("unit", week=pl.col("week") + pl.duration(weeks=1), before="parent")
    return parents.join(before, HERE).filter(pl.col("parent") != pl.col("before")).select("week", "unit", "parent")

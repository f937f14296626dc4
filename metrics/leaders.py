"""Those who sit directly above the teams: too few to stand for themselves, they are counted where they are a crowd.

A head of department alone is what is left of the department when its teams are taken away. Showing both would single
that person out, hiding a whole team for it would be a waste. So the direct members of a unit that has units below it
are, where fewer than a crowd, counted in the next unit above in which all such members together are one; where even
the root has too few of them they are counted nowhere.
"""

from __future__ import annotations

import polars as pl

PLACE = ["week", "unit"]


def lifts(teams: pl.DataFrame, parents: pl.DataFrame, k: int) -> pl.DataFrame:
    """Where the direct members of a unit are counted instead: `week, unit, to` (null: nowhere), moved units only.

    `teams` is `person, week, unit`, `parents` is `week, unit, parent` (see `metrics.tree`).
    """
    above = parents.select("week", "unit", "parent")
    inner = above.filter(pl.col("parent").is_not_null()).select("week", unit="parent").unique()
    direct = teams.group_by(PLACE).agg(people=pl.len()).join(inner, on=PLACE, how="semi")
    held = direct.select("week", "unit", "people", to="unit")
    for _ in range(parents["unit"].n_unique()):
        few = pl.col("people").sum().over("week", "to") < k
        rising = held.filter(few).join(above, left_on=["week", "to"], right_on=PLACE, how="left")
        rising = rising.filter(pl.col("parent").is_not_null())
        if rising.is_empty():
            break
        moved = rising.select("week", "unit", new="parent")
        held = held.join(moved, on=PLACE, how="left").with_columns(to=pl.coalesce("new", "to")).drop("new")
    lost = pl.col("people").sum().over("week", "to") < k
    found = held.with_columns(to=pl.when(~lost).then("to"))
    return found.filter(pl.col("to").ne_missing(pl.col("unit"))).select("week", "unit", "to").sort(PLACE)


def lifted(evidence: pl.DataFrame, moves: pl.DataFrame) -> pl.DataFrame:
    """Leaf evidence with the direct members of those units counted where `lifts` says, as rows of their own."""
    marked = moves.with_columns(here=pl.lit(True))
    for end in (column for column in ("unit", "other") if column in evidence.columns):
        there = marked.rename({"unit": end, "to": "new"})
        evidence = evidence.join(there, on=["week", end], how="left")
        kept = pl.col("here").is_null() | pl.col("new").is_not_null()
        evidence = evidence.filter(kept).with_columns(pl.coalesce("new", end).alias(end)).drop("new", "here")
    return evidence

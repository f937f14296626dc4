"""Ties as rows of evidence: between teams, within them, and how many people of each side carry them."""

from __future__ import annotations

import polars as pl

from metrics.network import members, tied

FIRM = 3


def between(pairs: pl.LazyFrame, teams: pl.LazyFrame) -> pl.LazyFrame:
    """Every member once for the size of their team, and every tie between two teams once."""
    there = members(teams, pairs).collect().lazy()
    across = tied(pairs, there).filter(pl.col("unit") != pl.col("other"))
    return pl.concat([_sizes(there), _ties(across)])


def throughout(pairs: pl.LazyFrame, teams: pl.LazyFrame) -> pl.LazyFrame:
    """The same with the ties within teams as well."""
    there = members(teams, pairs).collect().lazy()
    return pl.concat([_sizes(there), _ties(tied(pairs, there))])


def bridged(pairs: pl.LazyFrame, teams: pl.LazyFrame) -> pl.LazyFrame:
    """Every member once, and every two teams that are tied once: `fragile` where one person carries a side of it."""
    there = members(teams, pairs).collect().lazy()
    across = tied(pairs, there).filter(pl.col("unit") != pl.col("other"))
    forth = pl.col("unit") < pl.col("other")
    ordered = across.with_columns(
        unit=pl.when(forth).then("unit").otherwise("other"), other=pl.when(forth).then("other").otherwise("unit"),
        one=pl.when(forth).then("one").otherwise("two"), two=pl.when(forth).then("two").otherwise("one"),
    )  # fmt: skip
    sides = ordered.group_by("week", "unit", "other").agg(one=pl.col("one").n_unique(), two=pl.col("two").n_unique())
    fragile = (pl.min_horizontal("one", "two") == 1).cast(pl.Int64)
    links = sides.select("week", "unit", person=pl.lit(None, pl.String), other="other",
                         linked=pl.lit(1, pl.Int64), fragile=fragile, size=pl.lit(0, pl.Int64))  # fmt: skip
    none = pl.lit(0, pl.Int64)
    people = _sizes(there).drop("ties").with_columns(linked=none, fragile=none)
    return pl.concat([people.select("week", "unit", "person", "other", "linked", "fragile", "size"), links])


def firmly(pairs: pl.LazyFrame, teams: pl.LazyFrame, k: int) -> pl.LazyFrame:
    """Every team of at least `k` people once (`size` 1), every two of them with three ties or more once (`ties` 1).

    Their members stand behind without counting themselves.
    """
    there = members(teams, pairs).collect().lazy()
    large = there.group_by("week", "unit").len().filter(pl.col("len") >= k).select("week", "unit").collect().lazy()
    inside = there.join(large, on=["week", "unit"], how="semi").collect().lazy()
    across = tied(pairs, inside).filter(pl.col("unit") != pl.col("other")).collect().lazy()
    ends = {"unit": pl.min_horizontal("unit", "other"), "other": pl.max_horizontal("unit", "other")}
    firm = across.with_columns(**ends).group_by("week", "unit", "other").len().filter(pl.col("len") >= FIRM)
    nobody, one = pl.lit(None, pl.String), pl.lit(1, pl.Int64)
    links = _ties(firm)
    sizes = large.select("week", "unit", person=nobody, other=nobody, ties=pl.lit(0, pl.Int64), size=one)
    crowd = _sizes(inside).with_columns(size=pl.lit(0, pl.Int64))
    return pl.concat([sizes, crowd, links])


def degrees(pairs: pl.LazyFrame, teams: pl.LazyFrame) -> pl.LazyFrame:
    """How many people of other teams each member is tied to: `week, unit, person, total`."""
    there = members(teams, pairs).collect().lazy()
    across = tied(pairs, there).filter(pl.col("unit") != pl.col("other"))
    ends = pl.concat(across.select("week", code=end) for end in ("one", "two")).group_by("week", "code").len()
    counted = there.join(ends, on=["week", "code"], how="left")
    return counted.select("week", "unit", "person", total=pl.col("len").fill_null(0).cast(pl.Float64))


def _sizes(there: pl.LazyFrame) -> pl.LazyFrame:
    """Every member counts for the size of the team; for the crowd, who turned to somebody."""
    return there.select(
        "week", "unit", person=pl.when("active").then("person"),
        other=pl.lit(None, pl.String), ties=pl.lit(0, pl.Int64), size=pl.lit(1, pl.Int64),
    )  # fmt: skip


def _ties(found: pl.LazyFrame) -> pl.LazyFrame:
    return found.select(
        "week", "unit", person=pl.lit(None, pl.String),
        other="other", ties=pl.lit(1, pl.Int64), size=pl.lit(0, pl.Int64),
    )  # fmt: skip

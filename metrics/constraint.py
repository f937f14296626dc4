"""Burt's constraint of everybody who has ties, from the pairs of people tied."""

from __future__ import annotations

import polars as pl

from metrics.network import members


def constraints(pairs: pl.LazyFrame, teams: pl.LazyFrame) -> pl.LazyFrame:
    """`week, unit, person, total`: sum over a person's ties j of (p_ij + sum over shared ties q of p_iq p_qj) squared.

    p_ij is one over the number of i's ties, all of the same weight (Burt 1992); networkx gives the same.
    """
    there = members(teams, pairs).select("week", "unit", "person", "code").collect().lazy()
    known = there.select("week", "code")
    drawn = pairs.filter("tied").join(known.rename({"code": "one"}), on=["week", "one"], how="semi")
    drawn = drawn.join(known.rename({"code": "two"}), on=["week", "two"], how="semi").select("week", "one", "two")
    ends = pl.concat([drawn, drawn.select("week", one="two", two="one")]).collect().lazy()
    share = ends.with_columns(p=1 / pl.len().over("week", "one").cast(pl.Float64)).collect().lazy()
    onward = share.select("week", via="one", two="two", q="p")
    paths = share.select("week", "one", via="two", p="p").join(onward, on=["week", "via"], how="left")
    paths = paths.filter(pl.col("one") != pl.col("two")).group_by("week", "one", "two").agg(
        indirect=(pl.col("p") * pl.col("q")).sum()
    )  # fmt: skip
    both = share.join(paths, on=["week", "one", "two"], how="left")
    squared = (pl.col("p") + pl.col("indirect").fill_null(0.0)) ** 2
    each = both.group_by("week", code="one").agg(total=squared.sum())
    return there.join(each, on=["week", "code"], how="inner").select("week", "unit", "person", "total")

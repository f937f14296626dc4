"""Recognition between sites (beside L2): whether contributions are seen alike wherever people work."""

from __future__ import annotations

from datetime import date

import polars as pl

from metrics.indicator import ALWAYS, indicator
from metrics.recognition import received
from metrics.tree import roots
from metrics.weeks import Calendar, in_force

LARGE, MANY = 10, 3  # people of a site, and sites: with two, each one's share could be worked out


@indicator(
    code="L2", title="Recognition uneven between sites", question="Is work seen alike wherever people work?", unit="%",
    better="down", timing="leading", theme="leadership", source="Hoover 1936, Rev. Econ. Stat. 18:162",
    beware="Chance alone gives some: about 4 % with ten sites of 240 people each. Sites with other work differ too.",
    kind="cover", least=30, reach=ALWAYS, window=1, looks=13, beside="recognition_reach", counts="people recognised",
)  # fmt: skip
def recognition_site_gap(
    feedback: pl.LazyFrame, people: pl.LazyFrame, teams: pl.LazyFrame, units: pl.LazyFrame, calendar: Calendar
) -> pl.LazyFrame:
    """Of the people recognised in 13 weeks, the share who would have to work at another site for all sites to be alike.

    Hoover's index: half of the sum over sites of how far the people recognised there are from what they would be if
    every site had the same share. Sites of at least 10 people count, where there are three of them or more. It is told
    of the whole organisation only, and never which site.
    """
    until = (pl.min_horizontal("valid_to", "left") - pl.duration(days=1)).fill_null(date.max)
    stays = people.filter(pl.col("site").is_not_null()).select(
        "person", "unit", "site", since="valid_from", until=until
    )
    seen = received(feedback, teams, calendar).select("week", "person", hit=pl.col("bucket") > 0).collect().lazy()
    first, last = seen.select(first=pl.col("week").min(), last=pl.col("week").max()).collect().row(0)
    there = in_force(stays, "person", first or calendar.this, last or calendar.this).select("week", "person", "site")
    known = seen.join(there, on=["week", "person"])
    sites = known.group_by("week", "site").agg(hit=pl.col("hit").sum(), many=pl.len()).filter(pl.col("many") >= LARGE)
    whole = pl.col("hit").sum().over("week") / pl.col("many").sum().over("week")
    apart = (pl.col("hit") - pl.col("many") * whole).abs()
    said = sites.with_columns(apart=apart).group_by("week").agg(
        part=pl.col("apart").sum() / 2, whole=pl.col("hit").sum().cast(pl.Float64), sites=pl.len()
    )  # fmt: skip
    told = said.filter(pl.col("sites") >= MANY).collect().lazy()
    nobody, none, amount = pl.lit(None, pl.String), pl.lit(0, pl.Int64), pl.lit(0.0)
    one = told.join(roots(units, teams, told), on="week").select(
        "week", "unit", "part", "whole", person=nobody, periods=pl.lit(1, pl.Int64)
    )  # fmt: skip
    large = sites.select("week", "site").join(told.select("week"), on="week", how="semi")
    behind = known.join(large, on=["week", "site"], how="semi").select(
        "week", "person", unit=nobody, part=amount, whole=amount, periods=none
    )  # fmt: skip
    columns = ["week", "unit", "person", "part", "whole", "periods"]
    return pl.concat([one.select(columns), behind.select(columns)])

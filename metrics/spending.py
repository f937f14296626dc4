"""What units may spend on learning, and what they spent, in hours or in money."""

from __future__ import annotations

import polars as pl

from metrics.groups import behind
from metrics.weeks import monday


def spent(resources: pl.LazyFrame, teams: pl.LazyFrame, kind: str) -> pl.LazyFrame:
    """Of each unit and period what was used and allotted, those of unknown use left out; all members stand behind:
    `week, unit, person, part, whole, periods`."""
    known = resources.filter(pl.col("kind") == kind, pl.col("used").is_not_null())
    told = known.select("unit", week=monday(pl.col("starts")), part="used", whole="allotted").collect().lazy()
    nought = pl.lit(0.0)
    said = told.select("week", "unit", pl.lit(None, pl.String).alias("person"), "part", "whole", periods=pl.lit(1))
    crowd = behind(teams, told, part=nought, whole=nought, periods=pl.lit(0))
    return pl.concat([said, crowd])

"""What is made of published cells, once they are known: scores of every unit, and units beside their siblings."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from metrics.comparisons import comparisons
from metrics.goalposts import Goalposts
from metrics.indicator import Indicator
from metrics.publishing import Setting
from metrics.quality import shares
from metrics.rounding import rounded
from metrics.scores import scores


def summed_up(
    cells: pl.DataFrame,
    units: pl.DataFrame,
    indicators: Mapping[str, Indicator],
    setting: Setting,
    posts: Goalposts | None = None,
) -> dict[str, pl.DataFrame]:
    """The frames of an edition that tell nothing but what its `cells` do: scores and comparisons."""
    posts = posts or Goalposts()
    counted = {name: one for name, one in indicators.items() if name in set(posts.frame["indicator"])}
    seen = shares(cells, counted, heads(setting), setting.coverage)
    made = scores(cells, units, indicators, setting.calendar.today, posts, seen)
    made["comparisons"] = comparisons(cells, units, indicators)
    return {name: rounded(frame) for name, frame in made.items()}


def heads(setting: Setting) -> pl.DataFrame:
    """`unit, week, people`: how many there were, those of the units below included."""
    direct = setting.teams.group_by("week", "unit").agg(people=pl.len())
    above = setting.above.select("week", "unit", "ancestor")
    return direct.join(above, on=["week", "unit"]).group_by("week", unit="ancestor").agg(pl.col("people").sum())

"""How many alarms a month would chance alone give? The judge replayed on the organisation's own history, shuffled.

A budget of alarms becomes the judge's ceiling: the largest p with which the shuffled history stays within it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl

from metrics.board import PLACE, ancestors
from metrics.judge import Rules, judge
from metrics.panel import BLOCK, FIRST

SHUFFLES = 4
WATCHED = 26  # weeks beyond the first year without which a month's alarms cannot be counted
MONTH = 52.1775 / 12
CEILINGS = tuple(Rules.ceiling / 2**halved for halved in range(13))
SCHEMA = {
    "at_most": pl.Float64, "series": pl.Int64, "month": pl.String, "version": pl.String, "ceiling": pl.Float64,
    "given": pl.Float64, "weeks": pl.Int64,
}  # fmt: skip
Limits = Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame]


def unlimited(series: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """Nobody asked for a budget."""
    return pl.DataFrame(schema=SCHEMA)


def rules(limits: pl.DataFrame) -> Rules:
    """What the judge goes by under these limits: one row of `SCHEMA`, or none."""
    return Rules() if limits.is_empty() else replace(Rules(), ceiling=limits["ceiling"].item())


def limited(series: pl.DataFrame, units: pl.DataFrame, at_most: float, shuffles: int = SHUFFLES) -> pl.DataFrame:
    """The largest ceiling with which the shuffled history gives `at_most` alarms a month on average: one row of SCHEMA.

    `series` as the judge takes them; `units`: those published (`unit, parent`). `given` is the mean of the replays,
    null where the history is too short to tell: then the judge's own ceiling stands. That one is never passed. Where
    even the smallest gives more, it stands and `given` says how many.
    """
    mine = series.join(units.select("unit"), "unit", how="semi")
    weeks = mine["week"].n_unique()
    said = {"at_most": at_most, "series": mine.select(PLACE).n_unique(), "weeks": weeks, "month": "", "version": ""}
    if weeks < Rules.mature + WATCHED:
        return pl.DataFrame([said | {"ceiling": CEILINGS[0], "given": None}], schema=SCHEMA)

    @cache
    def given(place: int) -> float:
        return monthly(mine, units, CEILINGS[place], range(shuffles))

    strict = range(1, len(CEILINGS) - 1)
    place = 0 if given(0) <= at_most else 1 + bisect_left(strict, True, key=lambda at: given(at) <= at_most)
    return pl.DataFrame([said | {"ceiling": CEILINGS[place], "given": given(place)}], schema=SCHEMA)


def monthly(series: pl.DataFrame, units: pl.DataFrame, ceiling: float, seeds: range) -> float:
    """Alarms a month with this ceiling, on average of the shuffles of these seeds."""
    months = (series["week"].n_unique() - Rules.mature) / MONTH
    since: date = series["week"].min() + timedelta(weeks=Rules.mature)  # type: ignore[assignment, operator]
    under = replace(Rules(), ceiling=ceiling)
    found = [alarms(judge(shuffled(series, seed), rules=under), units, since) for seed in seeds]
    return sum(found) / len(found) / months


def shuffled(series: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The history in blocks of four weeks dealt anew, one deal for all series: what they share stays together.

    The blocks are the judge's own, so that numbers that tell of four weeks tell of the same four. They follow one
    another without the gaps between them; a break of one's own past has no place in another order.
    """
    number = (pl.col("week") - pl.lit(FIRST)).dt.total_days() // 7
    blocks = series.select((number // BLOCK).unique().sort()).to_series()
    deal = pl.Series(blocks[0] + np.random.default_rng(seed).permutation(len(blocks)))
    dealt = (number // BLOCK).replace_strict(blocks, deal) * BLOCK + number % BLOCK
    week = (pl.lit(FIRST) + pl.duration(weeks=dealt)).cast(pl.Date)
    return series.with_columns(week=week, break_=pl.lit(False)).sort(*PLACE, "week")


def alarms(said: pl.DataFrame, units: pl.DataFrame, since: date) -> int:
    """How many alarms begin from a week on and stand for themselves: no unit above has one of the same side then."""
    known = said.filter(pl.col("verdict") != "unknown").sort(*PLACE, "week")
    rings = pl.col("verdict") == "alarm"
    still = (rings & (pl.col("side") == pl.col("side").shift(1)) & rings.shift(1)).over(PLACE).fill_null(False)
    same = ["indicator", "side", "week"]
    ringing = known.filter(rings).select("unit", *same)
    above = ancestors(units).join(ringing.rename({"unit": "ancestor"}), "ancestor").select("unit", *same)
    began = known.filter(rings & ~still, pl.col("week") >= since)
    return began.join(above, ["unit", *same], how="anti").height

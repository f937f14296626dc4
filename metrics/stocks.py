"""Who holds a needed skill, and what became of them a quarter or two later: counts of people, never people."""

from __future__ import annotations

import polars as pl

from metrics.demand import PAIR, planned
from metrics.supply import held, members
from metrics.weeks import Calendar

PLACE = ["week", *PAIR]
FLOWS = ("kept", "trained", "joined")
STEP, FIRST = 4, pl.date(1970, 1, 5)


def ready(needs: pl.LazyFrame, skills: pl.LazyFrame, teams: pl.LazyFrame, units: pl.LazyFrame, calendar: Calendar,
          ahead: tuple[int, ...]) -> dict[int, pl.DataFrame]:  # fmt: skip
    """Every fourth week the needs as they were known so many weeks ahead, who could meet them, and what became of them.

    By weeks ahead (0 is added: what is needed in that week, told of every week that is looked at): `week, unit, skill,
    level, headcount, size, stock`, and where ahead is not 0 `kept, trained, joined`. `size` are the members of the unit
    and below, `stock` those of them who hold the level; so many weeks later `kept` of the stock are still there and
    hold it, `trained` of the other members and `joined` of those who were no members hold it. Null where that has not
    come yet.
    """
    wanted = {weeks: planned(needs, calendar, weeks).filter(_looked(0)).collect() for weeks in ahead}
    now = planned(needs, calendar).filter(pl.any_horizontal(_looked(weeks) for weeks in (0, *ahead))).collect()
    every = pl.concat([frame.select(PLACE) for frame in (now, *wanted.values())])
    later = pl.concat([every, *(_moved(frame, weeks).select(PLACE) for weeks, frame in wanted.items())]).unique()
    there = members(teams, units, later.filter(pl.col("week") <= calendar.last).lazy()).collect()
    known = held(skills, calendar).join(
        there.lazy().select("week", "person").unique(), on=["week", "person"], how="semi"
    )
    asked = later.lazy().select(PAIR).unique()
    joined = there.lazy().join(known, on=["week", "person"]).join(asked, on=PAIR, how="semi")
    has = joined.select(*PLACE, "person", has="level").collect()
    size = there.group_by("week", "unit").agg(size=pl.len().cast(pl.Int64))
    return {weeks: _counted(frame, has, size, there, weeks, calendar) for weeks, frame in {0: now, **wanted}.items()}


def _looked(weeks: int) -> pl.Expr:
    """Weeks so many after those in which one looks ahead: every fourth, counted from 1970."""
    return ((pl.col("week") - FIRST).dt.total_days() // 7 - weeks) % STEP == 0


def _moved(frame: pl.DataFrame, weeks: int) -> pl.DataFrame:
    return frame.with_columns(week=pl.col("week") + pl.duration(weeks=weeks))


def _counted(
    wanted: pl.DataFrame, has: pl.DataFrame, size: pl.DataFrame, there: pl.DataFrame, ahead: int, calendar: Calendar
) -> pl.DataFrame:
    """The needs with size and stock, and their flows where they look ahead."""
    able = wanted.select(*PLACE, "level").join(has, on=PLACE).filter(pl.col("has") >= pl.col("level"))
    stock = able.group_by(PLACE).agg(stock=pl.len().cast(pl.Int64))
    found = wanted.join(size, on=["week", "unit"]).join(stock, on=PLACE, how="left")
    found = found.with_columns(pl.col("stock").fill_null(0)).sort(PLACE)
    if not ahead:
        return found
    over = pl.col("week") + pl.duration(weeks=ahead) <= calendar.last
    flows = _flows(wanted, able, has, there, ahead)
    joined = found.join(flows, on=PLACE, how="left")
    return joined.with_columns(pl.when(over).then(pl.col(name).fill_null(0)).alias(name) for name in FLOWS)


def _flows(
    wanted: pl.DataFrame, able: pl.DataFrame, has: pl.DataFrame, there: pl.DataFrame, ahead: int
) -> pl.DataFrame:
    """Of those who hold the level so many weeks later: who held it, who was there without it, who was elsewhere."""
    back = _moved(has, -ahead).rename({"has": "later"})
    then = wanted.select(*PLACE, "level").join(back, on=PLACE).filter(pl.col("later") >= pl.col("level"))
    before = able.select(*PLACE, "person", was=pl.lit(True))
    member = there.select("week", "unit", "person", here=pl.lit(True))
    both = then.join(before, on=[*PLACE, "person"], how="left").join(member, on=["week", "unit", "person"], how="left")
    was, here = pl.col("was").fill_null(False), pl.col("here").fill_null(False)
    counts = {"kept": was, "trained": ~was & here, "joined": ~was & ~here}
    return both.group_by(PLACE).agg(flag.sum().cast(pl.Int64).alias(name) for name, flag in counts.items())

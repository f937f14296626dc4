"""How many people with a skill are needed, week by week: as it came, and as it was planned a while before."""

from __future__ import annotations

import polars as pl

from metrics.weeks import Calendar, monday

OPEN = 26  # weeks a post to be filled stays open, unless it is stated anew
SEASON = 13
FEW = 5.0
PAIR = ["unit", "skill"]
SHAPE = {"week": pl.Date, "unit": pl.String, "skill": pl.String, "level": pl.Float64, "headcount": pl.Float64}


def planned(needs: pl.LazyFrame, calendar: Calendar, ahead: int = 0) -> pl.LazyFrame:
    """What each unit was known in each week to need so many weeks ahead: `week, unit, skill, level, headcount`.

    Roles, projects and posts to be filled; `level` is the mean over the headcount. A later need replaces the one before
    of the same unit, project and skill; a post stays open for 26 weeks. A need is known from when it was last changed,
    at the latest from when it starts. `ahead` 0: what is needed in that week.
    """
    asked = needs.filter(pl.col("unit").is_not_null(), pl.col("starts").is_not_null())
    starts = monday(pl.col("starts")) - pl.duration(weeks=ahead)
    known = pl.min_horizontal(
        monday(pl.col("changed").dt.date()).fill_null(pl.date(9999, 1, 4)), monday(pl.col("starts"))
    )
    post = (pl.col("kind") == "requisition").fill_null(False)
    dated = asked.with_columns(post=post, begins=starts, effective=pl.max_horizontal(starts, known))
    key = ["post", "unit", "project", "skill"]
    later = pl.col("effective").shift(-1).reverse().cum_min().reverse().over(key, order_by=["starts", "need"])
    closes = pl.when(post).then(pl.col("begins") + pl.duration(weeks=OPEN - 1))
    until = pl.min_horizontal(later - pl.duration(weeks=1), closes, pl.lit(calendar.this))
    spread = dated.with_columns(week=pl.date_ranges("effective", until, "1w")).filter(pl.col("week").list.len() > 0)
    each = spread.explode("week").filter(pl.col("headcount") > 0).group_by("week", *PAIR).agg(
        level=(pl.col("level") * pl.col("headcount")).sum() / pl.col("headcount").sum(),
        headcount=pl.col("headcount").sum(),
    )  # fmt: skip
    return each.select(pl.col(name).cast(kind) for name, kind in SHAPE.items())


def tagged(tickets: pl.LazyFrame, calendar: Calendar) -> pl.DataFrame:
    """How much more work of a skill came in a quarter than in the one before, as a logarithm: `week, skill, work`."""
    known = tickets.filter(pl.col("skill").is_not_null(), pl.col("opened").is_not_null())
    weekly = known.group_by("skill", week=calendar.week(pl.col("opened"))).agg(many=pl.len().cast(pl.Float64)).collect()
    if weekly.is_empty():
        return pl.DataFrame(schema={"week": pl.Date, "skill": pl.String, "work": pl.Float64})
    weeks = weekly.select(week=pl.date_range(pl.col("week").min(), calendar.this, "1w"))
    every = weeks.join(weekly.select("skill").unique(), how="cross")
    full = every.join(weekly, on=["week", "skill"], how="left").with_columns(pl.col("many").fill_null(0.0))
    quarter = pl.col("many").rolling_sum(SEASON).over("skill", order_by="week")
    both = full.sort("skill", "week").with_columns(now=quarter)
    before = pl.col("now").shift(SEASON).over("skill", order_by="week")
    grown = both.with_columns(work=((pl.col("now") + FEW) / (before + FEW)).log())
    return grown.select("week", "skill", "work").drop_nulls()


def sought(demand: pl.LazyFrame, weeks: pl.DataFrame) -> pl.DataFrame:
    """How much more a skill is sought outside than a quarter before, as a logarithm: `week, skill, outside`.

    Of an index the last value of 26 weeks counts; a skill without one then or now has no row.
    """
    said = demand.filter(pl.col("index") > 0).select("skill", "index", day="day").sort("day").collect()
    asked = weeks.join(said.select("skill").unique(), how="cross").sort("week")
    now = _last(asked.with_columns(at=pl.col("week") + pl.duration(days=6)), said)
    then = now.with_columns(at=pl.col("at") - pl.duration(weeks=SEASON))
    both = _last(then, said.rename({"index": "before"}))
    return both.select("week", "skill", outside=(pl.col("index") / pl.col("before")).log()).drop_nulls()


def _last(asked: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """With the last value of each skill in the 26 weeks up to `at`."""
    tolerance = f"{OPEN}w"
    found = asked.sort("at").join_asof(
        said, left_on="at", right_on="day", by="skill", tolerance=tolerance, check_sortedness=False
    )
    return found.drop("day", strict=False)

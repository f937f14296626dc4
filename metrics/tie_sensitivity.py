"""How much what is told of ties depends on the rule by which people count as tied."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from metrics.indicator import Indicator, Tables, turned
from metrics.network import Rule
from metrics.publishing import PLACE, Setting, seen
from metrics.rounding import rounded
from metrics.weeks import Calendar

OURS = Rule()
RULES = (
    OURS, Rule(turns=1), Rule(turns=3), Rule(weeks=2), Rule(weeks=8), Rule(crowded=15), Rule(crowded=60),
)  # fmt: skip
BEFORE = timedelta(weeks=13)
STILL = 0.05  # of what it was: who moves by less stands still
CHOICES = ["turns", "weeks", "crowded"]
SHAPE = {
    "indicator": pl.String, "unit": pl.String, **dict.fromkeys(CHOICES, pl.Int64), "week": pl.Date,
    "value": pl.Float64, "ours": pl.Float64, "alike": pl.Boolean,
}  # fmt: skip
Counted = dict[tuple[Rule, str], tuple[pl.DataFrame, pl.DataFrame]]


def otherwise(tables: Tables, indicators: Mapping[str, Indicator], calendar: Calendar) -> Counted:
    """The evidence of the indicators of ties, and the people behind it, in the last whole week and the one 13 weeks
    before, under each rule: ours, and those that differ from it in one thing."""
    weeks = [calendar.last - BEFORE, calendar.last]
    every = [one for one in indicators.values() if "pairs" in one.parameters and not one.missing(tables)]
    found: Counted = {}
    for rule in RULES if every else ():
        since = weeks[0] - timedelta(weeks=2 * rule.weeks)
        pairs = turned(tables, calendar, since, rule).filter(pl.col("week").is_in(weeks))
        given = {**tables, "pairs": pairs.lazy()}
        found |= {(rule, one.name): one.counted(given, calendar) for one in every}
    return found


def sensitivity(
    counted: Counted, indicators: Mapping[str, Indicator], setting: Setting, cells: pl.DataFrame
) -> pl.DataFrame:
    """What each unit's value would be under each rule (`SHAPE`), where its own cell is shown.

    `ours` is the value by our rule. `alike` says whether since 13 weeks before it moved the same way as ours; null
    where that is not known.
    """
    if not counted:
        return pl.DataFrame(schema=SHAPE)
    frames = [beside(one, counted, setting) for one in dict.fromkeys(indicators[name] for _, name in counted)]
    told = cells.filter(pl.col("state") == "shown", pl.col("value").is_not_null()).select(PLACE)
    now = pl.concat(frames).filter(pl.col("state") == "shown", pl.col("value").is_not_null())
    now = now.select(*PLACE, *CHOICES, "value").join(told, on=PLACE, how="semi")
    then = now.with_columns(pl.col("week") + BEFORE).rename({"value": "before"})
    both = now.filter(week=setting.calendar.last).join(then, on=[*PLACE, *CHOICES], how="left")
    ours = both.filter(ours_only()).select(*PLACE, ours="value", ours_before="before")
    compared = both.join(ours, on=PLACE).with_columns(alike=alike())
    return rounded(compared.select(pl.col(name).cast(kind) for name, kind in SHAPE.items()).sort(list(SHAPE)[:5]))


def beside(one: Indicator, counted: Counted, setting: Setting) -> pl.DataFrame:
    """An indicator's cells under every rule, each rule decided upon as if it were an indicator of its own."""
    mine = {f"{one.name} {number}": rule for number, (rule, name) in enumerate(counted) if name == one.name}
    parts = [
        [frame.with_columns(indicator=pl.lit(name)) for frame in counted[rule, one.name]] for name, rule in mine.items()
    ]
    evidence, people = (pl.concat(frames) for frames in zip(*parts, strict=True))
    cells = seen(one, evidence, people, setting).cells
    rules = [
        {"indicator": name, **{choice: getattr(rule, choice) for choice in CHOICES}} for name, rule in mine.items()
    ]
    shape = {"indicator": pl.String, **dict.fromkeys(CHOICES, pl.Int64)}
    return cells.join(pl.DataFrame(rules, schema=shape), on="indicator").with_columns(indicator=pl.lit(one.name))


def ours_only() -> pl.Expr:
    return pl.all_horizontal(pl.col(choice) == getattr(OURS, choice) for choice in CHOICES)


def alike() -> pl.Expr:
    """False where one clearly rose and the other fell."""
    mine, other = pl.col("value") - pl.col("before"), pl.col("ours") - pl.col("ours_before")
    clear = (mine.abs() > STILL * pl.col("before").abs()) | (other.abs() > STILL * pl.col("ours_before").abs())
    return ~(clear & (mine * other < 0))

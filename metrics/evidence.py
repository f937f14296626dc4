"""Evidence: numbers per unit and week that add up, over the tree and over time, and are read only at the end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import polars as pl

from metrics.kinds import KINDS, blocks, ties
from metrics.kinds.kind import KEYS, PLACE

if TYPE_CHECKING:
    from metrics.indicator import Indicator

Frame = pl.DataFrame | pl.LazyFrame
WITHHELD = 10
TOLD_APART = ("other", "bucket")
VALUES = ["value", "low", "high"]
NAMED = ["indicator", "unit"]


def placed(rows: pl.LazyFrame, teams: pl.LazyFrame | None) -> pl.LazyFrame:
    """The rows, each person in the team of record of the week, else in the row's own unit; without either, dropped."""
    if teams is not None:
        rows = rows.join(teams.select("person", "week", team="unit"), on=["person", "week"], how="left")
        rows = rows.with_columns(unit=pl.coalesce("team", "unit")).drop("team")
    return rows.filter(pl.col("unit").is_not_null())


def gathered(rows: pl.LazyFrame, indicator: Indicator) -> pl.LazyFrame:
    """Leaf evidence from rows that have been placed; `people` stands once per unit and week, on its first row."""
    kind = KINDS[indicator.kind]
    sums = kind.gather(rows).join(_crowd(rows), on=PLACE, how="left").with_columns(pl.col("people").fill_null(0))
    named = sums.with_columns(indicator=pl.lit(indicator.name)).with_columns(_on_first_row(kind.apart))
    ordered = named.select(*KEYS, *kind.apart, pl.exclude(*KEYS, *kind.apart, "people"), "people")
    return ordered.with_columns(_steady()).sort(*KEYS, *kind.apart)


def added(evidence: Frame) -> pl.DataFrame:
    """Evidence with equal keys added into one row, in whatever pieces it came."""
    lazy = evidence.lazy().with_columns(pl.col(NAMED).cast(pl.Categorical))
    return _sums(lazy).with_columns(pl.col(NAMED).cast(pl.String)).sort(_keys(lazy.collect_schema().names())).collect()


def _sums(lazy: pl.LazyFrame) -> pl.LazyFrame:
    columns = lazy.collect_schema().names()
    keys = _keys(columns)
    adds = [pl.col(column).sum() for column in columns if column not in keys]
    return lazy.group_by(keys).agg(adds).select(columns)


def _told(sums: pl.LazyFrame, apart: list[str]) -> pl.LazyFrame:
    """Windows with `people` on their first rows, and names as text again."""
    return sums.with_columns(_on_first_row(apart)).with_columns(pl.col(NAMED).cast(pl.String))


def roll_up(evidence: Frame, tree: Frame) -> pl.DataFrame:
    """Leaf evidence added up the tree of each week: a row for every ancestor that has any.

    `tree` is `week, unit, ancestor, distance` (see `metrics.tree`) and must hold every unit and week of the evidence; a
    `ValueError` names one that it does not. Roll up before taking windows: then each week counts under its own tree.
    """
    leaves, above = evidence.lazy(), tree.lazy().select("week", "unit", "ancestor", "distance")
    strays = leaves.join(above, on=PLACE, how="anti").select("unit", "week").head(1).collect()
    if not strays.is_empty():
        unit, week = strays.row(0)
        raise ValueError(f"unit {unit!r} is not in the tree of {week}; name it when making the tree")
    columns = leaves.collect_schema().names()
    if "other" in columns:
        up = blocks.roll_up if "outer" in columns else ties.roll_up
        return added(up(leaves, above))
    return added(leaves.join(above, on=PLACE).with_columns(unit="ancestor").drop("ancestor", "distance"))


def windowed(evidence: Frame, weeks: int = 4) -> pl.DataFrame:
    """Evidence of windows of whole weeks, each under its last week; `people` is that of the largest week.

    Windows end no later than the last week of the evidence.
    """
    lazy = evidence.lazy().with_columns(pl.col(NAMED).cast(pl.Categorical))  # a name is compared millions of times
    apart = [column for column in TOLD_APART if column in lazy.collect_schema().names()]
    if weeks == 1:
        return _told(lazy, apart).sort(KEYS + apart).collect()
    crowd = lazy.group_by(KEYS).agg(pl.col("people").sum())
    largest = _spread(crowd, weeks).group_by(KEYS).agg(pl.col("people").max())
    sums = _sums(_spread(lazy.drop("people"), weeks)).join(largest, on=KEYS, how="left")
    return _told(sums, apart).sort(KEYS + apart).collect()


def read(evidence: Frame, indicator: Indicator, *, whole: bool = False) -> pl.DataFrame:
    """What the evidence says, as the screen shows it: `indicator, unit, week, value, low, high, n, people, mark`.

    `whole`: no key stands twice, as after rolling up and taking windows; else equal keys are added first.

    Shares in percent, scales 0 to 100, 95 % intervals. Below 10 events (or `least`, if lower) the value is withheld
    and marked "too few"; below `least` it is marked "low volume". What cannot be known is null, never zero.
    """
    raw = _raw(evidence, indicator, whole=whole)
    few = pl.col("n") < min(WITHHELD, indicator.least)
    mark = pl.when(few).then(pl.lit("too few")).when(pl.col("n") < indicator.least).then(pl.lit("low volume"))
    shown = [pl.when(~few).then(pl.col(column) * KINDS[indicator.kind].factor).alias(column) for column in VALUES]
    return raw.with_columns(*shown, mark=mark.otherwise(pl.lit(""))).drop("sd").collect()


def series(evidence: Frame, indicator: Indicator, *, whole: bool = False) -> pl.DataFrame:
    """What the evidence says, raw and with nothing withheld, for judging: shares from 0 to 1, and `sd` of one event."""
    facts = {"kind": indicator.kind, "better": indicator.better}
    told = _raw(evidence, indicator, whole=whole)
    return told.with_columns(pl.lit(fact).alias(name) for name, fact in facts.items()).collect()


def crowds(rows: pl.LazyFrame, indicator: Indicator) -> pl.DataFrame:
    """Distinct people behind each window, from rows that have been placed: `indicator, unit, week, people`.

    Each person counts in one unit a window: where most of their rows are, then the first by name. So people add up the
    tree, under the tree of the window's last week.
    """
    named = _crowd(rows, indicator.window).with_columns(indicator=pl.lit(indicator.name))
    return named.select(*KEYS, "people").sort(KEYS).collect()


def own(evidence: Frame, indicator: Indicator) -> pl.LazyFrame:
    """An indicator's rows out of a table of many, with the columns of its kind alone."""
    mine = evidence.lazy().filter(pl.col("indicator") == indicator.name)
    return mine.select(column for column in mine.collect_schema().names() if KINDS[indicator.kind].keeps(column))


def _raw(evidence: Frame, indicator: Indicator, *, whole: bool) -> pl.LazyFrame:
    sums = evidence.lazy() if whole else added(evidence).lazy()
    crowd = sums.group_by(KEYS).agg(pl.col("people").sum())
    values = KINDS[indicator.kind].read(sums, indicator.target)
    return values.join(crowd, on=KEYS).select(*KEYS, *VALUES, "n", "people", "sd").with_columns(_steady()).sort(KEYS)


def _crowd(rows: pl.LazyFrame, weeks: int = 1) -> pl.LazyFrame:
    """Distinct people per unit and window, each in one unit: where most of their rows are, then the first by name.

    Names are numbered first, units in their order: numbers are compared many times faster.
    """
    known = rows.filter(pl.col("person").is_not_null()).select("week", "unit", "person").collect()
    names = known["unit"].unique().sort()
    unit, person = pl.col("unit").cast(pl.Enum(names)), pl.col("person").cast(pl.Categorical)
    numbered = known.lazy().with_columns(unit.to_physical(), person.to_physical())
    counts = numbered.group_by("person", "unit", "week").agg(rows=pl.len()).collect().lazy()
    if weeks > 1:
        counts = _spread(counts, weeks).group_by("person", "unit", "week").agg(pl.col("rows").sum()).collect().lazy()
    where = counts.group_by("person", "week").agg(pl.col("unit").min(), last=pl.col("unit").max()).collect().lazy()
    torn = where.filter(pl.col("unit") != pl.col("last"))
    most = counts.join(torn, on=["person", "week"], how="semi").sort(["rows", "unit"], descending=[True, False])
    most = most.unique(["person", "week"], keep="first", maintain_order=True)
    settled = where.filter(pl.col("unit") == pl.col("last"))
    each = pl.concat([settled.select(PLACE), most.select(PLACE)])
    told = pl.LazyFrame({"unit": pl.Series(range(len(names)), dtype=pl.UInt32), "name": names})
    people = each.group_by(PLACE).agg(people=pl.len().cast(pl.Int64)).join(told, on="unit")
    return people.select("week", "people", unit="name")


def _spread(evidence: pl.LazyFrame, weeks: int) -> pl.LazyFrame:
    """Every row once for each window it belongs to, bearing the window's last week."""
    known = evidence.with_columns(last_week=pl.col("week").max())
    ends = [known.with_columns(pl.col("week") + pl.duration(weeks=later)) for later in range(weeks)]
    return pl.concat(ends).filter(pl.col("week") <= pl.col("last_week")).drop("last_week")


def _steady() -> pl.Expr:
    """Amounts to twelve digits and nine decimals: the order in which threads add them up does not show."""
    return pl.selectors.float().round_sig_figs(12).round(9)


def _keys(columns: list[str]) -> list[str]:
    return [column for column in (*KEYS, *TOLD_APART) if column in columns]


def _on_first_row(apart: Iterable[str]) -> pl.Expr:
    """`people` on the first row of each unit and week alone, so that it may be summed."""
    firsts = {"other": pl.col("other").is_null(), "bucket": pl.col("bucket") == pl.col("bucket").min().over(KEYS)}
    first = pl.all_horizontal([pl.lit(True), *(firsts[column] for column in apart)])
    return pl.when(first).then("people").otherwise(0).alias("people")

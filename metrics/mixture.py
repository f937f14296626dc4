"""Rate or mix: how much of a unit's movement its units below made by moving, and how much by growing or shrinking.

Kitagawa 1955 (J. American Statistical Association 50:1168), known to economists as Oaxaca and Blinder's. Only of
published numbers, and of none where a unit below is hidden or the units below do not make up the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import polars as pl

from metrics.indicator import Indicator
from metrics.sentence import number
from metrics.whereabouts import alone, listed

KINDS = ("share", "mean", "rate")
WEEKS = 24  # weeks before the movement that are compared with now
COVERED = 0.95  # how much of a whole its parts must make up
LARGE = 0.1  # the part of a movement that is worth a word
NAMED = 2
SCHEMA = {"child": pl.String, "rate": pl.Float64, "mix": pl.Float64}


def kitagawa(parts: pl.DataFrame) -> pl.DataFrame:
    """`child, rate, mix` from `child, before, now, n_before, n_now`; all of them add up to how the whole moved.

    `rate`: what its own change did, at its average weight; `mix`: what its change of weight did, measured against how
    far it is from the whole. Of a child without events on one side the other side's value stands for both.
    """
    before, now = pl.col("before").fill_null(pl.col("now")), pl.col("now").fill_null(pl.col("before"))
    then, later = pl.col("n_before") / pl.col("n_before").sum(), pl.col("n_now") / pl.col("n_now").sum()
    whole = ((then * before).sum() + (later * now).sum()) / 2
    rate = (then + later) / 2 * (now - before)
    return parts.select("child", rate=rate, mix=(later - then) * ((before + now) / 2 - whole))


def mixtures(
    rows: pl.DataFrame, cells: pl.DataFrame, units: pl.DataFrame, indicators: Mapping[str, Indicator]
) -> list[str]:
    """A sentence for each row of the board that rings by itself and whose units below are all known; else empty.

    `rows`: `indicator, unit, verdict, folded, week, since, began`; `cells` and `units` as published.
    """
    names = dict(units.select("unit", "name").iter_rows())
    below = units.filter(pl.col("parent").is_not_null()).group_by("parent").agg("unit")
    children = {unit: mine for unit, mine in below.iter_rows() if len(mine) > 1}
    ringing = [row["unit"] for row in rows.iter_rows(named=True) if alone(row) and row["unit"] in children]
    near = cells.filter(pl.col("unit").is_in([*ringing, *(one for unit in ringing for one in children[unit])]))
    told = []
    for row in rows.iter_rows(named=True):
        one = indicators[row["indicator"]]
        fits = alone(row) and row["unit"] in children and one.kind in KINDS
        mine = near.filter(pl.col("indicator") == one.name) if fits else near.clear()
        told.append(said(split(row, mine, children[row["unit"]], one), names, one) if fits else "")
    return told


def split(row: Mapping[str, Any], cells: pl.DataFrame, children: list[str], one: Indicator) -> pl.DataFrame:
    """The parts of one movement; empty where they cannot be told from published numbers."""
    nothing = pl.DataFrame(schema=SCHEMA)
    start = row.get("began") or row["since"]
    if start is None:
        return nothing
    ends = [row["week"] - timedelta(weeks=one.window * back) for back in range(1, 53)]
    past = [week for week in ends if week < start][: max(WEEKS // one.window, 1)]
    used = cells.filter(pl.col("week").is_in([row["week"], *past]))
    parts = used.filter(pl.col("unit").is_in(children))
    if not past or (parts["state"] != "shown").any() or row["week"] < start:
        return nothing
    weight = pl.col("n") / pl.col("value") if one.kind == "rate" else pl.col("n")
    known = used.with_columns(weight=weight.cast(pl.Float64), late=pl.col("week") == row["week"])
    known = known.filter(pl.col("value").is_not_null(), pl.col("weight").is_finite(), pl.col("weight") > 0)
    pooled = known.group_by("unit", "late").agg(
        value=(pl.col("value") * pl.col("weight")).sum() / pl.col("weight").sum(), n=pl.col("weight").sum()
    )
    now, then = (pooled.filter(pl.col("late") == late).drop("late") for late in (True, False))
    both = then.rename({"value": "before", "n": "n_before"}).join(
        now.rename({"value": "now", "n": "n_now"}), "unit", how="full", coalesce=True
    )
    whole, parts = both.filter(pl.col("unit") == row["unit"]), both.filter(pl.col("unit").is_in(children))
    if whole.is_empty() or not made_up(whole.row(0, named=True), parts):
        return nothing
    return kitagawa(parts.rename({"unit": "child"}).with_columns(pl.col("n_before", "n_now").fill_null(0.0)))


def made_up(whole: Mapping[str, Any], parts: pl.DataFrame) -> bool:
    """Whether the parts make up the whole, before and now; of a unit's own members alone nothing may be worked out."""
    for side in ("n_before", "n_now"):
        if whole[side] is None or not COVERED <= parts[side].sum() / whole[side] <= 2 - COVERED:
            return False
    return True


def said(parts: pl.DataFrame, names: Mapping[str, str], one: Indicator) -> str:
    """`Of the fall of 6 points, 5 come from Payments and 1 comes from more of the work being where it is low.`"""
    rate, mix = (float(parts[name].sum()) for name in ("rate", "mix"))
    total = rate + mix
    if parts.is_empty() or not total:
        return ""
    large = parts.filter((pl.col("rate") / total).abs() >= LARGE, pl.col("child").is_in(list(names)))
    with_it = pl.col("rate") / total > 0
    sides = [
        large.filter(side).sort(pl.col("rate").abs(), "child", descending=[True, False]) for side in (with_it, ~with_it)
    ]
    named = pl.concat([side.head(NAMED) for side in sides])
    given = [(value, names[child], names[child]) for child, value in named.select("child", "rate").iter_rows()]
    others = "the other units below" if given else "the units below"
    given += [(total - mix - float(named["rate"].sum()), others, others)]
    where = f"more of the work being where it is {'low' if total < 0 else 'high'}"
    given += [(mix, where, "a shift of work between units")]
    helped = [
        f"{figure(value)} {'comes' if figure(value) == '1' else 'come'} from {words}"
        for value, words, _ in given
        if value / total >= LARGE
    ]
    held = [f"{words} ({figure(value)})" for value, _, words in given if value / total <= -LARGE]
    measure = "points" if one.unit == "%" else one.unit
    moved = f"Of the {'fall' if total < 0 else 'rise'} of {figure(total)} {measure}".rstrip()
    return f"{moved}, {listed(helped)}{f'; held back by {listed(held)}' if held else ''}."


def figure(value: float) -> str:
    size = abs(value)
    return number(size) if size < 1 else f"{size:,.1f}".removesuffix(".0")

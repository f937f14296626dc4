"""Where else an alarm shows: the units below that moved the same way, which moved first, what else moved there, and
whether what should move with it has.

All of it is read from verdicts that are published anyway; none of it claims a cause.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from metrics.indicator import Indicator
from metrics.sentence import day, rises, several

MOST = 3


def whereabouts(rows: pl.DataFrame, indicators: Mapping[str, Indicator]) -> list[str]:
    """A few words for each row, empty where there is nothing to add; only alarms that stand for themselves get any.

    `rows`: `indicator, unit, name, parent, verdict, side, since, state, strength, folded`.
    """
    stirring = rows.filter(pl.col("verdict").is_in(["alarm", "watch"]), pl.col("state") == "shown")
    near = [row for row in stirring.iter_rows(named=True) if row["strength"] is not None]
    every = {(row["indicator"], row["unit"]): row for row in rows.iter_rows(named=True)}
    return [
        f"{said(row, near, indicators)} {checked(row, every, indicators)}".strip() if alone(row) else ""
        for row in rows.iter_rows(named=True)
    ]


def alone(row: Mapping[str, Any]) -> bool:
    return bool(row["verdict"] == "alarm" and row["folded"] is None)


def said(row: Mapping[str, Any], near: list[dict[str, Any]], indicators: Mapping[str, Indicator]) -> str:
    same = [one for one in near if one["indicator"] == row["indicator"] and one["side"] == row["side"]]
    below = [one for one in same if one["parent"] == row["unit"] and one["unit"] != row["unit"]]
    told = {row["indicator"], (indicators[row["indicator"]].paired or ("",))[0]}  # the pair is spoken of by itself
    beside = [one for one in near if one["unit"] == row["unit"] and one["indicator"] not in told]
    parts = []
    if below:
        parts.append(f"Below it most in {listed([one['name'] for one in strongest(below)])}.")
    if first := earliest(row, [one for one in same if one["unit"] != row["unit"]]):
        parts.append(f"{first['name']} moved first, in the week of {day(first['since'])}.")
    if beside:
        also = [f"{indicators[one['indicator']].title} ({one['side']})" for one in strongest(beside)]
        parts.append(f"Also moving there: {listed(also)}.")
    return " ".join(parts)


def checked(row: Mapping[str, Any], every: Mapping[tuple[str, str], Any], indicators: Mapping[str, Indicator]) -> str:
    """Whether the paired indicator, which should move too if this one really moved, has; no claim that one made it.

    Nothing of a pair that is known nowhere: it would be said of every alarm, and tell nothing.
    """
    one = indicators[row["indicator"]]
    if one.paired is None or not any(name == one.paired[0] for name, _ in every):
        return ""
    other, way = one.paired
    up = rises(row, one) == (way == "same")
    title, many = indicators[other].title, several(indicators[other].title)
    should = f"{title}, which should {'rise' if up else 'fall'} too,"
    found = every.get((other, row["unit"]))
    if found is None or found["state"] != "shown" or found["verdict"] == "unknown":
        return f"{should} cannot be checked: {'they are' if many else 'it is'} unknown."
    has = "have" if many else "has"
    if found["verdict"] == "ok":
        return f"{should} {has} not moved."
    return f"{should} {has} {moved(found, indicators[other], up)}."


def moved(row: Mapping[str, Any], one: Indicator, up: bool) -> str:
    """`moved too`, `perhaps moved too`, or `moved the other way`."""
    perhaps = "perhaps " if row["verdict"] == "watch" else ""
    return f"{perhaps}moved {'too' if rises(row, one) == up else 'the other way'}"


def strongest(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda one: (-abs(one["strength"]), one["unit"], one["indicator"]))[:MOST]


def earliest(row: Mapping[str, Any], others: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The unit below that had begun to move before this one; of those beside it not everybody may know."""
    family = [one for one in others if one["parent"] == row["unit"] and one["since"]]
    before = [one for one in family if row["since"] and one["since"] < row["since"]]
    return min(before, key=lambda one: (one["since"], one["unit"]), default=None)


def listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

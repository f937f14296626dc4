"""What people say beside what they do: whether the survey and the behaviour it speaks of moved the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

SAYS = "psychological_safety"
WEEKS = 13
CLEAR = 1.645
SHAPE = {
    "unit": pl.String, "week": pl.Date, "indicator": pl.String, "says": pl.String, "does": pl.String,
    "flag": pl.String, "words": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Paired:
    """A behaviour that should go with safety: `up` if it rises with it; the words for each way it may go."""

    indicator: str
    up: bool
    more: str
    less: str


PAIRED = (
    Paired("help_seeking", True, "they ask more", "they ask less"),
    Paired("incident_review", True, "more severe incidents are reviewed", "fewer severe incidents are reviewed"),
    Paired("repeat_incidents", False, "more trouble comes back", "less trouble comes back"),
)
SAID = {"up": "People say they feel safer", "down": "People say they feel less safe", "same": "People say the same"}


def agreement(cells: pl.DataFrame, pairs: Mapping[str, Paired] | None = None) -> pl.DataFrame:
    """One row per unit and paired behaviour, for the change between the last two surveys (`SHAPE`).

    `cells`: published cells (`indicator, unit, week, state, value, low, high`). A change is `up` or `down` where the
    90 % interval of the difference leaves nought out, else `same`. Behaviour is compared between the 13 weeks up to
    the one survey and the 13 up to the other. `flag`: agree, disagree, or cannot say (a side is unknown, or neither
    moved).
    """
    chosen = pairs or {one.indicator: one for one in PAIRED}
    seen = pl.col("state") == "shown", pl.col("value").is_not_null(), pl.col("indicator").is_in([SAYS, *chosen])
    known = cells.filter(*seen).sort("week").partition_by("unit", as_dict=True)
    rows = []
    for (unit,), mine in sorted(known.items()):
        waves = mine.filter(indicator=SAYS)
        if waves.height < 2:
            continue
        before, after = waves.tail(2).rows(named=True)
        says = _way(before["value"], _error(before), after["value"], _error(after))
        for name, one in chosen.items():
            does = _behaviour(mine.filter(indicator=name), before["week"], after["week"])
            rows.append((unit, after["week"], name, says, does, *_flag(one, says, does)))
    return pl.DataFrame(rows, schema=SHAPE, orient="row")


def _flag(one: Paired, says: str, does: str) -> tuple[str, str]:
    if does == "unknown":
        return "cannot say", f"{SAID[says]}; what they do is not known."
    moved = {"up": one.more, "down": one.less, "same": "what they do has not clearly changed"}[does]
    if says == "same" and does == "same":
        return "cannot say", "Neither what people say nor what they do has clearly changed."
    expected = says if one.up else {"up": "down", "down": "up"}.get(says, says)
    agree = does == expected
    return ("agree", f"{SAID[says]}, and {moved}.") if agree else ("disagree", f"{SAID[says]}, but {moved}.")


def _behaviour(cells: pl.DataFrame, before: object, after: object) -> str:
    """Which way the last window before each survey moved; windows apart by less than a quarter do not count twice."""
    ends = [cells.filter(pl.col("week") <= week, pl.col("week") > week - timedelta(weeks=WEEKS)).tail(1)  # type: ignore[operator]
            for week in (before, after)]  # fmt: skip
    if any(end.is_empty() for end in ends):
        return "unknown"
    one, two = (end.row(0, named=True) for end in ends)
    return _way(one["value"], _error(one), two["value"], _error(two))


def _error(cell: Mapping[str, float | None]) -> float:
    low, high = cell["low"], cell["high"]
    return (high - low) / (2 * 1.96) if low is not None and high is not None else float("inf")


def _way(before: float, error: float, after: float, other: float) -> str:
    spread = (error**2 + other**2) ** 0.5
    if abs(after - before) <= CLEAR * spread:
        return "same"
    return "up" if after > before else "down"

"""Each kind of number in small: a handful of made-up rows, counted and read by the code that counts the real ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from metrics.evidence import roll_up
from metrics.indicator import Indicator
from metrics.kinds import KINDS
from metrics.sentence import amount, events, number

WEEK = date(2026, 9, 7)
Row = dict[str, Any]


@dataclass(frozen=True)
class Miniature:
    """What happened, in words with the indicator's own events, and the rows it comes as."""

    words: Callable[[Indicator], str]
    rows: Callable[[Indicator], list[Row]]


def waited(one: Indicator) -> list[Row]:
    early, half, late = round(one.target / 4), round(one.target / 2), round(one.target)
    ages = [(early, 1)] * 10 + [(half, 1)] * 4 + [(half, 0)] * 3 + [(late, 0)] * 3
    return [{"bucket": age, "done": done, "waiting": 1 - done} for age, done in ages]


def asked(_: Indicator) -> list[Row]:
    scores = [40.0, 50.0, 55.0, 60.0, 60.0, 65.0, 70.0, 80.0]
    return [{"score": score, "before": None, "items": [score]} for score in scores]


def alike(of: Row, many: int) -> list[Row]:
    return [of] * many


def holders(*counts: tuple[int, int]) -> list[Row]:
    """So many holders of each count: `(many, count)`."""
    return [{"bucket": count, "holders": 1} for many, count in counts for _ in range(many)]


def people(units: str, many: int, **columns: Any) -> list[Row]:
    return [{"unit": unit, "other": None, "size": 1} | columns for unit in units for _ in range(many)]


def tied(one: str, other: str, many: int) -> list[Row]:
    return [{"unit": one, "other": other, "ties": 1, "size": 0}] * many


def islands(_: Indicator) -> list[Row]:
    rings = [row for one, other in zip("abcde", "bcdea", strict=True) for row in tied(one, other, 2)]
    return [*people("abcde", 4, ties=0), *(row for unit in "abcde" for row in tied(unit, unit, 4)), *rings]


def levels(one: Indicator) -> tuple[float, float, float]:
    return (0.2, 0.5, 0.8) if one.unit == "of 1" else (1.0, 2.0, 3.0)


def two_teams(within: int, between: int) -> list[Row]:
    return [*people("ab", 10, ties=0), *(row for unit in "ab" for row in tied(unit, unit, within)),
            *tied("a", "b", between)]  # fmt: skip


def bridges(_: Indicator) -> list[Row]:
    none = {"linked": 0, "fragile": 0}
    links = [("a", "b", 0), ("a", "c", 1), ("b", "c", 0), ("c", "d", 1)]
    return [*people("abcd", 10, **none), *({"unit": one, "other": other, "size": 0, "linked": 1, "fragile": thin}
            for one, other, thin in links)]  # fmt: skip


def left_early(one: Indicator) -> list[Row]:
    half, late = round(one.target / 2), round(one.target)
    ends = [(half, 1, 0)] * 8 + [(half, 0, 1)] * 4 + [(late, 0, 0)] * 8
    return [{"bucket": age, "done": done, "left": left, "waiting": 1 - done - left} for age, done, left in ends]


WAITED = Miniature(
    lambda one: (
        f"of 20, 10 are done after {one.target / 4:.0f}, 4 after {one.target / 2:.0f}; 3 have waited "
        f"{one.target / 2:.0f} so far, 3 all of {one.target:.0f}"
    ),
    waited,
)
SHARE = Miniature(
    lambda one: f"of 40 {events(one)}, 12 are so",
    lambda one: [{"part": int(row < 12), "whole": 1} for row in range(40)],
)
STANDING = Miniature(lambda one: "of 40 that there are that week, 12 are so", SHARE.rows)
AMOUNT = Miniature(
    lambda one: "of 12, four bring 10, four 20 and four 30",
    lambda one: [{"total": 10.0 * (1 + row % 3)} for row in range(12)],
)
SPENT = Miniature(
    lambda one: "two entries of 40, of which 30 and 18 are there",
    lambda one: [{"part": part, "whole": 40.0, "periods": 1} for part in (30.0, 18.0)],
)
UNEVEN = Miniature(lambda one: "of ten, five have 1, three 2 and two 12", lambda one: holders((5, 1), (3, 2), (2, 12)))
OUTWARD = Miniature(lambda one: "two teams of 10 people, 8 ties within each and 4 between", lambda one: two_teams(8, 4))
MINIATURES = {
    "share": SHARE,
    "standing": STANDING,
    "covered": Miniature(
        lambda one: "of 60 closed, 40 are linked, 12 of them so",
        lambda one: [{"part": int(row < 12), "whole": int(row < 40), "of": 1} for row in range(60)],
    ),
    "mean": AMOUNT,
    "level": Miniature(
        lambda one: "of 12 people, four have {:g}, four {:g} and four {:g}".format(*levels(one)),
        lambda one: [{"total": level} for level in levels(one) for _ in range(4)],
    ),
    "gain": Miniature(lambda one: "of 12 learners, six gain a quarter of what they could, six three quarters",
                      lambda one: [{"total": 0.25 + row % 2 / 2} for row in range(12)]),
    "ratio": SPENT,
    "cover": SPENT,
    "rate": Miniature(
        lambda one: "20 people at full time and 10 at half time in one week, who ask 5 times",
        lambda one: [*alike({"events": 0, "exposure": 1.0}, 20), *alike({"events": 0, "exposure": 0.5}, 10),
                     *alike({"events": 1, "exposure": 0.0}, 5)],
    ),
    "waiting": WAITED,
    "median": WAITED,
    "p85": Miniature(
        lambda one: f"of 20, 10 are done after {one.target / 4:.0f}, 8 after {one.target / 2:.0f}; 2 wait still",
        lambda one: [{"bucket": round(one.target / age), "done": done, "waiting": 1 - done}
                     for many, age, done in ((10, 4, 1), (8, 2, 1), (2, 1, 0)) for _ in range(many)],
    ),
    "competing": Miniature(
        lambda one: (
            f"of 20 who began, 8 got there after {one.target / 2:.0f}, 4 left by then, 8 are on the way "
            f"after {one.target:.0f}"
        ),
        left_early,
    ),
    "forecast": Miniature(
        lambda one: "of ten skills, five are short in 1 of 10 simulated futures, five in 7 of 10",
        lambda one: [{"chance": (0.1, 0.7)[row % 2], "asked": 1} for row in range(10)],
    ),
    "uplift": Miniature(
        lambda one: "of 40 suggested, 20 worked; of 20 drawn by lot, 5",
        lambda one: [{"explored": row >= 40, "worked": row < 20 or row >= 55} for row in range(60)],
    ),
    "scale": Miniature(lambda one: "eight people score 40, 50, 55, 60, 60, 65, 70 and 80", asked),
    "ties": Miniature(lambda one: "two teams of 10 people, with 3 ties between them", lambda one: two_teams(0, 3)),
    "ei": OUTWARD,
    "ei_beyond": OUTWARD,
    "modularity": Miniature(lambda one: "five teams in a ring, 4 ties within each and 2 to the next", islands),
    "paired": Miniature(
        lambda one: "four teams, of whose six pairs two have three ties",
        lambda one: [*people("abcd", 1, ties=0), *tied("a", "b", 1), *tied("c", "d", 1)],
    ),
    "bridges": Miniature(lambda one: "of 4 tied pairs of teams, 2 hang on one person", bridges),
    "gini": UNEVEN,
    "evenness": UNEVEN,
    "absence": UNEVEN,
    "top": Miniature(lambda one: "of 40, two have 19 and 38 have 1", lambda one: holders((38, 1), (2, 19))),
    "breadth": Miniature(lambda one: "of 50, 20 were used", lambda one: holders((30, 0), (20, 2))),
    "mix": Miniature(lambda one: "of 40 events, 20 are of the first way, 10 each of two others",
                     lambda one: holders((20, 0), (10, 1), (10, 2))),
}  # fmt: skip


def miniature(one: Indicator) -> str:
    """What happened and what number comes of it: `of 40 tickets, 12 are so: 30 % (18 to 45)`."""
    small = MINIATURES[one.kind]
    kind = KINDS[one.kind]
    rows = [{"unit": "a", "week": WEEK, "person": None} | row for row in small.rows(one)]
    frame = pl.DataFrame(rows, schema={"unit": pl.String, "week": pl.Date, "person": pl.String} | dict(kind.takes))
    sums = kind.gather(frame.lazy()).with_columns(indicator=pl.lit(one.name))
    if "other" in kind.takes:
        sums = above(sums)
    read = kind.read(sums, one.target).collect().row(0, named=True)
    value, low, high = (None if read[name] is None else read[name] * kind.factor for name in ("value", "low", "high"))
    if value is None:
        return f"{small.words(one)}: unknown"
    likely = f" ({number(low)} to {number(high)})" if low is not None and high is not None else ""
    return f"{small.words(one)}: {amount(value, one.unit)}{likely}"


def above(sums: pl.LazyFrame) -> pl.LazyFrame:
    """The teams added up under one, as evidence between units is."""
    units = sums.select(pl.col("unit").unique()).collect()["unit"]
    tree = [{"week": WEEK, "unit": unit, "ancestor": top, "distance": int(unit != top)}
            for unit in units for top in (unit, "top")]  # fmt: skip
    rolled = roll_up(sums.with_columns(people=pl.lit(0)), pl.DataFrame(tree))
    return rolled.filter(unit="top").lazy()

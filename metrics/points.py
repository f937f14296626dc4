"""From published cells to points between goalposts: the newest of each part as of a day, with its error.

Nothing but shown cells is read, so points reveal nothing that cells do not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import numpy as np
import polars as pl

from metrics.board import WAVE, WEEKS
from metrics.goalposts import Goalposts
from metrics.indicator import Indicator
from metrics.kinds import KINDS
from metrics.kinds.kind import Z95

PLACE = ["indicator", "unit"]
MOVES = 4  # the fewest moves from window to window that tell an error
TO_SIGMA = 1.128
YEAR = 52
SHARED = 0.5  # what errors are taken to share where too little is known and both read the same facts
PAIRS = 30
LEAST = 0.05  # under so little seen nothing gets wider any more
WHERE = {"people", "units", "accounts", "teams"}


def points(
    cells: pl.DataFrame, posts: Goalposts, indicators: Mapping[str, Indicator], days: Collection[date],
    shares: pl.DataFrame | None = None,
) -> pl.DataFrame:  # fmt: skip
    """`at, unit, score, indicator, weight, week, value, points, share, error, n, mark`: what counted as of each day.

    A cell counts from the day on which it was settled until it is eight weeks old (thirty for a survey). `points` lie
    from 0 to 100, `share` beyond 0 and 1 where the value lies beyond the goalposts. `shares`: `indicator, unit, week,
    coverage, response` (0 to 1, null where unknown), how much of what should be seen is (see `metrics.quality`); the
    error grows with one over the root of both. The error of a cell
    without an interval is how much it moves from window to window; null where that is not known either.
    """
    frame = posts.frame
    shown = cells.filter(
        pl.col("state") == "shown",
        pl.col("value").is_not_null(),
        pl.col("indicator").is_in(frame["indicator"].implode()),
    )
    there = set(shown["indicator"].unique())
    known = {name: one for name, one in indicators.items() if name in there}
    shown = with_errors(shown.filter(pl.col("indicator").is_in(list(known))), known)
    shown = shown.join(nothing() if shares is None else shares, on=[*PLACE, "week"], how="left")
    seen = pl.col("coverage").fill_null(1.0).clip(LEAST, 1) * pl.col("response").fill_null(1.0).clip(LEAST, 1)
    shown = shown.with_columns(pl.col("error") / seen.sqrt())
    found = newest(shown, known, days).join(frame, on="indicator")
    span = pl.col("high_post") - pl.col("low_post")
    share = (pl.col("value") - pl.col("low_post")) / span
    ends = [((pl.col("value") + off) - pl.col("low_post")) / span for off in (-pl.col("error"), pl.col("error"))]
    reach = (ends[1].clip(0, 1) - ends[0].clip(0, 1)).abs() / 2
    return found.with_columns(share=share, points=share.clip(0, 1) * 100, error=reach * 100).select(
        "at", "unit", "score", "indicator", "weight", "week", "value", "points", "share", "error", "n", "mark",
        "coverage", "response",
    ).sort("at", "unit", "score", "indicator")  # fmt: skip


def nothing() -> pl.DataFrame:
    """No shares: nothing is known of how much is seen."""
    shape = {"indicator": pl.String, "unit": pl.String, "week": pl.Date, "coverage": pl.Float64, "response": pl.Float64}
    return pl.DataFrame(schema=shape)


def with_errors(shown: pl.DataFrame, indicators: Mapping[str, Indicator]) -> pl.DataFrame:
    """The cells with the standard `error` of their value: from their interval, else from their moves."""
    own = (pl.col("high") - pl.col("low")) / 2 / Z95
    return (
        shown.join(wobble(shown, indicators), on=PLACE, how="left")
        .with_columns(error=pl.coalesce(own, "wobble"))
        .drop("wobble")
    )


def wobble(shown: pl.DataFrame, indicators: Mapping[str, Indicator]) -> pl.DataFrame:
    """How much a value moves from one window to the next that shares no week with it, in the last year (`wobble`).

    The mean moving range over 1.128. It holds what truly moved as well, and errs on the wide side.
    """
    steps = {name: max(one.window, 4 if KINDS[one.kind].spans else 1) for name, one in indicators.items()}
    if not steps:
        return pl.DataFrame(schema={"indicator": pl.String, "unit": pl.String, "wobble": pl.Float64})
    back = (pl.col("week").max().over(PLACE) - pl.col("week")).dt.total_days() // 7
    step = pl.col("indicator").replace_strict(steps, return_dtype=pl.Int64)
    apart = (
        shown.with_columns(back=back).filter(pl.col("back") % step == 0, pl.col("back") <= YEAR).sort(*PLACE, "week")
    )
    ranges = apart.group_by(PLACE).agg(moves=pl.col("value").diff().drop_nulls().abs())
    enough = pl.col("moves").list.len() >= MOVES
    return ranges.select(*PLACE, wobble=pl.when(enough).then(pl.col("moves").list.mean() / TO_SIGMA))


def newest(shown: pl.DataFrame, indicators: Mapping[str, Indicator], days: Collection[date]) -> pl.DataFrame:
    """The newest settled cell of each indicator and unit as of each day (`at`), if it is not too old."""
    settles = {name: one.settles for name, one in indicators.items()}
    ages = {name: 7 * (1 + (WAVE if one.kind == "scale" else WEEKS)) + one.settles for name, one in indicators.items()}
    empty = shown.with_columns(at=pl.col("week")).clear()
    if shown.is_empty() or not days:
        return empty
    wait = pl.col("indicator").replace_strict(settles, return_dtype=pl.Int64)
    cells = shown.with_columns(at=pl.col("week") + pl.duration(days=7 + wait)).sort("at")
    asked = shown.select(PLACE).unique().join(pl.DataFrame({"at": sorted(set(days))}), how="cross").sort("at")
    found = asked.join_asof(cells, on="at", by=PLACE, strategy="backward", check_sortedness=False)
    age = pl.col("indicator").replace_strict(ages, return_dtype=pl.Int64)
    return found.filter((pl.col("at") - pl.col("week")).dt.total_days() <= age).select(empty.columns)


def together(
    found: pl.DataFrame, parts: list[str], days: list[date], indicators: Mapping[str, Indicator]
) -> pl.DataFrame:
    """How far the errors of a score's parts go together: `one, other, r, pairs`, 0 to 1.

    The correlation of their moves from day to day over all units, in their own errors and without what moved
    everywhere. What truly moves together counts as error too, so that a score's interval is rather too wide. Of fewer
    than 30 pairs it is taken to be .5 where both read the same facts, else 0.
    """
    rows = []
    moves = _moves(found, days)
    for at, one in enumerate(parts):
        for other in parts[at + 1 :]:
            both = moves.filter(indicator=one).join(moves.filter(indicator=other), on=["unit", "at"])
            x, y = both["z"].to_numpy(), both["z_right"].to_numpy()
            size = float(np.sqrt((x**2).sum() * (y**2).sum()))
            known = len(x) >= PAIRS and size > 0
            r = float(x @ y) / size if known else SHARED if _alike(one, other, indicators) else 0.0
            rows.append((one, other, min(max(r, 0.0), 1.0), len(x)))
    shape = {"one": pl.String, "other": pl.String, "r": pl.Float64, "pairs": pl.Int64}
    return pl.DataFrame(rows, schema=shape, orient="row")


def _moves(found: pl.DataFrame, days: list[date]) -> pl.DataFrame:
    """`indicator, unit, at, z`: by how many of its errors each part moved to a day from the one before."""
    steps = pl.DataFrame({"at": days[1:], "then": days[:-1]}, schema={"at": pl.Date, "then": pl.Date})
    before = found.select("unit", "indicator", then="at", week_then="week", was="points", wide="error")
    both = found.join(steps, on="at").join(before, on=["unit", "indicator", "then"])
    move, error = pl.col("points") - pl.col("was"), (pl.col("error") ** 2 + pl.col("wide") ** 2).sqrt()
    news = both.filter(pl.col("week") != pl.col("week_then"), error > 0)
    return news.with_columns(z=(move - move.median().over("indicator", "at")) / error).select(
        "indicator", "unit", "at", "z"
    )


def _alike(one: str, other: str, indicators: Mapping[str, Indicator]) -> bool:
    read = [set(indicators[name].tables) - WHERE for name in (one, other) if name in indicators]
    return len(read) == 2 and bool(read[0] & read[1])

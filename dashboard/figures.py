"""Where things stand, for a report: the newest figures and scores of some units, from published cells alone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import polars as pl

from connectors.store.memory import Memory
from dashboard import words
from dashboard.exports.report import FIGURES
from metrics.goalposts import SCORES, Score
from metrics.indicator import Indicator, indicators

ORDER = {"alarm": 0, "good": 1, "watch": 2, "hope": 3, "ok": 4, "unknown": 5}


def figures(memory: Memory, places: pl.DataFrame, themes: Collection[str] = ()) -> pl.DataFrame:
    """The newest whole week of each judged indicator in these units (`unit, name`), what stirs first.

    What is hidden, waits for data or is too thin has no row: it is nobody's to tell.
    """
    wanted = {name: one for name, one in indicators().items() if one.judged and (not themes or one.theme in themes)}
    cells = memory.cells(units=places["unit"].to_list())
    whole = cells.filter(pl.col("state") != "partial", pl.col("indicator").is_in(list(wanted)))
    newest = whole.sort("week").unique(["indicator", "unit"], keep="last", maintain_order=True)
    seen = newest.filter(pl.col("state") == "shown", pl.col("value").is_not_null()).drop("verdict", "side")
    judged = memory.verdicts().select("indicator", "unit", "verdict", "side")
    rows = seen.join(judged, ["indicator", "unit"], how="left").join(places.select("unit", "name"), "unit")
    known = [figure(row, wanted[row["indicator"]]) for row in rows.iter_rows(named=True)]
    return in_order(pl.DataFrame(known, schema=FIGURES), places)


def figure(row: words.Row, one: Indicator) -> dict[str, object]:
    """One cell as a row of a report."""
    given = {name: row[name] for name in FIGURES if name in row}
    told = {"verdict": row["verdict"] or "unknown", "side": row["side"] or ""}
    return given | told | {"theme": one.theme, "title": one.title, "measure": one.unit}


def in_order(rows: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """What stirs first, then by theme as on the screen, then by the tree."""
    kinds = [ORDER[words.chip(*both)[0]] for both in rows.select("verdict", "side").iter_rows()]
    stands = {one.name: n for n, one in enumerate(sorted(indicators().values(), key=words.stands))}
    where = {unit: n for n, unit in enumerate(places["unit"])}
    keys: list[pl.Series | pl.Expr] = [
        pl.Series(kinds, dtype=pl.Int64),
        pl.col("indicator").replace_strict(stands, default=None, return_dtype=pl.Int64),
        pl.col("unit").replace_strict(where, default=None, return_dtype=pl.Int64),
    ]
    return rows.sort(*keys)


def scores(memory: Memory, places: pl.DataFrame, day: date, themes: Collection[str] = ()) -> pl.DataFrame:
    """The published scores of these units; the range beside each is where it likely lies, the verdict how it moved."""
    published = memory.scores()
    rows = []
    for unit, name in places.select("unit", "name").iter_rows():
        known = {row["score"]: row for row in published.filter(pl.col("unit") == unit).iter_rows(named=True)}
        made = [(one, known[one.name]) for one in SCORES if one.name in known and known[one.name]["value"] is not None]
        rows += [score(one, row, unit, name, day) for one, row in made if not themes or one.name in themes]
    return pl.DataFrame(rows, schema=FIGURES)


def score(one: Score, row: words.Row, unit: str, name: str, day: date) -> dict[str, object]:
    about = {"theme": one.name, "title": one.title, "indicator": f"score-{one.name}", "unit": unit, "name": name}
    likely = {
        "value": row["value"],
        "usual_low": row["low"],
        "usual_high": row["high"],
        "measure": "0 to 100",
        "n": None,
    }
    return about | likely | {"week": day, "verdict": row["changed"], "side": "score"}

"""What interventions changed and what moves before what, read from series of which every week may be shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

from metrics.indicator import Indicator
from metrics.interventions import SHAPE as EFFECT
from metrics.interventions import effects
from metrics.kinds import KINDS
from metrics.lead_lag import EXPECTED, lead_lag

FIRST = pl.date(1970, 1, 5)
ASKED = {name for one in EXPECTED for name in (one.first, one.second)}
KNOWN = {"intervention": pl.String, "name": pl.String, "kind": pl.String, "unit": pl.String, "began": pl.Date}


def moved(
    cells: pl.DataFrame,
    weekly: Mapping[str, pl.DataFrame],
    begun: pl.DataFrame,
    units: pl.DataFrame,
    indicators: Mapping[str, Indicator],
) -> dict[str, pl.DataFrame]:
    """`effects` of the interventions begun, and `relations` between indicators, in display units.

    `weekly`: what the judge takes, of indicators whose weeks are news. Of the others the published `cells`, one for
    each window, so that none tells of a week twice.
    """
    series = {name: _series(one, weekly.get(name), cells) for name, one in indicators.items()}
    there = {name: frame for name, frame in series.items() if not frame.is_empty()}
    found = effects(there, begun, units, indicators) if len(begun) else pl.DataFrame(schema=EFFECT)
    leaves = pl.col("unit").is_in(units["parent"].drop_nulls().implode()).not_()  # a unit and its part move as one
    return {"effects": found, "relations": lead_lag({name: there[name].filter(leaves) for name in ASKED & {*there}})}


def interventions(begun: pl.DataFrame, units: pl.DataFrame, today: date) -> pl.DataFrame:
    """What was begun before today in the units that may be shown, the whole organisation under its root (`KNOWN`)."""
    root = units.filter(pl.col("parent").is_null())["unit"].first()
    mine = begun.with_columns(pl.col("unit").fill_null(root)).filter(pl.col("began") < today)
    told = mine.join(units.select("unit"), on="unit", how="semi").unique("intervention", keep="first")
    return told.select(pl.col(name).cast(kind) for name, kind in KNOWN.items()).sort("began", "intervention")


def told(events: pl.DataFrame, begun: pl.DataFrame, units: pl.DataFrame, today: date) -> pl.DataFrame:
    """The events with what was begun: `week, unit, text`; of the whole organisation it is an event for everybody."""
    root = units.filter(pl.col("parent").is_null())["unit"].first()
    mine = interventions(begun, units, today)
    more = mine.select(
        week=pl.col("began").dt.truncate("1w"), unit=pl.when(pl.col("unit") != root).then("unit"),
        text=pl.format("{} began", "name"),
    )  # fmt: skip
    return pl.concat([events, more.cast(events.schema)]) if len(more) else events


def _series(one: Indicator, weekly: pl.DataFrame | None, cells: pl.DataFrame) -> pl.DataFrame:
    """`unit, week, value, n, ok, kind`, raw; weeks of which each tells something new."""
    spans = KINDS[one.kind].spans
    if weekly is not None and not weekly.is_empty() and not spans:
        return weekly.select("unit", "week", "value", "n", "ok", "kind")
    window = max(one.window, 4 if spans else 1)
    number = (pl.col("week") - FIRST).dt.total_days() // 7
    mine = cells.filter(pl.col("indicator") == one.name, number % window == window - 1)
    known = (pl.col("state") == "shown") & pl.col("value").is_not_null()
    value = pl.col("value") / KINDS[one.kind].factor
    return mine.select("unit", "week", value=value, n="n", ok=known, kind=pl.lit(one.kind)).filter("ok")

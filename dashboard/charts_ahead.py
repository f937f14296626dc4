"""Frames in, Altair out: twenty futures as dots, and what an intervention changed as ranges."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import polars as pl

from dashboard import words
from dashboard.charts import dressed
from dashboard.ink import ink


def stacked(dots: Sequence[float]) -> pl.DataFrame:
    """Each future at its place, whole people, one above the other: `missing, height, short`."""
    places = pl.DataFrame({"missing": [float(round(dot)) for dot in dots]}).sort("missing")
    return places.with_columns(height=pl.int_range(1, pl.len() + 1).over("missing"), short=pl.col("missing") > 0)


def futures(name: str, dots: Sequence[float], reach: float, dark: bool = False) -> alt.LayerChart:
    """Twenty futures as dots: left of nought people to spare, right of it missing; `reach` is how far both ways."""
    colours, drawn = ink(dark), stacked(dots)
    told = pl.when("short").then(pl.format("{} missing", "whole")).otherwise(pl.format("{} to spare", -pl.col("whole")))
    drawn = drawn.with_columns(whole=pl.col("missing").cast(pl.Int64)).with_columns(told=told).drop("whole")
    axis = alt.Axis(labelExpr="abs(datum.value)", tickCount=7, grid=False)
    title = "people to spare  ←  0  →  people missing"
    x = alt.X("missing:Q", title=title, scale=alt.Scale(domain=[-reach, reach], nice=False), axis=axis)
    highest = max(*drawn["height"].to_list(), 6)
    y = alt.Y("height:Q", axis=None, scale=alt.Scale(domain=[0, highest + 0.5]))
    colour = alt.Color(
        "short:N", legend=None, scale=alt.Scale(domain=[True, False], range=[colours.kind("alarm"), colours.kind("ok")])
    )
    shape = alt.Shape("short:N", legend=None, scale=alt.Scale(domain=[True, False], range=["diamond", "circle"]))
    tip = alt.Tooltip("told:N", title="One of 20 futures")
    points = alt.Chart(drawn).mark_point(filled=True, opacity=1, size=70).encode(
        x=x, y=y, color=colour, shape=shape, tooltip=tip
    )  # fmt: skip
    zero = alt.Chart(drawn).mark_rule(color=colours.quiet, strokeDash=[4, 3]).encode(x=alt.datum(0))
    said = f"{name}: {drawn['short'].sum()} of {len(drawn)} futures are short."
    chart: alt.LayerChart = dressed(alt.layer(zero, points), "container", 130, said)
    return chart


def reached(*many: Sequence[float]) -> float:
    """How far a picture of these dots reaches to either side, so that two stand on one scale."""
    return max([abs(dot) for dots in many for dot in dots] + [2.0]) + 1


def ranges(rows: pl.DataFrame, unit: str, dark: bool = False) -> alt.LayerChart:
    """Effects in one measure, each a point with its likely range about nought: `title, value, low, high, clear`."""
    colours = ink(dark)
    drawn = rows.with_columns(
        reads=pl.Series([words.number(value, unit) for value in rows["value"]], dtype=pl.String),
        likely=pl.Series(
            [words.span(low, high, unit) for low, high in rows.select("low", "high").iter_rows()], dtype=pl.String
        ),
        kind=pl.when("clear").then(pl.lit("clear")).otherwise(pl.lit("open")),
    )
    tall = 30 * len(drawn) + 40
    name = alt.Y(
        "title:N", sort=None, title=None, axis=alt.Axis(labelLimit=190, ticks=False, domain=False, labelPadding=8)
    )
    x = alt.X("value:Q", title=None, axis=alt.Axis(tickCount=5, gridOpacity=0.5))
    colour = alt.Color(
        "kind:N", legend=None, scale=alt.Scale(domain=["clear", "open"], range=[colours.line, colours.quiet])
    )
    tips = [alt.Tooltip("title:N", title="Indicator"), alt.Tooltip("reads:N", title="Change"),
            alt.Tooltip("likely:N", title="Likely between")]  # fmt: skip
    base = alt.Chart(drawn)
    bar = base.mark_rule(strokeWidth=6, opacity=0.35, strokeCap="round").encode(
        y=name, x=alt.X("low:Q"), x2="high:Q", color=colour
    )
    dot = base.mark_point(filled=True, opacity=1, size=80).encode(y=name, x=x, color=colour, tooltip=tips)
    zero = base.mark_rule(color=colours.quiet, strokeDash=[4, 3]).encode(x=alt.datum(0))
    told = f"What changed in {words.many(len(drawn), 'indicator')}, each with its likely range about nought."
    chart: alt.LayerChart = dressed(alt.layer(zero, bar, dot), "container", tall, told)
    return chart

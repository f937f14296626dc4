"""Frames in, Altair out: a score over time, and units beside their siblings in a funnel."""

from __future__ import annotations

import altair as alt
import numpy as np
import polars as pl

from dashboard import words
from dashboard.charts import Layers, dressed, week_axis
from dashboard.ink import Ink, ink
from dashboard.words import Counted
from metrics.comparisons import Z998, limits
from metrics.kinds.kind import Z95


def score(past: pl.DataFrame, dark: bool = False) -> alt.LayerChart:
    """A score over two years with its 90 % range; gaps where there was not enough evidence, or another version began.

    past: `week, value, low, high, version`, oldest first.
    """
    colours = ink(dark)
    new = pl.col("value").is_null() | (pl.col("version") != pl.col("version").shift(1)).fill_null(False)
    drawn = past.sort("week").with_columns(stretch=new.cast(pl.Int32).cum_sum()).filter(pl.col("value").is_not_null())
    base = alt.Chart(drawn.select("week", "value", "low", "high", "stretch")).encode(
        x=alt.X("week:T", axis=week_axis()),
        detail="stretch:N",
        tooltip=[
            alt.Tooltip("week:T", title="As of", format="%d %b %Y"),
            alt.Tooltip("value:Q", title="Score", format=".0f"),
            alt.Tooltip("low:Q", title="Likely from", format=".0f"),
            alt.Tooltip("high:Q", title="Likely to", format=".0f"),
        ],
    )
    ticks = alt.Axis(title=None, tickCount=5, domain=False, ticks=False, gridOpacity=0.5)
    scale = alt.Scale(domain=[0, 100])
    y, low = alt.Y("value:Q", axis=ticks, scale=scale), alt.Y("low:Q", axis=ticks, scale=scale)
    band = base.mark_area(opacity=0.2, color=colours.line).encode(y=low, y2="high:Q")
    line = base.mark_line(strokeWidth=2.4, color=colours.line).encode(y=y)
    dots = base.mark_point(size=30, filled=True, opacity=1, color=colours.line).encode(y=y)
    last = drawn.row(-1, named=True) if len(drawn) else {"value": 0}
    told = f"The score as of {drawn.height} days four weeks apart, from 0 to 100; {last['value']:.0f} at the last."
    chart: alt.LayerChart = dressed(alt.layer(band, line, dots), "container", 220, told)
    return chart


SHAPES = {"above": "triangle-up", "below": "triangle-down", "within": "circle", "few": "circle"}


def funnel(rows: pl.DataFrame, indicator: Counted, dark: bool = False) -> alt.LayerChart:
    """Units by how many events they have and what they show, within limits of 95 and 99.8 %; never a ranking.

    rows: `comparisons` of one unit's children with their `name`.
    """
    colours, drawn = ink(dark), told(rows, indicator)
    axis = alt.Axis(title=None, tickCount=5, domain=False, ticks=False, gridOpacity=0.5)
    scale = alt.Scale(zero=False, nice=True)
    many = alt.Axis(tickCount=4, grid=False, format=",d")
    x = alt.X("n:Q", title="Counted", scale=alt.Scale(type="log", nice=False), axis=many)
    y = alt.Y("value:Q", axis=axis, scale=scale)
    layers: Layers = []
    for level, opacity in (("998", 0.10), ("95", 0.16)):
        area = alt.Chart(edges(rows)).mark_area(opacity=opacity, color=colours.band)
        layers.append(area.encode(x=x, y=alt.Y(f"low{level}:Q", axis=axis, scale=scale), y2=f"high{level}:Q"))
    middle = alt.Chart(rows.select(value="expected").head(1)).mark_rule(color=colours.quiet, strokeDash=[4, 3])
    layers += [middle.encode(y=y), *spots(drawn, x, y, colours)]
    said = (
        f"{indicator.title} of {words.many(len(rows), 'unit')} by how much was counted, with limits of 95 and 99.8 %."
    )
    chart: alt.LayerChart = dressed(alt.layer(*layers), "container", 260, said)
    return chart


def spots(drawn: pl.DataFrame, x: alt.X, y: alt.Y, colours: Ink) -> Layers:
    """Each unit as a shape; those beyond the limits with their names."""
    loud, domain = colours.kind("watch"), list(SHAPES)
    colour = alt.Scale(domain=domain, range=[loud, loud, colours.line, colours.quiet])
    shape = alt.Scale(domain=domain, range=list(SHAPES.values()))
    points = alt.Chart(drawn).mark_point(filled=True, opacity=1, size=90).encode(
        x=x, y=y, tooltip=tips(), color=alt.Color("said:N", legend=None, scale=colour),
        shape=alt.Shape("said:N", legend=None, scale=shape),
    )  # fmt: skip
    beyond = drawn.filter(pl.col("said").is_in(["above", "below"]))
    if beyond.is_empty():
        return [points]
    name = alt.Chart(beyond).mark_text(align="right", dx=-9, color=colours.text, fontSize=12, limit=160)
    return [points, name.encode(x=x, y=y, text="name:N", tooltip=tips())]


def edges(rows: pl.DataFrame) -> pl.DataFrame:
    """The limits from the smallest to the largest of the units, for drawing."""
    first = rows.row(0, named=True)
    n = np.geomspace(float(rows["n"].min()) * 0.9, float(rows["n"].max()) * 1.1, 40)  # type: ignore[arg-type]
    columns: dict[str, object] = {"n": n}
    for name, z in (("95", Z95), ("998", Z998)):
        error = first["scatter"] / np.sqrt(n)
        columns[f"low{name}"], columns[f"high{name}"] = limits(
            first["scale"], first["expected"], error, first["spread"], n, z
        )
    return pl.DataFrame(columns)


def told(rows: pl.DataFrame, indicator: Counted) -> pl.DataFrame:
    """The units with words for whoever points at one."""
    reads = [words.number(value, indicator.unit) for value in rows["value"]]
    usual = [words.span(low, high, indicator.unit) for low, high in rows.select("low998", "high998").iter_rows()]
    shrunk = [words.number(value, indicator.unit) for value in rows["shrunk"]]
    return rows.select("name", "n", "value", "said").with_columns(
        reads=pl.Series(reads, dtype=pl.String), usual=pl.Series(usual, dtype=pl.String),
        shrunk=pl.Series(shrunk, dtype=pl.String),
    )  # fmt: skip


def tips() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("name:N", title="Unit"),
        alt.Tooltip("reads:N", title="Value"),
        alt.Tooltip("n:Q", title="Counted", format=","),
        alt.Tooltip("usual:N", title="Expected within (99.8 %)"),
        alt.Tooltip("shrunk:N", title="Without its small numbers"),
    ]

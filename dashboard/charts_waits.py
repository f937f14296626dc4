"""Frames in, Altair out: how many still wait as time goes by."""

from __future__ import annotations

import altair as alt
import polars as pl

from dashboard.charts import Layers, dressed
from dashboard.ink import ink
from dashboard.words import Counted

DASHES = ([1, 0], [7, 4], [2, 3])


def waits(rows: pl.DataFrame, indicator: Counted, clock: str = "days", dark: bool = False) -> alt.LayerChart:
    """Curves of units, the first with its 90 % range and the age by which half were done.

    rows: `name, age, waiting, low, high, at_risk, median`, the unit whose page it is first.
    """
    colours = ink(dark)
    names = rows["name"].unique(maintain_order=True).to_list()
    mine = rows.filter(name=names[0])
    x = alt.X("age:Q", title=clock, axis=alt.Axis(tickCount=6, grid=False), scale=alt.Scale(nice=False))
    axis = alt.Axis(title=None, tickCount=5, domain=False, ticks=False, gridOpacity=0.5, labelExpr="datum.label + ' %'")
    scale = alt.Scale(domain=[0, 100])
    low, y = alt.Y("low:Q", axis=axis, scale=scale), alt.Y("waiting:Q", axis=axis, scale=scale)
    inks = [colours.line, colours.text, colours.quiet][: len(names)]
    legend = alt.Legend(title=None, orient="top", columns=1, labelLimit=300, symbolStrokeWidth=2.5)
    colour = alt.Color("name:N", legend=legend, scale=alt.Scale(domain=names, range=inks))
    dash = alt.StrokeDash("name:N", legend=legend, scale=alt.Scale(domain=names, range=[*DASHES[: len(names)]]))
    tips = [
        alt.Tooltip("name:N", title="Unit"), alt.Tooltip("age:Q", title=f"After ({clock})"),
        alt.Tooltip("waiting:Q", title="Still waiting, %"), alt.Tooltip("low:Q", title="Likely from, %"),
        alt.Tooltip("high:Q", title="Likely to, %"), alt.Tooltip("at_risk:Q", title="Number at risk", format=","),
    ]  # fmt: skip
    band = alt.Chart(mine).mark_area(opacity=0.16, color=colours.band).encode(x=x, y=low, y2="high:Q")
    line = alt.Chart(rows).mark_line(strokeWidth=2.2).encode(x=x, y=y, color=colour, strokeDash=dash)
    dots = alt.Chart(rows).mark_point(filled=True, opacity=1, size=34).encode(x=x, y=y, color=colour, tooltip=tips)
    layers: Layers = [band, line, dots]
    half = mine.filter(pl.col("median").is_not_null()).select(age="median", waiting=pl.lit(50)).head(1)
    if len(half):
        layers.append(alt.Chart(half).mark_rule(color=colours.quiet, strokeDash=[2, 3]).encode(x=x))
        spot = alt.Chart(half).mark_point(shape="diamond", filled=True, opacity=1, size=90, color=colours.line)
        layers.append(spot.encode(x=x, y=y, tooltip=alt.value(f"Half were done within {half['age'][0]} {clock}")))
    last = mine.row(-1, named=True)
    told = f"{indicator.title}, still waiting by age: {last['waiting']} % after {last['age']} {clock} in {names[0]}."
    chart: alt.LayerChart = dressed(alt.layer(*layers), "container", 340, told)
    return chart

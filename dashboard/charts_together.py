"""Frames in, Altair out: how closely units are tied to one another, as a square of pairs."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import polars as pl

from dashboard.charts import dressed
from dashboard.ink import ink
from dashboard.words import Counted

MOST = 2.0  # times the usual beyond which a field is as dark as any
WRITTEN = 8  # units up to which every field bears its number
SIDE, SLANT = 34, 96
AROUND = SLANT + 72  # names above and the legend below, which count as height


def together(
    rows: pl.DataFrame, indicator: Counted, order: Sequence[str], told: str, dark: bool = False
) -> alt.LayerChart:
    """Pairs as fields, darker the closer they are tied; both halves of the square say the same.

    rows: `one, other` (names), `times` (null: fewer than three ties), `reads` (in words); each pair once.
    order: the names as they stand in the tree; `told`: the picture in words.
    """
    colours = ink(dark)
    turned = rows.rename({"one": "other", "other": "one"}).select(rows.columns)
    both = pl.concat([rows, turned]).unique(["one", "other"], maintain_order=True)
    drawn = both.with_columns(
        shade=pl.col("times").clip(0, MOST),
        number=pl.when(pl.col("times").is_not_null())
        .then(pl.col("times").round(1).cast(pl.String))
        .otherwise(pl.lit("·")),
        bold=pl.col("times").fill_null(0) > MOST / 2,
    )
    axis = alt.Axis(title=None, ticks=False, domain=False, labelLimit=130, labelPadding=6)
    top = alt.Axis(
        title=None, ticks=False, domain=False, labelAngle=-55, labelLimit=SLANT + 20, labelOverlap=False, orient="top"
    )
    x = alt.X("other:N", sort=list(order), axis=top, scale=alt.Scale(domain=list(order)))
    y = alt.Y("one:N", sort=list(order), axis=axis, scale=alt.Scale(domain=list(order)))
    ramp = alt.Scale(domain=[0, MOST], range=[colours.faint, colours.line])
    legend = alt.Legend(
        title="times as close as usual here", orient="bottom", direction="horizontal", gradientLength=160,
        titleLimit=260, values=[0, 1, 2], labelExpr="datum.value == 2 ? '2 and more' : datum.label",
    )  # fmt: skip
    tips = [
        alt.Tooltip("one:N", title="Unit"),
        alt.Tooltip("other:N", title="with"),
        alt.Tooltip("reads:N", title="Ties"),
    ]
    known = drawn.filter(pl.col("times").is_not_null())
    fields = alt.Chart(known).mark_rect(stroke=colours.paper, strokeWidth=2)
    none = alt.Chart(drawn).mark_text(color=colours.quiet, fontSize=13).encode(
        x=x, y=y, text=alt.value("·"), tooltip=tips
    )  # fmt: skip
    layers: list[alt.Chart | alt.LayerChart] = [
        none.transform_filter("datum.times == null"),
        fields.encode(x=x, y=y, color=alt.Color("shade:Q", scale=ramp, legend=legend), tooltip=tips),
    ]
    if len(order) <= WRITTEN:
        ends = alt.condition("datum.bold", alt.value(colours.paper), alt.value(colours.text))
        text = alt.Chart(known).mark_text(fontSize=12).encode(x=x, y=y, text="number:N", color=ends, tooltip=tips)
        layers.append(text)
    chart: alt.LayerChart = dressed(
        alt.layer(*layers), "container", SIDE * len(order) + AROUND, f"{indicator.title}. {told}"
    )
    return chart

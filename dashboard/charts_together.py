"""Frames in, Altair out: how closely units are tied to one another, as a square of pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import polars as pl

from dashboard.charts import Layers, dressed
from dashboard.ink import Ink, ink
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
    colours, drawn = ink(dark), mirrored(rows)
    known, (x, y) = drawn.filter(pl.col("times").is_not_null()), sides(list(order))
    titles = {"one": "Unit", "other": "with", "reads": "Ties"}
    place = {"x": x, "y": y, "tooltip": [alt.Tooltip(f"{name}:N", title=title) for name, title in titles.items()]}
    fields = alt.Chart(known).mark_rect(stroke=colours.paper, strokeWidth=2)
    layers: Layers = [fields.encode(color=shades(colours), **place)]
    if len(few := drawn.filter(pl.col("times").is_null())):
        dot = alt.Chart(few).mark_text(color=colours.quiet, fontSize=13)
        layers.append(dot.encode(text=alt.value("·"), **place))
    if len(order) <= WRITTEN:
        ends = alt.condition("datum.bold", alt.value(colours.paper), alt.value(colours.text))
        layers.append(alt.Chart(known).mark_text(fontSize=12).encode(text="number:N", color=ends, **place))
    height = SIDE * len(order) + AROUND
    chart: alt.LayerChart = dressed(alt.layer(*layers), "container", height, f"{indicator.title}. {told}")
    return chart


def mirrored(rows: pl.DataFrame) -> pl.DataFrame:
    """Each pair both ways round, with its shade, its number and whether that stands on a dark field."""
    turned = rows.rename({"one": "other", "other": "one"}).select(rows.columns)
    both = pl.concat([rows, turned]).unique(["one", "other"], maintain_order=True)
    return both.with_columns(
        shade=pl.col("times").clip(0, MOST), number=pl.col("times").round(1).cast(pl.String),
        bold=pl.col("times").fill_null(0) > MOST / 2,
    )  # fmt: skip


def sides(order: list[str]) -> tuple[alt.X, alt.Y]:
    """The units along the top and down the left, every one named."""
    plain = alt.Axis(title=None, ticks=False, domain=False, labelLimit=130, labelPadding=6)
    slanted = alt.Axis(
        title=None, ticks=False, domain=False, labelAngle=-55, labelLimit=SLANT + 20, labelOverlap=False, orient="top"
    )
    known: dict[str, Any] = {"sort": order, "scale": alt.Scale(domain=order)}
    return alt.X("other:N", axis=slanted, **known), alt.Y("one:N", axis=plain, **known)


def shades(colours: Ink) -> alt.Color:
    legend = alt.Legend(
        title="times as close as usual here", orient="bottom", direction="horizontal", gradientLength=160,
        titleLimit=260, values=[0, 1, 2], labelExpr="datum.value == 2 ? '2 and more' : datum.label",
    )  # fmt: skip
    ramp = alt.Scale(domain=[0, MOST], range=[colours.faint, colours.line])
    return alt.Color("shade:Q", scale=ramp, legend=legend)

"""Frames in, Altair out: the trend of one number, its small picture, and where in the tree it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Protocol

import altair as alt
import polars as pl

from dashboard import words


class Drawn(Protocol):
    """What a chart needs to know of an indicator."""

    @property
    def title(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def window(self) -> int: ...


@dataclass(frozen=True)
class Ink:
    """Colours that can be told apart on their background, also by those who see red and green alike."""

    text: str
    line: str
    band: str
    quiet: str
    held: str
    kinds: dict[str, str]

    def kind(self, name: str) -> str:
        return self.kinds.get(name, self.quiet)


LIGHT = Ink(
    text="#3d4854",
    line="#1f5f8b",
    band="#1f5f8b",
    quiet="#6a7480",
    held="#8c8574",
    kinds={"alarm": "#b3261e", "watch": "#9a5b00", "good": "#1b6e3c", "hope": "#1b6e3c", "ok": "#1f5f8b"},
)
DARK = Ink(
    text="#c3ccd6",
    line="#7db8e0",
    band="#7db8e0",
    quiet="#98a3af",
    held="#a39c8b",
    kinds={"alarm": "#ff8a80", "watch": "#f0b35a", "good": "#74cf97", "hope": "#74cf97", "ok": "#7db8e0"},
)
MARKS = {
    "alarm": "diamond",
    "watch": "diamond",
    "good": "triangle-up",
    "hope": "triangle-up",
    "ok": "circle",
    "unknown": "circle",
}
Width = int | str
Layers = list[alt.Chart | alt.LayerChart]


def ink(dark: bool) -> Ink:
    return DARK if dark else LIGHT


def coloured(colours: Ink) -> alt.Color:
    return alt.Color("kind:N", legend=None, scale=alt.Scale(domain=list(MARKS), range=[colours.kind(k) for k in MARKS]))


def shaped() -> alt.Shape:
    return alt.Shape("kind:N", legend=None, scale=alt.Scale(domain=list(MARKS), range=list(MARKS.values())))


def points(cells: pl.DataFrame, indicator: Drawn) -> pl.DataFrame:
    """The cells as drawn: one stretch of line until a week is missing, and words for whoever points at one.

    Survey waves (window 1) are joined over the weeks between them; weeks are not.
    """
    today = cells["week"].max() if len(cells) else None
    gap = (pl.col("week").diff().dt.total_days() > 7) if indicator.window > 1 else pl.lit(False)
    drawn = cells.filter(pl.col("value").is_not_null()).sort("week")
    rows = [
        {
            "when": words.period(row["week"], indicator.window),
            "reads": words.number(row["value"], indicator.unit),
            "likely": words.span(row["low"], row["high"], indicator.unit),
            "usually": words.span(row["usual_low"], row["usual_high"], indicator.unit),
            "said": words.chip(row["verdict"], row["side"])[1],
            "kind": words.chip(row["verdict"], row["side"])[0],
        }
        for row in drawn.iter_rows(named=True)
    ]
    texts = pl.DataFrame(rows, schema=dict.fromkeys(("when", "reads", "likely", "usually", "said", "kind"), pl.String))
    drawn = pl.concat([drawn, texts], how="horizontal").with_columns(stretch=gap.cast(pl.Int32).fill_null(0).cum_sum())
    return drawn.with_columns(newest=pl.col("week") == today)


def floor_and_ceiling(drawn: pl.DataFrame, indicator: Drawn) -> alt.Scale:
    """An axis that holds line and usual range with air around them; percentages end at 0 and 100."""
    values = [drawn[name].drop_nulls() for name in ("value", "usual_low", "usual_high")]
    every = pl.concat(values) if len(drawn) else pl.Series([0.0, 1.0])
    low, high = (float(every.min() or 0), float(every.max() or 0)) if len(every) else (0.0, 1.0)  # type: ignore[arg-type]
    air = max((high - low) * 0.2, abs(high) * 0.04, 0.01)
    top = 100.0 if indicator.unit == "%" else float("inf")
    return alt.Scale(domain=[max(low - air, 0.0), min(high + air, top)], nice=False, zero=False)


def tips() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("when:N", title="Period"),
        alt.Tooltip("reads:N", title="Value"),
        alt.Tooltip("likely:N", title="Likely between"),
        alt.Tooltip("usually:N", title="Usual range"),
        alt.Tooltip("n:Q", title="Counted", format=","),
        alt.Tooltip("people:Q", title="People", format=","),
        alt.Tooltip("said:N", title="Verdict"),
    ]


def week_axis(show: bool = True) -> alt.Axis | None:
    if not show:
        return None
    label = "timeFormat(datum.value, month(datum.value) == 0 ? '%b %Y' : '%b')"
    return alt.Axis(title=None, labelExpr=label, grid=False, tickCount=8, labelOverlap="greedy", labelFlush=True)


def lines(drawn: pl.DataFrame, indicator: Drawn, colours: Ink, small: bool = False) -> Layers:
    """The usual range as a band, whole weeks as a line, the week still filling up dashed."""
    x = alt.X("week:T", axis=week_axis(not small))
    axis = None if small else alt.Axis(title=None, tickCount=5, domain=False, ticks=False, gridOpacity=0.5)
    y = alt.Y("value:Q", axis=axis, scale=floor_and_ceiling(drawn, indicator))
    known = drawn.filter(pl.col("usual_low").is_not_null())
    band = alt.Chart(known).mark_area(opacity=0.16, color=colours.band, interpolate="monotone")
    whole = drawn.filter(pl.col("state") == "shown")
    rest = drawn.filter((pl.col("state") == "partial") | (pl.col("state").shift(-1) == "partial"))
    line = alt.MarkDef(type="line", color=colours.line, strokeWidth=2 if small else 2.5, strokeCap="round")
    return [
        band.encode(x=x, y=alt.Y("usual_low:Q"), y2="usual_high:Q", detail="stretch:N"),
        alt.Chart(whole, mark=line).encode(x=x, y=y, detail="stretch:N"),
        alt.Chart(rest).mark_line(color=colours.line, strokeWidth=2, strokeDash=[3, 4]).encode(x=x, y=y),
    ]


def waiting(cells: pl.DataFrame, colours: Ink) -> Layers:
    """Weeks that wait for data, shaded from their first day to their last."""
    held = cells.filter(pl.col("state") == "held").with_columns(end=pl.col("week").dt.offset_by("7d"))
    box = alt.Chart(held).mark_rect(color=colours.held, opacity=0.28)
    return [box.encode(x=alt.X("week:T"), x2="end:T", tooltip=alt.value("Waiting for data"))] if len(held) else []


def marked(drawn: pl.DataFrame, colours: Ink) -> Layers:
    """Weeks in alarm or on watch as shapes, the newest value as a point; every week tells its numbers."""
    spots = drawn.filter(pl.col("kind").is_in(["alarm", "good"]) | (pl.col("newest") & (pl.col("kind") != "ok")))
    colour, shape = coloured(colours), shaped()
    base = alt.Chart(drawn).encode(x="week:T", y="value:Q", tooltip=tips())
    return [
        alt.Chart(spots)
        .mark_point(filled=True, opacity=1, size=80)
        .encode(x="week:T", y="value:Q", color=colour, shape=shape),
        base.transform_filter("datum.newest")
        .mark_point(filled=True, opacity=1, size=70)
        .encode(color=colour, shape=shape),
        base.mark_point(opacity=0, size=220),
    ]


def happened(events: pl.DataFrame, drawn: pl.DataFrame, colours: Ink) -> Layers:
    """What happened in the organisation: a rule with its name, inside the picture on either half."""
    first, last = drawn["week"].min(), drawn["week"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        return []
    seen = events.filter(pl.col("week").is_between(first, last)).sort("week")
    half = first + (last - first) / 2
    layers: Layers = []
    rule = alt.Chart(seen).mark_rule(color=colours.quiet, strokeDash=[2, 3])
    layers.append(
        rule.encode(x="week:T", tooltip=[alt.Tooltip("text:N", title="Event"), alt.Tooltip("week:T", title="Week of")])
    )
    halves: list[tuple[Literal["left", "right"], pl.Expr]] = [
        ("left", pl.col("week") <= half),
        ("right", pl.col("week") > half),
    ]
    for side, where in halves:
        rows = seen.filter(where)
        text = alt.Chart(rows).mark_text(
            align=side,
            dx=5 if side == "left" else -5,
            y=8,
            baseline="middle",
            color=colours.text,
            fontSize=12,
            limit=210,
        )
        layers.append(text.encode(x="week:T", text="text:N"))
    return layers if len(seen) else []


def dressed(chart: Any, width: Width, height: int | None, told: str) -> Any:
    """The chart with its size, its description for screen readers, and no background of its own."""
    size = {"width": width} | ({"height": height} if height else {})
    return chart.properties(description=told, background="transparent", **size).configure_view(stroke=None)


def trend(
    cells: pl.DataFrame,
    indicator: Drawn,
    width: Width = "container",
    height: int = 300,
    events: pl.DataFrame | None = None,
    dark: bool = False,
) -> alt.LayerChart:
    """One unit's course: the value of each window against its usual range, with alarms, events and gaps."""
    colours, drawn = ink(dark), points(cells, indicator)
    layers = waiting(cells, colours) + lines(drawn, indicator, colours)
    if events is not None:
        layers += happened(events, drawn, colours)
    layers += marked(drawn, colours)
    chart: alt.LayerChart = dressed(alt.layer(*layers), width, height, description(drawn, indicator))
    return chart


def spark(
    cells: pl.DataFrame, indicator: Drawn, width: Width = "container", height: int = 56, dark: bool = False
) -> alt.LayerChart:
    """The course as a small picture without axes: line, usual range, newest point."""
    colours, drawn = ink(dark), points(cells, indicator)
    layers = waiting(cells, colours) + lines(drawn, indicator, colours, small=True) + marked(drawn, colours)
    chart: alt.LayerChart = dressed(alt.layer(*layers), width, height, description(drawn, indicator))
    return chart


def branches(rows: pl.DataFrame, indicator: Drawn, whole: float | None = None, dark: bool = False) -> alt.LayerChart:
    """Units below one another in the order of the tree, each a point with its likely range; never a ranking.

    rows: name, value, low, high, n, people, verdict, side, usual_low, usual_high, week; `whole` is the unit above.
    """
    colours = ink(dark)
    drawn = points(rows.with_columns(place=pl.int_range(pl.len())), indicator).sort("place")
    order = drawn["name"].to_list()
    name = alt.Y(
        "name:N", sort=order, title=None, axis=alt.Axis(labelLimit=150, ticks=False, domain=False, labelPadding=8)
    )
    x = alt.X(
        "value:Q", title=None, scale=alt.Scale(zero=False, nice=True), axis=alt.Axis(tickCount=5, gridOpacity=0.5)
    )
    colour, shape = coloured(colours), shaped()
    unit = [alt.Tooltip("name:N", title="Unit"), *tips()]
    base = alt.Chart(drawn)
    layers: Layers = [
        base.mark_rule(strokeWidth=7, opacity=0.3, strokeCap="round").encode(
            y=name, x=alt.X("low:Q"), x2="high:Q", color=colour
        ),
        base.mark_point(filled=True, opacity=1, size=90).encode(y=name, x=x, color=colour, shape=shape, tooltip=unit),
    ]
    if whole is not None:
        above = alt.Chart(pl.DataFrame({"value": [whole]})).mark_rule(color=colours.quiet, strokeDash=[4, 3])
        layers.insert(0, above.encode(x=x))
    told = f"{indicator.title} of {words.many(len(order), 'unit')}, in the order of the tree, with likely ranges."
    chart: alt.LayerChart = dressed(alt.layer(*layers), "container", None, told)
    return chart.properties(height={"step": 34})


def description(drawn: pl.DataFrame, indicator: Drawn) -> str:
    """What the picture shows, for whoever cannot see it."""
    if drawn.is_empty():
        return f"{indicator.title}: nothing to draw."
    last = drawn.row(-1, named=True)
    months = words.period(drawn["week"][0], indicator.window), words.period(last["week"], indicator.window)
    return (
        f"{indicator.title} from {months[0]} to {months[1]}: now {last['reads']}, "
        f"{words.usual(last, indicator.unit)}. {last['said']}."
    )

"""Frames in, Altair out: the trend of one number, its small picture, and where in the tree it stands."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import altair as alt
import polars as pl

from dashboard import words
from dashboard.ink import Ink, ink
from dashboard.words import Counted

MARKS = {
    "alarm": "diamond",
    "watch": "diamond",
    "good": "triangle-up",
    "hope": "triangle-up",
    "ok": "circle",
    "unknown": "circle",
}
DRAWN = ["name", "week", "state", "value", "low", "high", "n", "people", "usual_low", "usual_high", "verdict", "series"]
Width = int | str
Layers = list[alt.Chart | alt.LayerChart]


def coloured(colours: Ink) -> alt.Color:
    return alt.Color("kind:N", legend=None, scale=alt.Scale(domain=list(MARKS), range=[colours.kind(k) for k in MARKS]))


def shaped() -> alt.Shape:
    return alt.Shape("kind:N", legend=None, scale=alt.Scale(domain=list(MARKS), range=list(MARKS.values())))


def worded(cells: pl.DataFrame, indicator: Counted) -> pl.DataFrame:
    """The cells with words for whoever points at one: when, reads, likely, usually, said; and the kind of verdict."""
    rows = [
        {
            "when": words.period(row["week"], indicator),
            "reads": words.number(row["value"], indicator.unit),
            "likely": words.span(row["low"], row["high"], indicator.unit),
            "usually": words.span(row["usual_low"], row["usual_high"], indicator.unit),
            "said": words.chip(row["verdict"], row["side"])[1],
            "kind": words.chip(row["verdict"], row["side"])[0],
        }
        for row in cells.iter_rows(named=True)
    ]
    texts = pl.DataFrame(rows, schema=dict.fromkeys(("when", "reads", "likely", "usually", "said", "kind"), pl.String))
    return pl.concat([cells.select(*(name for name in DRAWN if name in cells.columns)), texts], how="horizontal")


def points(cells: pl.DataFrame, indicator: Counted) -> pl.DataFrame:
    """The cells as drawn: one stretch of line until a week is missing, one spell until the verdict changes.

    Surveys are joined over the weeks between them, as long as they ask the same; weeks are not.
    """
    new = (pl.col("series") != pl.col("series").shift(1)) if "series" in cells.columns else pl.lit(False)
    gap = new if words.wave(indicator) else pl.col("week").diff().dt.total_days() > 7
    spell = pl.col("kind") != pl.col("kind").shift(1)
    drawn = worded(cells.filter(pl.col("value").is_not_null()).sort("week"), indicator)
    return drawn.with_columns(
        stretch=gap.cast(pl.Int32).fill_null(0).cum_sum(),
        spell=spell.fill_null(True).cast(pl.Int32).cum_sum(),
        newest=pl.col("week") == pl.col("week").filter(pl.col("state") != "partial").max(),
    )


def floor_and_ceiling(drawn: pl.DataFrame, indicator: Counted) -> alt.Scale:
    """An axis that holds line and usual range with air around them; percentages end at 0 and 100."""
    values = [drawn[name].drop_nulls() for name in ("value", "usual_low", "usual_high")]
    every = pl.concat(values) if len(drawn) else pl.Series([0.0, 1.0])
    low, high = (float(every.min() or 0), float(every.max() or 0)) if len(every) else (0.0, 1.0)  # type: ignore[arg-type]
    air = max((high - low) * 0.2, abs(high) * 0.04, 0.01)
    top = 100.0 if indicator.unit == "%" else float("inf")
    floor = 0.0 if low >= 0 else float("-inf")
    return alt.Scale(domain=[max(low - air, floor), min(high + air, top)], nice=False, zero=False)


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


def axes(drawn: pl.DataFrame, indicator: Counted, small: bool) -> tuple[alt.X, alt.Y]:
    """Weeks from left to right, values upward; the same in every layer, none to see in a small picture."""
    ticks = None if small else alt.Axis(title=None, tickCount=5, domain=False, ticks=False, gridOpacity=0.5)
    return (
        alt.X("week:T", axis=week_axis(not small)),
        alt.Y("value:Q", axis=ticks, scale=floor_and_ceiling(drawn, indicator)),
    )


def lines(drawn: pl.DataFrame, x: alt.X, y: alt.Y, colours: Ink, width: float) -> Layers:
    """The usual range as a band, whole weeks as a line, weeks in alarm in their colour, what still fills up dashed."""
    known, whole = drawn.filter(pl.col("usual_low").is_not_null()), drawn.filter(pl.col("state") == "shown")
    rest = drawn.filter((pl.col("state") == "partial") | (pl.col("state").shift(-1) == "partial"))
    low = y.copy()
    low.shorthand = "usual_low:Q"
    band = alt.Chart(known).mark_area(opacity=0.16, color=colours.band, interpolate="monotone")
    line = alt.Chart(whole).mark_line(color=colours.line, strokeWidth=width, strokeCap="round", strokeJoin="round")
    layers: Layers = [band.encode(x=x, y=low, y2="usual_high:Q", detail="stretch:N")] if len(known) else []
    layers += [line.encode(x=x, y=y, detail="stretch:N")] if len(whole) else []
    for kind in ("alarm", "good"):
        rung = whole.filter(pl.col("kind") == kind)
        loud = alt.Chart(rung).mark_line(color=colours.kind(kind), strokeWidth=width + 0.5, strokeCap="round")
        layers += [loud.encode(x=x, y=y, detail=["stretch:N", "spell:N"])] if len(rung) else []
    dashed = alt.Chart(rest).mark_line(color=colours.line, strokeWidth=width, strokeDash=[3, 4])
    return layers + ([dashed.encode(x=x, y=y)] if len(rest) else [])


def waiting(cells: pl.DataFrame, x: alt.X, colours: Ink) -> Layers:
    """Weeks that wait for data, shaded from their first day to their last."""
    held = cells.filter(pl.col("state") == "held").select("week", end=pl.col("week").dt.offset_by("7d"))
    box = alt.Chart(held).mark_rect(color=colours.held, opacity=0.28)
    return [box.encode(x=x, x2="end:T", tooltip=alt.value("Waiting for data"))] if len(held) else []


def turned(began: tuple[date, date, date] | None, drawn: pl.DataFrame, x: alt.X, colours: Ink) -> Layers:
    """When it probably began: a thin line, in a soft band as wide as that is uncertain."""
    if began is None or drawn.is_empty():
        return []
    first, last = drawn["week"].min(), drawn["week"].max()
    if not isinstance(first, date) or not isinstance(last, date) or not first <= began[0] <= last:
        return []
    early, late = max(began[1], first), min(began[2], last)
    row = pl.DataFrame({"week": [began[0]], "early": [early], "late": [late]})
    told = [
        alt.Tooltip("week:T", title="Probably began in the week of"),
        alt.Tooltip("early:T", title="Surely not before"),
        alt.Tooltip("late:T", title="Nor after"),
    ]
    band = alt.Chart(row).mark_rect(color=colours.quiet, opacity=0.18)
    line = alt.Chart(row).mark_rule(color=colours.text, strokeWidth=1.25)
    start = x.copy()
    start.shorthand = "early:T"
    return [band.encode(x=start, x2="late:T", tooltip=told), line.encode(x=x, tooltip=told)]


def marked(drawn: pl.DataFrame, x: alt.X, y: alt.Y, colours: Ink, waves: bool) -> Layers:
    """Each survey, where an alarm began and where things stand now, as shapes; every week tells its numbers."""
    began = pl.col("kind").is_in(["alarm", "good"]) & (pl.col("spell") != pl.col("spell").shift(1))
    spots = drawn.filter(began | pl.col("newest") | pl.lit(waves))
    every = alt.Chart(drawn).mark_point(opacity=0, size=220).encode(x=x, y=y, tooltip=tips())
    shapes = alt.Chart(spots).mark_point(filled=True, opacity=1, size=85)
    return [shapes.encode(x=x, y=y, color=coloured(colours), shape=shaped(), tooltip=tips()), every]


def happened(events: pl.DataFrame, drawn: pl.DataFrame, x: alt.X, colours: Ink) -> Layers:
    """What happened in the organisation: a rule with its name, inside the picture on either half."""
    first, last = drawn["week"].min(), drawn["week"].max()
    if not isinstance(first, date) or not isinstance(last, date):
        return []
    seen = events.filter(pl.col("week").is_between(first, last)).sort("week")
    told = [alt.Tooltip("text:N", title="Event"), alt.Tooltip("week:T", title="Week of")]
    layers: Layers = [alt.Chart(seen).mark_rule(color=colours.quiet, strokeDash=[2, 3]).encode(x=x, tooltip=told)]
    early = pl.col("week") <= first + (last - first) / 2
    halves: list[tuple[Literal["left", "right"], pl.Expr]] = [("left", early), ("right", ~early)]
    for side, where in halves:
        if (rows := seen.filter(where)).is_empty():
            continue
        text = alt.Chart(rows).mark_text(
            align=side, dx=5 if side == "left" else -5, baseline="top", color=colours.text, fontSize=12, limit=260
        )
        layers += [text.encode(x=x, y=alt.value(2), text="text:N", tooltip=told)]
    return layers if len(seen) else []


def dressed(chart: Any, width: Width, height: int, told: str) -> Any:
    """The chart with its size, its description for screen readers, and no background of its own."""
    padding = {"left": 2, "right": 8, "top": 4, "bottom": 4}
    sized = chart.properties(width=width, height=height, padding=padding)
    return sized.properties(description=told, background="transparent").configure_view(stroke=None)


def trend(
    cells: pl.DataFrame,
    indicator: Counted,
    width: Width = "container",
    height: int = 300,
    events: pl.DataFrame | None = None,
    dark: bool = False,
    began: tuple[date, date, date] | None = None,
) -> alt.LayerChart:
    """One unit's course: the value of each window against its usual range, with alarms, events and gaps.

    `began`: the week in which what rings probably began, and the first and last it may be.
    """
    colours, drawn = ink(dark), points(cells, indicator)
    x, y = axes(drawn, indicator, small=False)
    layers = waiting(cells, x, colours) + turned(began, drawn, x, colours) + lines(drawn, x, y, colours, 2.5)
    if events is not None:
        layers += happened(events, drawn, x, colours)
    layers += marked(drawn, x, y, colours, words.wave(indicator))
    chart: alt.LayerChart = dressed(alt.layer(*layers), width, height, description(drawn, indicator))
    return chart


def spark(
    cells: pl.DataFrame, indicator: Counted, width: Width = "container", height: int = 56, dark: bool = False
) -> alt.LayerChart:
    """The course as a small picture without axes: line, usual range, newest whole week."""
    cells = cells.filter(pl.col("state") != "partial")
    colours, drawn = ink(dark), points(cells, indicator)
    x, y = axes(drawn, indicator, small=True)
    layers = (
        waiting(cells, x, colours)
        + lines(drawn, x, y, colours, 2)
        + marked(drawn, x, y, colours, words.wave(indicator))
    )
    chart: alt.LayerChart = dressed(alt.layer(*layers), width, height, description(drawn, indicator))
    return chart


def branches(rows: pl.DataFrame, indicator: Counted, whole: float | None = None, dark: bool = False) -> alt.LayerChart:
    """Units below one another in the order of the tree, each a point with its likely range; never a ranking.

    rows: cells of one week with the units' names; `whole` is the value of the unit above.
    """
    colours = ink(dark)
    drawn = worded(rows.filter(pl.col("value").is_not_null()), indicator)
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
    chart: alt.LayerChart = dressed(alt.layer(*layers), "container", 34 * len(order) + 44, told)
    return chart


def description(drawn: pl.DataFrame, indicator: Counted) -> str:
    """What the picture shows, for whoever cannot see it."""
    if drawn.is_empty():
        return f"{indicator.title}: nothing to draw."
    last = drawn.row(-1, named=True)
    months = words.period(drawn["week"][0], indicator), words.period(last["week"], indicator)
    return (
        f"{indicator.title} from {months[0]} to {months[1]}: now {last['reads']}, "
        f"{words.usual(last, indicator.unit)}. {last['said']}."
    )

"""Overview: is the organisation learning, what needs attention, and each indicator at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import polars as pl
import streamlit as st

from dashboard import charts, words
from dashboard.access import Shown, standing
from dashboard.views import open_alerts, pieces
from dashboard.views.frame import Asked, lacking, waiting_for
from metrics.indicator import Indicator
from metrics.sentence import events

MOST = 5
ONWARD = ":material/arrow_forward:"
SPARK = timedelta(weeks=52)


def page(shown: Shown, asked: Asked) -> None:
    verdicts = shown.verdicts()
    alerts = open_alerts.among(verdicts, shown.units, asked.unit)
    headline(shown, asked, verdicts, alerts)
    changed(shown, asked, alerts)
    st.subheader("The indicators", anchor=False)
    cells = shown.cells(unit=asked.unit, since=shown.today - SPARK)
    courses = {name: cells.filter(pl.col("indicator") == name) for name in asked.indicators}
    stand = {name: standing(course, verdicts) for name, course in courses.items()}
    grid = st.grid("auto", min_column_width=270, gap="small", border=True, key="cards")
    for name, indicator in asked.indicators.items():
        with grid.cell():
            card(shown, asked, indicator, stand[name], courses[name])
    known = {name: cell for name, cell in stand.items() if cell is not None}
    table = pieces.numbers(pl.DataFrame(list(known.values()), schema=cells.schema, orient="row"), "see its page")
    titles = pl.Series("Indicator", [asked.indicators[name].title for name in known], pl.String)
    pieces.twin(table.insert_column(0, titles), "overview", "overview")


def headline(shown: Shown, asked: Asked, verdicts: pl.DataFrame, alerts: pl.DataFrame) -> None:
    """The answer in a sentence from the verdicts on this unit, and one about the units below."""
    mine = verdicts.filter(pl.col("unit") == asked.unit, pl.col("indicator").is_in(list(asked.indicators)))
    name = shown.units.names[asked.unit]
    under = alerts.filter(pl.col("unit") != asked.unit)
    trouble, good = (under.filter(pl.col("side") == side).height for side in ("worse", "better"))
    alone = words.answer(mine.select("verdict", "side").rows(), len(asked.indicators))
    answer = words.answer(mine.select("verdict", "side").rows(), len(asked.indicators), trouble)
    said = words.below(trouble, good) if answer == alone else words.also(good)
    pieces.heading(f"Is {name} learning?", answer, said if shown.units.below.get(asked.unit) else "")


def changed(shown: Shown, asked: Asked, alerts: pl.DataFrame) -> None:
    """Open alerts here and below: at most five in full, the rest counted."""
    if alerts.is_empty():
        return
    st.subheader("What changed", anchor=False)
    for row in alerts.head(MOST).iter_rows(named=True):
        open_alerts.line(shown, asked, row)
    left = len(alerts) - MOST
    asked.link("alerts", f"{words.many(left, 'more alert')}" if left > 0 else "All alerts", icon=ONWARD)


def card(
    shown: Shown, asked: Asked, indicator: Indicator, cell: Mapping[str, Any] | None, course: pl.DataFrame
) -> None:
    """One indicator: what it is now, against what is usual, since when, from how much."""
    feeds = shown.feeds()
    why = words.why_not(
        cell, asked.minimum, lacking(indicator, feeds), waiting_for(indicator, feeds), events(indicator)
    )
    verdict = pieces.chip(cell["verdict"], cell["side"]) if cell else pieces.chip("unknown")
    against = words.html(words.usual(cell, indicator.unit)) if cell and cell["value"] is not None else ""
    pieces.write(
        f'<p class="bw-name">{words.html(indicator.title)}</p>{pieces.value(cell, indicator.unit)}'
        f'<p class="bw-against">{against}</p>{verdict}'
    )
    if course["value"].is_not_null().any():
        pieces.picture(charts.spark, course, indicator, f"spark-{indicator.name}", dark=asked.dark)
    last = next(iter(course.filter(pl.col("value").is_not_null()).tail(1).rows(named=True)), None)
    foot = pieces.foot(cell, indicator, shown.today, last)
    pieces.write(f'<p class="bw-soft">{words.html(foot)} {words.html(why)}</p>')
    asked.link(indicator.name, "Look closer", icon=ONWARD)

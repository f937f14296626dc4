"""Overview: is the organisation learning, what needs attention, and each indicator at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import polars as pl
import streamlit as st

from dashboard import charts, words
from dashboard.access import Shown
from dashboard.views import open_alerts, pieces
from dashboard.views.frame import Asked, lacking, waiting_for
from metrics.indicator import Indicator

MOST = 5
SPARK = timedelta(weeks=52)


def page(shown: Shown, asked: Asked) -> None:
    cells = shown.cells(unit=asked.unit, since=shown.today - SPARK)
    latest = {row["indicator"]: row for row in shown.latest(asked.unit).iter_rows(named=True)}
    verdicts = shown.verdicts()
    headline(shown, asked, verdicts)
    below(shown, asked, verdicts)
    st.space("small")
    st.subheader("The indicators", anchor=False)
    grid = st.grid("auto", min_column_width=290, gap="small")
    for name, indicator in asked.indicators.items():
        with grid.cell(), st.container(border=True, height="stretch", key=f"card-{name}"):
            card(shown, asked, indicator, latest.get(name), cells.filter(pl.col("indicator") == name))
    titles = {name: indicator.title for name, indicator in asked.indicators.items()}
    table = pieces.numbers(pl.DataFrame(list(latest.values()), schema=cells.schema), "see unit")
    named = pl.Series("Indicator", [titles.get(name, name) for name in latest], pl.String)
    pieces.twin(table.insert_column(0, named), "overview", "overview")


def headline(shown: Shown, asked: Asked, verdicts: pl.DataFrame) -> None:
    """The answer in one sentence, from the verdicts on this unit."""
    mine = verdicts.filter(pl.col("unit") == asked.unit, pl.col("indicator").is_in(list(asked.indicators)))
    name = shown.units.names[asked.unit]
    pieces.write(
        f'<p class="bw-over">Is {words.html(name)} learning?</p>'
        f'<p class="bw-answer" role="heading" aria-level="1">'
        f"{words.html(words.answer(mine.select('verdict', 'side').rows(), len(asked.indicators)))}</p>"
    )


def below(shown: Shown, asked: Asked, verdicts: pl.DataFrame) -> None:
    """Open alerts here and below: at most five in full, the rest counted."""
    alerts = open_alerts.among(verdicts, shown.units, asked.unit)
    st.space("small")
    if alerts.is_empty():
        pieces.say("No open alert here or in any unit below.", "bw-soft")
        return
    st.subheader("What changed", anchor=False)
    for row in alerts.head(MOST).iter_rows(named=True):
        open_alerts.line(shown, asked, row)
    left = len(alerts) - MOST
    asked.link(
        "alerts", f"{words.many(left, 'more alert')}" if left > 0 else "All alerts", icon=":material/arrow_forward:"
    )


def card(
    shown: Shown, asked: Asked, indicator: Indicator, cell: Mapping[str, Any] | None, course: pl.DataFrame
) -> None:
    """One indicator: what it is now, against what is usual, since when, from how much."""
    feeds = shown.feeds()
    why = words.why_not(cell, asked.minimum, lacking(indicator, feeds), waiting_for(indicator, feeds))
    verdict = pieces.chip(cell["verdict"], cell["side"]) if cell else pieces.chip("unknown")
    pieces.write(
        f'<div class="bw-top"><span class="bw-name">{words.html(indicator.title)}</span>{verdict}</div>'
        + pieces.value(cell, indicator.unit)
        + (f"<p>{words.html(words.usual(cell, indicator.unit))}</p>" if cell and cell["value"] is not None else "")
    )
    if course["value"].is_not_null().any():
        pieces.picture(charts.spark(course, indicator, dark=asked.dark), f"spark-{indicator.name}")
    known = course.filter(pl.col("value").is_not_null()).tail(1).rows(named=True)
    foot = pieces.foot(cell, indicator.window, shown.today, next(iter(known), None), indicator.unit)
    pieces.write(f'<p class="bw-soft">{words.html(foot)} {words.html(why)}</p>')
    asked.link(indicator.name, "Look closer", icon=":material/arrow_forward:")

"""Overview: is the organisation learning, what needs attention, its scores, and each indicator in a line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import polars as pl
import streamlit as st

from dashboard import words
from dashboard.access import Shown, standing
from dashboard.views import open_alerts, pieces, scores, survey
from dashboard.views.frame import Asked
from metrics.indicator import Indicator

MOST = 5
ONWARD = ":material/arrow_forward:"
LATELY = timedelta(weeks=52)
Cells = Mapping[str, Mapping[str, Any] | None]


def page(shown: Shown, asked: Asked) -> None:
    verdicts = shown.verdicts()
    alerts = open_alerts.among(verdicts, shown.units, asked.unit)
    cells = shown.cells(unit=asked.unit, since=shown.today - LATELY)
    stand = {name: standing(rows, verdicts) for name, rows in by_indicator(cells, asked).items()}
    headline(shown, asked, verdicts, alerts, stand)
    scores.row(shown, asked)
    changed(shown, asked, alerts)
    st.subheader("The indicators", anchor=False)
    least = survey.told_from(shown, asked.unit)
    for theme, names in asked.themes().items():
        lines(asked, theme, names, stand, least)
    known = {name: cell for name, cell in stand.items() if cell is not None}
    table = pieces.numbers(pl.DataFrame(list(known.values()), schema=cells.schema, orient="row"), "see its page")
    titles = pl.Series("Indicator", [asked.indicators[name].title for name in known], pl.String)
    pieces.twin(table.insert_column(0, titles), "overview", "overview")


def by_indicator(cells: pl.DataFrame, asked: Asked) -> dict[str, pl.DataFrame]:
    parts = cells.partition_by("indicator", as_dict=True)
    return {name: parts.get((name,), cells.clear()) for name in asked.indicators}


def headline(shown: Shown, asked: Asked, verdicts: pl.DataFrame, alerts: pl.DataFrame, stand: Cells) -> None:
    """The answer in a sentence from the verdicts on this unit, and one about the units below.

    Indicators that nothing is known of, or that are never judged, do not count.
    """
    judged = [name for name, one in asked.indicators.items() if one.judged and stand[name] is not None]
    mine = verdicts.filter(pl.col("unit") == asked.unit, pl.col("indicator").is_in(judged))
    name = shown.units.names[asked.unit]
    under = alerts.filter(pl.col("unit") != asked.unit)
    trouble, good = (under.filter(pl.col("side") == side).height for side in ("worse", "better"))
    total = len(judged) or len(asked.indicators)
    alone = words.answer(mine.select("verdict", "side").rows(), total)
    answer = words.answer(mine.select("verdict", "side").rows(), total, trouble)
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


def lines(asked: Asked, theme: str, names: list[str], stand: Cells, least: Mapping[str, str]) -> None:
    """The indicators of one theme, a line each; those without data in one sentence."""
    there = [name for name in names if stand[name] is not None]
    absent = [asked.indicators[name].title for name in names if stand[name] is None]
    with st.container(border=True, gap="xxsmall", key=f"theme-{theme}"):
        pieces.write(f'<p class="bw-theme">{words.html(words.theme(theme))}</p>')
        for name in there:
            line(asked, asked.indicators[name], stand[name], least.get(name, ""))
        if absent:
            pieces.say(f"No data yet: {words.listed(absent, len(absent))}.", "bw-soft")


def line(asked: Asked, indicator: Indicator, cell: Mapping[str, Any] | None, least: str) -> None:
    """One indicator: its name leads to its page; what it is now, and how that is judged; of surveys the least told."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"row-{indicator.name}"):
        asked.link(indicator.name, indicator.title)
        said = [words.usual(cell, indicator.unit)] if cell and judged(indicator, cell) else []
        said += [least] if said and least else []
        said += [words.MARKED[cell["mark"]]] if cell and cell["mark"] in words.MARKED else []
        against = words.html("; ".join(said))
        pieces.write(
            f'<div class="bw-line">{pieces.brief(cell, indicator.unit)}'
            f'<span class="bw-soft">{against}</span>{pieces.verdict(cell, indicator)}</div>'
        )


def judged(indicator: Indicator, cell: Mapping[str, Any] | None) -> bool:
    return bool(indicator.judged and cell and cell["value"] is not None)

"""A survey scale's evidence on its page: may it be relied on, told of teams, compared; and behaviour beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboard import survey_words, words
from dashboard.access import Shown
from dashboard.views import pieces
from dashboard.views.frame import Asked
from metrics.agreement import SAYS
from metrics.indicator import Indicator, indicators
from metrics.survey.separation import MARK

Cell = Mapping[str, Any] | None


def trust(indicator: Indicator, shown: Shown, asked: Asked, cell: Cell) -> None:
    """The verdicts with their sentences, the executive's first; all that is behind them folded away.

    None of answers that cannot be told apart from another scale's: that number would be told again, as its own.
    """
    told = words.wave(indicator) and not (cell is not None and cell["mark"] == MARK)
    row = standing(shown.surveys(indicator=indicator.name, unit=asked.unit), cell) if told else None
    if row is not None:
        st.subheader("May this be trusted?", anchor=False)
        for name, (question, said) in survey_words.QUESTIONS.items():
            sign = pieces.sign(*survey_words.chip(row[name], name))
            text = f"<span>{words.html(row[said])}</span>"
            pieces.write(
                f'<div class="bw-verdict"><span class="bw-soft">{words.html(question)}</span>{sign}{text}</div>'
            )
        drawer(indicator, shown, asked, row)
    beside(indicator, shown, asked)


def standing(rows: pl.DataFrame, cell: Cell) -> dict[str, Any] | None:
    """The evidence of the wave that is shown, else of the newest there is."""
    mine = rows.filter(pl.col("week") == cell["week"]) if cell is not None else rows
    return next(iter((rows if mine.is_empty() else mine).tail(1).rows(named=True)), None)


def told_from(shown: Shown, unit: str) -> dict[str, str]:
    """By scale, the smallest change between surveys that can be told from chance, to stand beside every arrow."""
    newest = shown.surveys(unit=unit).unique("indicator", keep="last", maintain_order=True)
    known = newest.filter(pl.col("detectable").is_not_null()).select("indicator", "detectable")
    return {name: f"a change under {survey_words.points(least)} cannot be told" for name, least in known.iter_rows()}


def drawer(indicator: Indicator, shown: Shown, asked: Asked, row: Mapping[str, Any]) -> None:
    when = words.period(row["week"], indicator, shown.today)
    then = words.period(row["then"], indicator, shown.today) if row["then"] else ""
    with st.expander("The evidence, for whoever wants to check it"):
        pieces.write(pieces.facts(survey_words.drawer(row, when, then)))
        items = shown.survey_items(indicator.name, asked.unit).filter(pl.col("week") == row["week"])
        if not items.is_empty():
            st.dataframe(survey_words.items(items), hide_index=True, width="stretch", alt="The questions of this scale")


def beside(indicator: Indicator, shown: Shown, asked: Asked) -> None:
    """What people say beside what they do, on the pages of both."""
    rows = shown.agreements(asked.unit)
    mine = rows if indicator.name == SAYS else rows.filter(pl.col("indicator") == indicator.name)
    if mine.is_empty():
        return
    st.subheader("What people say, and what they do", anchor=False)
    for row in mine.iter_rows(named=True):
        other = row["indicator"] if indicator.name == SAYS else SAYS
        sign = pieces.sign(*survey_words.FLAGS[row["flag"]])
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"beside-{row['indicator']}"):
            asked.link(other, indicators()[other].title)
            pieces.write(f'<div class="bw-line">{sign}<span>{words.html(row["words"])}</span></div>')
    pieces.say(
        "Both between the last two surveys. A survey and a count may differ for good reasons; look at both.", "bw-soft"
    )


def in_series(cells: pl.DataFrame, indicator: Indicator, shown: Shown, unit: str) -> pl.DataFrame:
    """The cells with the series each wave belongs to, so that no line joins two."""
    if not words.wave(indicator):
        return cells
    return cells.join(
        shown.surveys(indicator=indicator.name, unit=unit).select("week", "series"), on="week", how="left"
    )


def comparing(
    indicator: Indicator, shown: Shown, unit: str, cell: Mapping[str, Any], below: list[str]
) -> tuple[str, str]:
    """Whether the units right below may be laid side by side, and the sentence; of other than teams nothing is said."""
    rows = (
        shown.surveys(indicator=indicator.name).filter(pl.col("week") == cell["week"])
        if words.wave(indicator)
        else None
    )
    if rows is None or rows.filter(pl.col("unit").is_in(below), pl.col("team")).is_empty():
        return "", ""
    mine = rows.filter(pl.col("unit") == unit)
    return (mine["compare"][0], mine["compare_words"][0]) if len(mine) else ("", "")

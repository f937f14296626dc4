"""Answers from SurveyMonkey's exports: who chose which point of which item, never what anyone wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from connectors.source import source
from connectors.survey.exports import MORE, SETTINGS, Exports, Layout

PLAIN = ("response", "open-ended response")
OWN = (
    *("Respondent ID", "Collector ID", "Start Date", "End Date", "IP Address", "Email Address", "First Name"),
    *("Last Name", "Custom Data 1"),
)


def headers(cells: pl.DataFrame) -> int:
    """Two rows, of which the second names the choices and has no respondent; some have tidied them into one."""
    return 1 if cells.row(1)[0] else 2


def named(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """A question of several columns stands over the first of them only; each is the question, then the choice."""
    questions: list[str] = []
    for text in rows[0]:
        questions.append(text or (questions[-1] if questions else ""))
    if len(rows) == 1:
        return [questions]
    choices = ["" if text.lower() in PLAIN else text for text in rows[1]]
    full = [
        f"{question}: {choice}" if choice else question for question, choice in zip(questions, choices, strict=True)
    ]
    return [full, choices]


LAYOUT = Layout(
    headers,
    named,
    ("Respondent ID", "RespondentID", "respondent_id"),
    ("End Date", "EndDate", "Date Modified", "date_modified"),
    lambda sheet: pl.lit(value=True),
    OWN,
)


@source(
    "surveymonkey",
    title="SurveyMonkey (exports)",
    group="survey",
    proof="recorded",
    by="a public contributor survey of 160 respondents (Kubernetes, 2018)",
    needs=SETTINGS,
    may=MORE,
)
def surveymonkey(name: str, settings: Mapping[str, Any]) -> Exports:
    """Reads exported files: "All responses data", CSV or XLSX, with actual answer text or numbers.

    Needs no access to SurveyMonkey. Only the columns of the items listed are read, never a text, a name or an address.
    """
    return Exports(name, settings, LAYOUT)

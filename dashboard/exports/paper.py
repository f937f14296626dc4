"""One page of paper: the report as a tagged PDF, its charts as vectors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import polars as pl
import typst

from dashboard.exports.pictures import svg
from dashboard.exports.report import MARKS, Report, in_words, line
from dashboard.exports.rows import rows

SHEET = Path(__file__).with_name("paper.typ")
STANDARD: Literal["ua-1"] = "ua-1"
FITS = ((96, 12), (70, 10), (48, 8), (34, 5), (0, 5), (0, 0))
"""Height of a chart and most figures a table, from roomy to tight: the first that fits on one page is taken."""


def page(report: Report) -> bytes:
    """Always one page. It is tagged after PDF/UA-1, so that it can be read aloud in order, charts by their words."""
    for height, most in FITS:
        given = {"report": json.dumps(told(report, height, most), default=str)}
        made = typst.compile(
            SHEET.read_bytes(), format="pdf", pdf_standards=STANDARD, sys_inputs=given, ignore_system_fonts=True
        )
        if pages(given) == 1 or (height, most) == FITS[-1]:
            break
    assert isinstance(made, bytes)
    return made


def pages(given: dict[str, str]) -> int:
    """How many pages it would take."""
    found = typst.query(SHEET.read_bytes(), "<pages>", "value", True, sys_inputs=given, ignore_system_fonts=True)
    return int(found)


def told(report: Report, height: int, most: int) -> dict[str, Any]:
    """What the sheet lays out: words and pictures, nothing to run."""
    alerts = [
        {
            "mark": MARKS[one["group"]],
            "group": one["group"],
            "title": f"{one['title']} – {line(one['name'])}",
            "sentence": one["sentence"],
            "picture": picture(report.drawn(one["indicator"], one["unit"]), one["indicator"], height),
            "page": report.page(one["indicator"], one["unit"]),
        }
        for one in report.full.iter_rows(named=True)
    ]
    tables = [
        {"title": title, "rows": rows(report, shown.head(most)), "more": more + max(len(shown) - most, 0)}
        for title, shown, more in report.tables
    ]
    return {
        "subject": report.subject,
        "over": " · ".join(filter(None, [line(report.title), line(report.organisation)])),
        "day": in_words(report.as_of),
        "headline": report.headline,
        "notes": [*report.failing, *filter(None, [report.notes])],
        "alerts": alerts,
        "rest": report.rest,
        "tables": tables,
        "standing": report.standing if "alerts" in report.content else "",
        "link": report.page(),
    }


def picture(cells: pl.DataFrame, indicator: str, height: int) -> str:
    """Vectors; nothing where there is nothing to draw or no room for it."""
    return svg(cells, indicator, height) if height and not cells.is_empty() else ""

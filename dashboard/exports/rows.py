"""Rows of figures in words, the same in a mail, on paper and in a chat."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboard import words
from dashboard.exports.report import Report, line

MOVED = {
    "up": ("ok", "▲ Higher than three months ago"),
    "down": ("watch", "▼ Lower than three months ago"),
    "same": ("ok", "● No clear change"),
    "": ("unknown", "○ Too early to speak of change"),
}


def rows(report: Report, shown: pl.DataFrame) -> list[dict[str, Any]]:
    """What, where, how much, beside what, how judged (`kind`, `said`), and the page it stands on."""
    return [row(one) | {"page": report.page(one["indicator"], one["unit"])} for one in shown.iter_rows(named=True)]


def row(one: words.Row) -> dict[str, Any]:
    about = {"title": one["title"], "name": line(one["name"]), "value": words.number(one["value"], one["measure"])}
    span = words.span(one["usual_low"], one["usual_high"]) if one["usual_low"] is not None else ""
    if one["side"] == "score":
        kind, said = MOVED[one["verdict"]]
        return about | {"beside": f"likely {span}" if span else "", "kind": kind, "said": said}
    kind, said = words.chip(one["verdict"], one["side"])
    return about | {"beside": f"usually {span}" if span else "", "kind": kind, "said": f"{words.SHAPES[kind]} {said}"}

"""The units right below in a funnel: who is beyond what chance explains, and whether they may be compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import charts_scores, words
from dashboard.access import Shown
from dashboard.views import pieces
from dashboard.views.frame import Asked
from metrics.indicator import Indicator

FEW = "Too few units of this level are shown to say how far they differ by chance."


def funnel(indicator: Indicator, shown: Shown, asked: Asked) -> None:
    """What may be said of the units below, and the picture it is said from; nothing where none was counted."""
    rows = shown.made("comparisons", indicator=indicator.name, parent=asked.unit)
    if rows.is_empty():
        return
    names = pl.Series("name", [shown.units.names[unit] for unit in rows["unit"]], pl.String)
    first = rows.row(0, named=True)
    pieces.write(f'<p class="bw-beyond">{words.html(said(first, rows.with_columns(names)))}</p>')
    if first["compare"] not in ("yes", "caution") or len(rows) < 2:
        return
    drawn = rows.with_columns(names)
    pieces.picture(charts_scores.funnel, drawn, indicator, f"funnel-{indicator.name}", dark=asked.dark)
    pieces.say(how(first, shown.units.names[asked.unit]), "bw-soft")


def said(first: Mapping[str, Any], rows: pl.DataFrame) -> str:
    """Who is above or below what is expected, or why nobody is said to be."""
    if first["compare"] == "unknown":
        return FEW
    if first["compare"] == "no":
        return (
            f"These units are not compared: of the differences between teams only {max(first['reliability'], 0):.2f} "
            "is more than chance (ICC(2); .50 is the least)."
        )
    told = [
        f"{words.listed(found)} {'is' if len(found) == 1 else 'are'} {side} expected"
        for side in ("above", "below")
        if (found := rows.filter(said=side)["name"].to_list())
    ]
    answer = f"{'; '.join(told)}." if told else "No unit is beyond what chance and usual differences explain."
    careful = " Compare with caution: " if first["compare"] == "caution" else ""
    return answer + (f"{careful}ICC(2) is {first['reliability']:.2f}, .70 is reliable." if careful else "")


def how(first: Mapping[str, Any], name: str) -> str:
    """How the picture is to be read."""
    wider = f", widened as the {first['peers']} units of this level differ anyway" if first["spread"] else ""
    return (
        f"The dashed line is {name} as a whole. Grey: where 95 and 99.8 % of units would be by chance{wider}; narrower "
        "the more was counted. Only outside the outer one is a unit called above or below expected."
    )

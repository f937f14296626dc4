"""How long it takes: the curve of what waits, in this unit, the one above and the whole; and what can be followed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboard import charts_waits, words
from dashboard.access import Shown, standing
from dashboard.views import pieces
from dashboard.views.frame import Asked
from metrics.indicator import Indicator, indicators

FOLLOWED = ("learning_latency", "action_sincerity")
LINKS = "insight_links"


def curves(indicator: Indicator, shown: Shown, asked: Asked) -> None:
    """The curve of this indicator, or those of what stands beside it: nothing where none is published for the unit."""
    drawn = [(one, rows) for one in waits(indicator) if not (rows := seen(one, shown, asked.unit)).is_empty()]
    if drawn:
        st.subheader("How long it takes", anchor=False)
    for one, rows in drawn:
        curve(one, rows, asked)
    coverage(indicator, shown, asked)


def waits(indicator: Indicator) -> list[Indicator]:
    """The indicators whose curves belong on this page."""
    if indicator.awaits:
        return [indicator]
    home = indicator.beside or indicator.name
    return [one for one in indicators().values() if one.awaits and home in (one.name, one.beside)]


def seen(one: Indicator, shown: Shown, unit: str) -> pl.DataFrame:
    """The curves of a unit, of the one above and of the whole, with names; empty where the unit has none."""
    path = shown.units.path(unit)
    names = {place: shown.units.names[place] for place in dict.fromkeys([unit, *path[-2:-1], path[0]])}
    rows = shown.made("curves", indicator=one.name)
    order = pl.DataFrame({"unit": list(names), "name": list(names.values())})
    found = order.join(rows, on="unit", how="inner", maintain_order="left_right")
    return found if unit in found["unit"] else found.clear()


def curve(one: Indicator, rows: pl.DataFrame, asked: Asked) -> None:
    pieces.say(f"{one.title}: {said(rows, one.awaits)}")
    pieces.picture(charts_waits.waits, rows, one, f"waits-{one.name}", clock=one.awaits, dark=asked.dark)
    pieces.say(at_risk(rows, one.awaits), "bw-soft")
    table = rows.select(
        pl.col("name").alias("Unit"), pl.col("age").alias(f"After ({one.awaits})"),
        pl.col("waiting").alias("Still waiting (%)"), pl.col("low").alias("Likely from"),
        pl.col("high").alias("Likely to"), pl.col("at_risk").alias("Number at risk"),
    )  # fmt: skip
    pieces.twin(table, f"{one.name}-curve", f"waits-{one.name}")


def said(rows: pl.DataFrame, clock: str) -> str:
    """By when half were done here and elsewhere, and how many still waited at the end."""
    mine, *others = [part.row(-1, named=True) for part in rows.partition_by("unit", maintain_order=True)]
    beside = words.listed([f"{one['name']} {half(one, clock)}" for one in others], len(others))
    within = f"half were done within {half(mine, clock)}" if mine["median"] is not None else "fewer than half were done"
    return (
        f"{within}{f' ({beside})' if beside else ''}; after {mine['age']} {clock} {mine['waiting']} % still waited "
        f"(likely {words.span(mine['low'], mine['high'], '%')})."
    )


def half(one: Mapping[str, Any], clock: str) -> str:
    if one["median"] is None:
        return "fewer than half"
    return words.many(one["median"], clock.removesuffix("s"))


def at_risk(rows: pl.DataFrame, clock: str) -> str:
    """The number at risk of the unit itself, and what the picture shows."""
    first = rows.filter(pl.col("unit") == pl.first("unit"))
    told = [f"{row['at_risk']:,} after {row['age']}" for row in first.iter_rows(named=True) if row["age"]]
    start = f"{first['at_risk'][0]:,} at the start"
    return (
        f"Kaplan-Meier, with the 90 % range of {first['name'][0]}; the diamond marks where half were done. Number at "
        f"risk: {', '.join([start, *told])} {clock}. Only a few ages are published, so that no single wait shows."
    )


def coverage(indicator: Indicator, shown: Shown, asked: Asked) -> None:
    """How many insights carry a link at all, where without one nothing that came of them is seen."""
    if indicator.name not in FOLLOWED and indicator.beside not in FOLLOWED:
        return
    cell = standing(shown.cells(indicator=LINKS, unit=asked.unit), shown.verdicts())
    if cell is None or cell["value"] is None:
        pieces.say("How many insights carry a link is not known here; without one, what came of them is not seen.")
        return
    pieces.say(
        f"Link coverage: {words.number(cell['value'], '%')} of insights carry a link to what came of them (likely "
        f"{words.span(cell['low'], cell['high'], '%')}). Those without one seem to wait for ever.", "bw-soft",
    )  # fmt: skip

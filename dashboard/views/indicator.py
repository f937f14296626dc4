"""One indicator: its course against what is usual, where in the tree, how it is counted, and the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl
import streamlit as st

from dashboard import charts, words
from dashboard.access import Shown, standing
from dashboard.views import division, pieces, siblings, survey, ties, together, waits
from dashboard.views.frame import RANGES, USUAL_RANGE, Asked, lacking, waiting_for
from metrics.indicator import Indicator, indicators
from metrics.sentence import events

TIMING = {"leading": "moves before results do", "lagging": "shows what has already happened"}


def page(indicator: Indicator, shown: Shown, asked: Asked) -> None:
    cells = shown.cells(indicator=indicator.name, unit=asked.unit)
    cell = standing(cells, shown.verdicts())
    pieces.heading(indicator.question, f"{indicator.title} in {shown.units.names[asked.unit]}")
    now(indicator, shown, asked, cell, cells)
    since = date.min if asked.weeks == "all" else shown.today - timedelta(weeks=int(asked.weeks))
    course(indicator, shown, asked, cells.filter(pl.col("week") >= since))
    survey.trust(indicator, shown, asked, cell)
    waits.curves(indicator, shown, asked)
    together.together(indicator, shown, asked)
    division.division(indicator, shown, asked)
    ties.rules(indicator, shown, asked)
    beside(indicator, shown, asked)
    tree(indicator, shown, asked, cell)
    counted(indicator)
    evidence(indicator, shown, asked, cell)


def now(indicator: Indicator, shown: Shown, asked: Asked, cell: Mapping[str, Any] | None, cells: pl.DataFrame) -> None:
    """The value of now, the verdict in a sentence, and why there is none where there is none."""
    feeds = shown.feeds()
    why = words.why_not(
        cell, asked.minimum, lacking(indicator, feeds), waiting_for(indicator, feeds), events(indicator)
    )
    last = next(iter(cells.filter(pl.col("value").is_not_null()).tail(1).rows(named=True)), None)
    told = bool(cell and cell["value"] is not None)
    context = told and not indicator.judged and cell is not None and cell["mark"] not in words.DESERVED
    sentence = cell["sentence"] if cell and cell["verdict"] != "ok" and not context else ""
    against = words.first_up(f"{words.usual(cell, indicator.unit)}.") if cell and told else ""
    foot = pieces.foot(cell, indicator, shown.today, last)
    chip = pieces.verdict(cell, indicator)
    if context:
        why, against = words.unjudged(indicator.better, indicator.beside), ""
    if against and (least := survey.told_from(shown, asked.unit).get(indicator.name)):
        foot += f" {words.first_up(least)}."
    said = f"<p>{words.html(sentence or against)}</p>" if sentence or against else ""
    pieces.write(
        f'<div class="bw-now">{pieces.value(cell, indicator.unit)}<div>{chip}{said}'
        f'<p class="bw-soft">{words.html(foot)} {words.html(why)}</p></div></div>'
    )


def beside(indicator: Indicator, shown: Shown, asked: Asked) -> None:
    """The numbers that stand beside this one; or, on the page of such a number, the one it stands beside."""
    every = indicators()
    if indicator.beside:
        asked.link(indicator.beside, f"Beside {every[indicator.beside].title}", icon=":material/arrow_back:")
        return
    others = [one for one in every.values() if one.beside == indicator.name]
    if not others:
        return
    st.subheader("Beside it", anchor=False)
    for one in others:
        cell = standing(shown.cells(indicator=one.name, unit=asked.unit), shown.verdicts())
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"row-{one.name}"):
            asked.link(one.name, one.title)
            foot = words.html(pieces.foot(cell, one, shown.today))
            said = f'{pieces.brief(cell, one.unit)}<span class="bw-soft">{foot}</span>'
            pieces.write(f'<div class="bw-line">{said}</div>')


def course(indicator: Indicator, shown: Shown, asked: Asked, cells: pl.DataFrame) -> None:
    """The trend, with how far back it goes as a choice kept in the address."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("Over time", anchor=False, width="content")
        key = f"weeks of {asked.weeks}"
        st.segmented_control(
            "How far back",
            list(RANGES),
            default=asked.weeks,
            required=True,
            format_func=lambda weeks: RANGES[weeks],
            key=key,
            on_change=lambda: go(st.session_state[key]),
            label_visibility="collapsed",
        )
    if not cells["value"].is_not_null().any():
        pieces.say("Nothing to draw for this unit in this time.", "bw-soft")
        return
    happened = shown.events(asked.unit).filter(pl.col("week").is_between(cells["week"].min(), cells["week"].max()))
    drawn = survey.in_series(cells, indicator, shown, asked.unit)
    began = pieces.began(shown.verdicts(), indicator.name, asked.unit, cells)
    more = {"events": happened, "dark": asked.dark, "began": began}
    pieces.picture(charts.trend, drawn, indicator, f"trend-{indicator.name}", **more)
    pieces.legend(cells, indicator, not happened.is_empty(), began is not None)
    pieces.twin(pieces.numbers(cells.sort("week", descending=True), indicator.unit), indicator.name, "trend")


def go(weeks: str) -> None:
    if weeks == USUAL_RANGE:
        st.query_params.pop("weeks", None)
    else:
        st.query_params["weeks"] = weeks


def tree(indicator: Indicator, shown: Shown, asked: Asked, cell: Mapping[str, Any] | None) -> None:
    """The units right below, in the order of the tree, with their likely ranges; no ranking."""
    children = shown.units.below.get(asked.unit, [])
    if not children or cell is None:
        return
    st.subheader("Where in the tree", anchor=False)
    rows = shown.cells(indicator=indicator.name, units=children, since=cell["week"])
    rows = rows.filter(pl.col("week") == cell["week"])
    names = pl.DataFrame({"unit": children, "name": [shown.units.names[unit] for unit in children]})
    seen = names.join(rows.filter(pl.col("value").is_not_null()), on="unit", how="inner", maintain_order="left")
    may, why = survey.comparing(indicator, shown, asked.unit, cell, children)
    if why and not seen.is_empty():
        pieces.say(why)
    if not seen.is_empty() and may != "no":
        said = (
            f"In the {words.period(cell['week'], indicator, shown.today)}. Each bar is the range the true value "
            f"likely lies in; the dashed line is {shown.units.names[asked.unit]} as a whole. The order is that of the "
            "tree, not a ranking."
        )
        pieces.say(said, "bw-soft")
        pieces.picture(charts.branches, seen, indicator, f"tree-{indicator.name}", whole=cell["value"], dark=asked.dark)
        siblings.funnel(indicator, shown, asked)
    not_shown(rows, asked.minimum, len(children) - len(seen))
    with st.container(horizontal=True, gap="small", key="children"):
        for unit in children:
            asked.link(indicator.name, shown.units.names[unit], unit)
    if not seen.is_empty() and may != "no":
        pieces.twin(pieces.numbers(seen, indicator.unit), f"{indicator.name}-units", "tree")


def not_shown(rows: pl.DataFrame, minimum: int, without: int) -> None:
    """How many units have no number here, and why."""
    hidden = len(rows.filter(pl.col("state") == "hidden"))
    held = len(rows.filter(pl.col("state") == "held"))
    why = f"not shown to protect people (fewer than {minimum}, or it would give a smaller group away)"
    told = [f"{words.many(hidden, 'unit')} {why}"] * (hidden > 0)
    told += [f"{words.many(held, 'unit')} waiting for data"] * (held > 0)
    told += [f"{words.many(without - hidden - held, 'unit')} with too few events to give a number"] * (
        without > hidden + held
    )
    if told:
        pieces.say(f"{'; '.join(told)}.", "bw-soft")


def counted(indicator: Indicator) -> None:
    """The definition, as the indicator itself gives it."""
    st.subheader("How it is counted", anchor=False)
    for paragraph in indicator.definition.split("\n\n"):
        pieces.say(" ".join(paragraph.split()))


def evidence(indicator: Indicator, shown: Shown, asked: Asked, cell: Mapping[str, Any] | None) -> None:
    """What stands behind the number: how much, how sure, how fresh, after whom."""
    seen = cell if cell is not None and cell["value"] is not None else None
    rows = (number_facts(indicator, shown, seen) if seen else {"Value": "none to show now"}) | {
        "Smallest group shown": f"{asked.minimum} people, and never so that a smaller group could be worked out",
        "Good direction": {"up": "up", "down": "down"}.get(indicator.better, "neither in itself"),
        "Timing": f"{indicator.timing}: {TIMING[indicator.timing]}",
        "Reads": "; ".join(fresh(row, shown) for row in reads(indicator, shown)),
        "Should move with": words.pair(indicator.paired, indicators()),
        "Beware": indicator.beware,
        "After": f"{indicator.source} ({indicator.code})",
    }
    with st.expander("The evidence behind this number", expanded=False):
        pieces.write(pieces.facts(rows))


def number_facts(indicator: Indicator, shown: Shown, cell: Mapping[str, Any]) -> dict[str, str]:
    likely = words.span(cell["low"], cell["high"], indicator.unit)
    when = words.period(cell["week"], indicator, shown.today)
    return {
        "Value": f"{words.number(cell['value'], indicator.unit)}, likely between {likely} (95 % interval)",
        "Counted": f"{cell['n'] or 0:,} {events(indicator)} in the {when}; {cell['mark'] or 'enough to judge'}",
        "People behind it": f"{cell['people'] or 0:,}",
    }


def reads(indicator: Indicator, shown: Shown) -> list[dict[str, Any]]:
    return shown.feeds().filter(pl.col("table").is_in(list(indicator.tables))).rows(named=True)


def fresh(feed: Mapping[str, Any], shown: Shown) -> str:
    newest = f"newest {words.day(feed['newest'] + timedelta(days=6), shown.today)}" if feed["newest"] else "no data yet"
    return f"{feed['table'].replace('_', ' ')} from {feed['source']} ({newest})"

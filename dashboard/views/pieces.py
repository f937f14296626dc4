"""The pieces that pages are laid out with: chips, sentences, lists of facts, and pictures with their tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from dashboard import words
from metrics.indicator import Indicator, indicators
from metrics.sentence import events

Drawing = Callable[..., Any]

BELL = '<i class="bw-bell" aria-hidden="true"></i>'
LEGEND = {
    "line": "four weeks up to each Sunday",
    "waves": "each survey",
    "band": "usual range",
    "alarm": "alarm began, or still is",
    "good": "good news began, or still is",
    "held": "waiting for data",
    "partial": "still filling up",
    "event": "what happened",
    "began": "it probably began here, likely within the band",
}


def write(body: str) -> None:
    """HTML made of escaped words."""
    st.html(f'<div class="bw">{body}</div>')


def say(text: str, look: str = "") -> None:
    """A sentence, shown as it is written."""
    write(f'<p class="{look}">{words.html(text)}</p>')


def heading(over: str, answer: str, then: str = "") -> None:
    """The question a page answers, and the answer, before anything else."""
    then = f'<p class="bw-then">{words.html(then)}</p>' if then else ""
    write(
        f'<p class="bw-over">{words.html(over)}</p>'
        f'<p class="bw-answer" role="heading" aria-level="1">{words.html(answer)}</p>{then}'
    )


def chip(verdict: str | None, side: str | None = "") -> str:
    return sign(*words.chip(verdict, side))


def sign(kind: str, said: str) -> str:
    """A shape and words; the colour only repeats them."""
    return f'<span class="bw-chip {kind}"><i class="bw-shape" aria-hidden="true"></i>{words.html(said)}</span>'


def value(cell: words.Row | None, unit: str) -> str:
    """The number, large; in its place a word where there is none."""
    if cell is None or cell["value"] is None:
        state = {"hidden": "Not shown", "held": "Waiting for data"}.get(cell["state"] if cell else "", "")
        state = "Withdrawn" if cell and cell["mark"] == "withdrawn" else state
        withheld = "Not told" if cell and cell["mark"] in words.WITHHELD else "Too few to say"
        return f'<div class="bw-value none">{state or (withheld if cell else "No data yet")}</div>'
    measure = words.html(words.SAID.get(unit, unit))
    return f'<div class="bw-value">{words.number(cell["value"])} <small>{measure}</small></div>'


def brief(cell: words.Row | None, unit: str) -> str:
    """The number with its unit in one line; in its place a word where there is none."""
    if cell is None or cell["value"] is None:
        withheld = "not told" if cell and cell["mark"] in words.WITHHELD else "too few to say"
        withheld = "withdrawn" if cell and cell["mark"] == "withdrawn" else withheld
        state = {"hidden": "not shown", "held": "waiting for data"}.get(cell["state"] if cell else "", withheld)
        return f'<span class="bw-brief none">{state}</span>'
    return f'<span class="bw-brief">{words.html(words.number(cell["value"], unit))}</span>'


def verdict(cell: words.Row | None, indicator: Indicator) -> str:
    """How a number is judged; a quiet word where it never is."""
    if not indicator.judged:
        return sign("unknown", "Context") if cell and cell["value"] is not None else ""
    return chip(cell["verdict"], cell["side"]) if cell else chip("unknown")


def foot(cell: words.Row | None, indicator: Indicator, today: date, last: words.Row | None = None) -> str:
    """Which weeks and how many events; where nothing is shown now, what was last known."""
    if cell is not None and cell["value"] is not None:
        counted = f", {cell['n']:,} {events(indicator)}" if cell["n"] else ""
        return words.first_up(f"{words.period(cell['week'], indicator, today)}{counted}.")
    if last is None:
        return ""
    return f"Last known: {words.number(last['value'], indicator.unit)}, {words.period(last['week'], indicator, today)}."


def facts(rows: dict[str, str]) -> str:
    """Terms and what they are, one below the other; what is empty is left out."""
    pairs = (f"<dt>{words.html(term)}</dt><dd>{words.html(told)}</dd>" for term, told in rows.items() if told)
    return f'<dl class="bw-facts">{"".join(pairs)}</dl>'


def legend(cells: pl.DataFrame, indicator: words.Counted, happened: bool = False, began: bool = False) -> None:
    """What the drawn signs mean; only those that are there."""
    there = ["waves" if words.wave(indicator) else "line"]
    there += ["band"] * cells["usual_low"].is_not_null().any()
    there += [kind for kind, side in (("alarm", "worse"), ("good", "better")) if alarmed(cells, side)]
    there += [state for state in ("held", "partial") if (cells["state"] == state).any()]
    there += ["event"] * happened + ["began"] * began
    signs = (f'<span><i class="bw-sign {kind}" aria-hidden="true"></i>{LEGEND[kind]}</span>' for kind in there)
    write(f'<div class="bw-legend">{"".join(signs)}</div>')


def began(verdicts: pl.DataFrame, indicator: str, unit: str, cells: pl.DataFrame) -> tuple[date, date, date] | None:
    """When what rings here probably began, and the first and last week it may be, where these cells reach so far."""
    mine = verdicts.filter(pl.col("indicator") == indicator, pl.col("unit") == unit, pl.col("began").is_not_null())
    weeks = mine.select("began", "began_early", "began_late").rows()
    seen = cells.filter(pl.col("value").is_not_null())["week"]
    return weeks[0] if weeks and seen.min() <= weeks[0][0] <= seen.max() else None


def alarmed(cells: pl.DataFrame, side: str) -> bool:
    return not cells.filter(pl.col("verdict") == "alarm", pl.col("side") == side).is_empty()


@st.cache_data(show_spinner=False, max_entries=2000)
def drawn(name: str, cells: pl.DataFrame, indicator: str, _chart: Drawing, **more: Any) -> dict[str, Any]:
    """A picture ready to send; kept, because drawing takes longer than all the rest of a page."""
    spec: dict[str, Any] = _chart(cells, indicators()[indicator], **more).to_dict(validate=False)
    return spec


def picture(chart: Drawing, cells: pl.DataFrame, indicator: Indicator, key: str, **more: Any) -> None:
    """A chart as wide as its place; its description is in the chart, for screen readers."""
    spec = drawn(f"{chart.__module__}.{chart.__qualname__}", cells, indicator.name, chart, **more)
    st.vega_lite_chart(spec=spec, theme="streamlit", width="stretch", key=key)


def twin(frame: pl.DataFrame, name: str, key: str) -> None:
    """The same numbers as a table, and to take away."""
    with st.expander("The numbers as a table"):
        st.dataframe(frame, hide_index=True, width="stretch", alt=f"{name} as a table")
        st.download_button("Download as CSV", harmless(frame).write_csv(), f"{name}.csv", "text/csv", key=f"{key}-csv")


def harmless(frame: pl.DataFrame) -> pl.DataFrame:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front."""
    text = pl.col(pl.String)
    return frame.with_columns(pl.when(text.str.contains(r"^[=+\-@\t\r]")).then("'" + text).otherwise(text).name.keep())


def numbers(cells: pl.DataFrame, unit: str) -> pl.DataFrame:
    """Cells as a table for people: every state and verdict in words."""
    told = {f"{verdict} {side}": said for (verdict, side), (_, said) in words.CHIPS.items()}
    said = pl.concat_str("verdict", "side", separator=" ").replace_strict(told, default="Cannot say yet")
    state = pl.col("state").replace({"shown": "", "hidden": "not shown", "held": "waiting", "partial": "filling up"})
    return cells.select(
        *(pl.col(name) for name in ("name",) if name in cells.columns),
        pl.col("week").alias("Week of"),
        pl.col("value").round(2).alias(f"Value ({unit})"),
        pl.col("low").round(2).alias("Likely from"),
        pl.col("high").round(2).alias("Likely to"),
        pl.col("usual_low").round(2).alias("Usual from"),
        pl.col("usual_high").round(2).alias("Usual to"),
        pl.col("n").alias("Counted"),
        pl.col("people").alias("People"),
        said.alias("Verdict"),
        pl.concat_str(state, "mark", separator=" ").str.strip_chars().alias("Note"),
    ).rename({"name": "Unit"}, strict=False)

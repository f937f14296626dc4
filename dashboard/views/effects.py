"""Effects: what was begun on purpose and what it changed, and which indicators move before others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import polars as pl
import streamlit as st

from dashboard import charts, charts_ahead, words
from dashboard.access import Shown
from dashboard.views import pieces
from dashboard.views.frame import Asked
from metrics.indicator import Indicator, indicators

COMPARED = "difference in differences"
FIRST = 4
EARLIER = timedelta(weeks=52)


def page(shown: Shown, asked: Asked) -> None:
    begun = shown.section("interventions").filter(pl.col("unit").is_in(around(shown, asked.unit)))
    rows = shown.section("effects").filter(pl.col("intervention").is_in(begun["intervention"].implode()))
    told = rows.filter("clear")["intervention"].n_unique()
    pieces.heading(f"What was begun in {shown.units.names[asked.unit]}, and what did it change?", answer(begun, told))
    if begun.is_empty():
        pieces.say("Name what you begin with `bellwether begun add`, or bring it in with the table of interventions: a "
                   "programme, a policy, a re-organisation, with its day.", "bw-soft")  # fmt: skip
    else:
        pieces.say("Where units alike are compared, what all share drops out; else a change since a day is only "
                   "that, and may have other reasons.", "bw-soft")  # fmt: skip
    for one in begun.sort("began", descending=True).iter_rows(named=True):
        intervention(shown, asked, one, rows.filter(pl.col("intervention") == one["intervention"]))
    relations(shown)


def around(shown: Shown, unit: str) -> list[str]:
    """What was begun here, above or below concerns this unit."""
    return [*shown.units.path(unit), *shown.units.within(unit)]


def answer(begun: pl.DataFrame, told: int) -> str:
    if begun.is_empty():
        return "Nothing that was begun is known here."
    if not told:
        return f"{words.first_up(words.many(begun.height, 'thing'))} begun; none has clearly changed anything yet."
    return f"{told} of {words.many(begun.height, 'thing')} begun moved something clearly."


def intervention(shown: Shown, asked: Asked, one: Mapping[str, Any], rows: pl.DataFrame) -> None:
    """One intervention: what clearly changed in sentences, the course with its day marked, all of it as a table."""
    kind = f"{one['kind']}, " if one["kind"] else ""
    since = f"{kind}{shown.units.names[one['unit']]}, since {words.day(one['began'])}"
    with st.container(border=True, key=f"card-{one['intervention']}"):
        pieces.write(f'<div class="bw-top"><span class="bw-name">{words.html(one["name"])}</span>'
                     f'<span class="bw-soft">{words.html(since)}</span></div>')  # fmt: skip
        if rows.is_empty():
            pieces.say("Too early or too little to say: it takes 12 weeks before and 8 after.", "bw-soft")
            return
        best = preferred(rows)
        clear = best.filter("clear")
        for row in clear.head(FIRST).iter_rows(named=True):
            pieces.say(sentence(row))
        left, more = best.height - clear.head(FIRST).height, clear.height - clear.head(FIRST).height
        if left:
            said = f"{words.many(left, 'other indicator')} looked at: {more or 'none'} more clearly changed."
            pieces.say(said, "bw-soft")
        drawing(shown, asked, one, best)
        pieces.twin(table(rows), f"effects of {one['name']}", f"effects-{one['intervention']}")


def preferred(rows: pl.DataFrame) -> pl.DataFrame:
    """One row an indicator: against units alike where that was possible, the clear first, then the surest."""
    width = (pl.col("high") - pl.col("low")).clip(1e-12)
    ranked = rows.with_columns(sure=pl.col("value").abs() / width, compared=pl.col("method") == COMPARED)
    best = ranked.sort("compared", descending=True).unique("indicator", keep="first", maintain_order=True)
    return best.sort("clear", "sure", "indicator", descending=[True, True, False])


def sentence(row: Mapping[str, Any]) -> str:
    if row["method"] != COMPARED:
        return f"{row['sentence']} No units alike to compare with: other reasons are not ruled out."
    return str(row["sentence"])


def drawing(shown: Shown, asked: Asked, one: Mapping[str, Any], rows: pl.DataFrame) -> None:
    """The course of one indicator with the day marked; the surest first."""
    every = indicators()
    names = [name for name in rows["indicator"] if name in every]
    if not names:
        return
    chosen = st.selectbox(
        "See it in", names, format_func=lambda name: every[name].title, key=f"seen-{one['intervention']}"
    )
    indicator = every[chosen or names[0]]
    cells = shown.cells(indicator=indicator.name, unit=one["unit"], since=one["began"] - EARLIER)
    if not cells["value"].is_not_null().any():
        pieces.say("Nothing to draw in this time.", "bw-soft")
        return
    marked = pl.DataFrame({"week": [one["began"] - timedelta(days=one["began"].weekday())], "text": [one["name"]]})
    pieces.picture(charts.trend, cells, indicator, f"effect-{one['intervention']}", events=marked, dark=asked.dark)
    pieces.legend(cells, indicator, happened=True)
    alongside(indicator, rows, one, asked)


def alongside(indicator: Indicator, rows: pl.DataFrame, one: Mapping[str, Any], asked: Asked) -> None:
    """All indicators of the same measure in one picture, each with its range about nought."""
    every = indicators()
    same = [name for name in rows["indicator"] if name in every and every[name].unit == indicator.unit]
    titles = {name: every[name].title for name in same}
    drawn = rows.filter(pl.col("indicator").is_in(same)).with_columns(title=pl.col("indicator").replace(titles))
    if drawn.height < 2:
        return
    measure = {"%": "percentage points", "0 to 100": "points"}.get(indicator.unit, indicator.unit)
    with st.expander(f"All that is measured in {measure}"):
        spec = charts_ahead.ranges(
            drawn.head(25), "points" if indicator.unit == "%" else indicator.unit, dark=asked.dark
        )
        st.vega_lite_chart(spec=spec.to_dict(validate=False), theme="streamlit", width="stretch",
                           key=f"ranges-{one['intervention']}")  # fmt: skip


def table(rows: pl.DataFrame) -> pl.DataFrame:
    titles = {name: one.title for name, one in indicators().items()}
    return rows.sort("indicator", "method").select(
        pl.col("indicator").replace(titles).alias("Indicator"), pl.col("method").alias("Compared by"),
        pl.col("value").round(2).alias("Change"), pl.col("low").round(2).alias("Likely from"),
        pl.col("high").round(2).alias("Likely to"), pl.col("clear").alias("Clear"),
        pl.col("alike").alias("Alike before"), pl.col("before").alias("Before"), pl.col("after").alias("After"),
    )  # fmt: skip


def relations(shown: Shown) -> None:
    """Which of the relations expected beforehand are seen here; corrected for how many were asked."""
    rows = shown.section("relations")
    if rows.is_empty():
        return
    st.subheader("What moves before what", anchor=False)
    asked_for = rows.select("first", "second").unique().height
    pieces.say(f"{words.many(asked_for, 'relation')} expected before looking, each asked at one, two and three months: "
               "does the first move before the second within the same units? Corrected for all that was asked; between "
               "units, not between people; and what moves before need not be the reason.", "bw-soft")  # fmt: skip
    lines = "".join(relation(row) for row in surest(rows).iter_rows(named=True))
    pieces.write(f"<ul>{lines}</ul>")
    pieces.twin(related(rows), "what moves before what", "relations")


def surest(rows: pl.DataFrame) -> pl.DataFrame:
    """Of each relation the lag that is surest."""
    return rows.sort("q", "p").unique(["first", "second"], keep="first", maintain_order=True)


def relation(row: Mapping[str, Any]) -> str:
    every = indicators()
    first, second = (every[row[name]].title if row[name] in every else row[name] for name in ("first", "second"))
    ends = f"{row['value']:+.2f} SD for each SD, likely {row['low']:+.2f} to {row['high']:+.2f}; {row['units']} units"
    if row["said"] == "not seen here":
        said = f"{first} before {second}: not seen here ({ends})."
    elif row["said"] == "together in the same month":
        said = f"{first} and {second} move together in the same month; which comes first cannot be told ({ends})."
    else:
        said = f"{first} moves {words.many(row['lag'], 'month')} before {second}, {row['said']} ({ends})."
    return f"<li>{words.html(said)}</li>"


def related(rows: pl.DataFrame) -> pl.DataFrame:
    titles = {name: one.title for name, one in indicators().items()}
    return rows.select(
        pl.col("first").replace(titles).alias("First"), pl.col("second").replace(titles).alias("Second"),
        pl.col("lag").alias("Months before"), pl.col("value").round(3).alias("SD per SD"),
        pl.col("low").round(3).alias("Likely from"), pl.col("high").round(3).alias("Likely to"),
        pl.col("q").round(3).alias("Corrected p"), pl.col("units").alias("Units"), pl.col("n").alias("Behind it"),
        pl.col("said").alias("Found"),
    )  # fmt: skip

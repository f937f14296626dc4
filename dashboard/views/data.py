"""Data: when each source last delivered, how much, what it refused, and which indicators wait for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import polars as pl
import streamlit as st

from dashboard import words
from dashboard.access import Shown
from dashboard.views import pieces
from dashboard.views.frame import Asked

STATES = {
    "done": ("ok", "Delivered"),
    "warning": ("watch", "Delivered, with a warning"),
    "refused": ("alarm", "Refused: a person must act"),
    "busy": ("watch", "Busy: the next run will do"),
    "changed": ("alarm", "Changed shape: the last good data are kept"),
    "interrupted": ("watch", "Interrupted: the next run will do"),
    "running": ("ok", "Running now"),
}


def page(shown: Shown, asked: Asked) -> None:
    runs = shown.memory().runs()
    bad = runs.filter(~pl.col("state").is_in(["done", "running"]))
    late = shown.feeds().filter(~pl.col("fine"))
    said = "All sources have delivered" if bad.is_empty() and late.is_empty() else trouble(bad, late)
    pieces.write(
        '<p class="bw-over">Can these numbers be trusted today?</p>'
        f'<p class="bw-answer" role="heading" aria-level="1">{words.html(said)}.</p>'
    )
    sources(shown, runs)
    waiting(shown, asked)
    quarantine(shown)


def trouble(bad: pl.DataFrame, late: pl.DataFrame) -> str:
    names = pl.concat([bad["source"], late["source"]]).unique().sort().to_list()
    return f"{words.listed(names)} {'needs' if len(names) == 1 else 'need'} a look; all else has delivered"


def sources(shown: Shown, runs: pl.DataFrame) -> None:
    st.subheader("Sources", anchor=False)
    if runs.is_empty():
        pieces.say("No source has run yet.", "bw-soft")
    feeds = {(row["source"], row["table"]): row for row in shown.feeds().iter_rows(named=True)}
    rows = (feed(shown, row, feeds.get((row["source"], row["table"]))) for row in runs.iter_rows(named=True))
    pieces.write("".join(rows))
    pieces.twin(runs, "sources", "sources")


def feed(shown: Shown, run: Mapping[str, Any], fresh: Mapping[str, Any] | None) -> str:
    """One stream: its name, how its last run went, what that brought."""
    kind, state = STATES.get(run["state"], ("unknown", run["state"]))
    late = fresh is not None and not fresh["fine"]
    if late and kind == "ok":
        kind, state = "watch", "Late"
    brought = [f"{words.many(run['received'] or 0, 'row')} received, {run['landed'] or 0:,} new or changed"]
    brought += [f"{words.many(run['refused'], 'row')} refused"] if run["refused"] else []
    brought += [f"newest {words.day(run['newest'].date(), shown.today)}"] if run["newest"] else []
    told = [run["words"]] + ([fresh["words"]] if late and fresh else [])
    return (
        f'<div class="bw-feed"><div><b>{words.html(run["source"])}</b> · {words.html(run["stream"].replace("_", " "))}'
        f"</div><div>{pieces.sign(kind, state)}<div class='bw-soft'>{moment(run['ended'] or run['started'])}</div></div>"
        f"<div>{words.html('; '.join(brought))}.<div class='bw-soft'>{words.html(' '.join(filter(None, told)))}</div></div></div>"
    )


def moment(at: datetime) -> str:
    return f"{at.day} {at:%b %Y, %H:%M} UTC"


def waiting(shown: Shown, asked: Asked) -> None:
    """Weeks in which an indicator of this unit waited for data: not judged, never taken for a fall."""
    held = shown.cells(unit=asked.unit).filter(pl.col("state") == "held")
    spans = held.group_by("indicator").agg(first=pl.col("week").min(), last=pl.col("week").max(), weeks=pl.len())
    if spans.is_empty():
        return
    st.subheader("Weeks waiting for data", anchor=False)
    titles = {name: indicator.title for name, indicator in asked.indicators.items()}
    for row in spans.sort("indicator").iter_rows(named=True):
        told = f"{titles.get(row['indicator'], row['indicator'])}: {words.many(row['weeks'], 'week')} between {words.day(row['first'], shown.today)} and {words.day(row['last'], shown.today)}"
        pieces.say(f"{told}. Not shown and not judged: missing data is no fall.")


def quarantine(shown: Shown) -> None:
    """Rows that broke a rule: kept aside, with the rule and the key of one of them."""
    st.subheader("Rows set aside", anchor=False)
    refused = shown.memory().refused()
    if refused.is_empty():
        pieces.say("None: every row kept the rules of its table.", "bw-soft")
        return
    pieces.say(
        f"{words.many(refused['rows'].sum(), 'row')} broke a rule and are not counted. Correct them at their source; the next run takes them in.",
        "bw-soft",
    )
    st.dataframe(
        refused.rename({"source": "Source", "table": "Table", "rule": "Rule", "rows": "Rows", "key": "Key of one"}),
        hide_index=True,
        width="stretch",
        alt="Rows set aside, by rule",
    )

"""Data: when each source last delivered, how much, by whom, what it refused, and which indicators wait for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import streamlit as st

from dashboard import words
from dashboard.access import Shown
from dashboard.views import pieces
from dashboard.views.frame import Asked
from metrics.feeds import noun

MOST = 8
UNKNOWN = "Few authors known"
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
    pieces.heading("Can these numbers be trusted today?", words.first_up(f"{said}."))
    sources(shown, runs)
    authors(shown)
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
        kind, state = "watch", UNKNOWN if fresh and fresh["state"] == "unknown" else "Late"
    brought = [f"{words.many(run['received'] or 0, 'row')} received, {run['landed'] or 0:,} new or changed"]
    brought += [f"{words.many(run['refused'], 'row')} refused"] if run["refused"] else []
    brought += [f"newest {words.day(run['newest'].date(), shown.today)}"] if run["newest"] else []
    told = ". ".join(filter(None, [run["words"], fresh["words"] if late and fresh else ""]))
    name = f"<b>{words.html(run['source'])}</b> · {words.html(run['stream'].replace('_', ' '))}"
    when = f'<div class="bw-soft">{moment(run["ended"] or run["started"])}</div>'
    return (
        f'<div class="bw-feed"><div>{name}</div><div>{pieces.sign(kind, state)}{when}</div>'
        f'<div>{words.html("; ".join(brought))}.<div class="bw-soft">{words.html(told)}</div></div></div>'
    )


def authors(shown: Shown) -> None:
    """How much of each source is by people whom HR knows, over the last 12 whole weeks."""
    found = shown.coverage()
    if found.is_empty():
        return
    st.subheader("Whose work it is", anchor=False)
    pieces.say(
        "How much of the last 12 weeks is by somebody whom HR knows. The rest counts for no team, and where it is too "
        "much, numbers are held. What machines did is left out.",
        "bw-soft",
    )
    thin = set(shown.feeds().filter(state="unknown").select("source", "table").iter_rows())
    pieces.write("".join(author(row, (row["source"], row["table"]) in thin) for row in found.iter_rows(named=True)))


def author(row: Mapping[str, Any], thin: bool) -> str:
    """One source's table: the share whose author is known, and what counts for a team without."""
    named = row["placed"] - row["known"]
    said = f"{row['known']:,} of {row['whole']:,} {noun(row['table'])} are by people whom HR knows"
    said += f"; {named:,} more name their team themselves" if named else ""
    return (
        f'<div class="bw-feed"><div><b>{words.html(row["source"])}</b> · '
        f"{words.html(noun(row['table']))}</div><div>{pieces.sign(*known(row, thin))}</div>"
        f"<div>{words.html(said)}.</div></div>"
    )


def known(row: Mapping[str, Any], thin: bool) -> tuple[str, str]:
    """The share as a chip; only what is whole is called all."""
    share = 100 * row["known"] // row["whole"] if row["whole"] else 0
    said = "All known" if row["known"] == row["whole"] else f"{share} % known"
    return ("watch", f"{said}: held") if thin else ("ok", said)


def moment(at: datetime) -> str:
    return f"{at.day} {at:%b %Y, %H:%M} UTC"


def waiting(shown: Shown, asked: Asked) -> None:
    """Weeks in which an indicator of this unit waited for data: not judged, never taken for a fall."""
    waits = shown.waits(asked.unit)
    if waits.is_empty():
        return
    st.subheader("Weeks waiting for data", anchor=False)
    pieces.say("Not shown and not judged: missing data is no fall.", "bw-soft")
    for row in waits.head(MOST).iter_rows(named=True):
        indicator = asked.indicators.get(row["indicator"])
        weeks = f"{words.day(row['first'], shown.today)} to {words.day(row['last'] + timedelta(days=6), shown.today)}"
        if indicator is not None:
            pieces.say(f"{indicator.title}: {weeks} ({words.many(row['weeks'], 'week')})")
    if len(waits) > MOST:
        pieces.say(f"and {len(waits) - MOST} earlier.", "bw-soft")


def quarantine(shown: Shown) -> None:
    """Rows that broke a rule: kept aside, with the rule and the key of one of them."""
    st.subheader("Rows set aside", anchor=False)
    refused = shown.memory().refused()
    if refused.is_empty():
        pieces.say("None: every row kept the rules of its table.", "bw-soft")
        return
    rows = words.many(int(refused["rows"].sum()), "row")
    pieces.say(f"{rows} not counted, because they break a rule. Corrected at their source, they come in.", "bw-soft")
    titles = {"source": "Source", "table": "Table", "rule": "Rule", "rows": "Rows", "key": "Key of one"}
    st.dataframe(refused.rename(titles), hide_index=True, width="stretch", alt="Rows set aside, by rule")

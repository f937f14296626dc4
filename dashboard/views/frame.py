"""What every page has around it: who it is about, how fresh it is, where in the tree, and the way elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import polars as pl
import streamlit as st

from dashboard import words
from dashboard.access import Shown, Units
from dashboard.views import pieces
from metrics.indicator import Indicator

RANGES = {"26": "6 months", "52": "1 year", "all": "Everything"}
USUAL_RANGE = "52"
LOOKS = (("overview", "home"), ("alerts", "notifications"), ("outlook", "query_stats"), ("effects", "science"))


@dataclass(frozen=True)
class Asked:
    """What the address asks for, the pages it can lead to, and what the page may need to say."""

    unit: str
    weeks: str
    dark: bool
    minimum: int
    pages: Mapping[str, st.Page]
    indicators: Mapping[str, Indicator]

    def link(self, page: str, label: str, unit: str | None = None, icon: str | None = None, **more: str) -> None:
        """A link that keeps what the address asks for, and asks for `more`."""
        st.page_link(self.pages[page], label=words.plain(label), icon=icon, query_params=self.address(unit) | more)

    def themes(self) -> dict[str, list[str]]:
        """The names of the indicators by theme, in order."""
        found: dict[str, list[str]] = {}
        for name, one in self.indicators.items():
            found.setdefault(one.theme, []).append(name)
        return found

    def address(self, unit: str | None = None) -> dict[str, str]:
        asked = {"unit": unit or self.unit}
        return asked | ({"weeks": self.weeks} if self.weeks != USUAL_RANGE else {})


def unit_asked(units: Units) -> str:
    """The unit in the address; the whole organisation, and a word about it, where there is no such unit to show."""
    asked = st.query_params.get("unit", units.root)
    if asked in units.names:
        return asked
    st.info(
        "The unit in this address is not shown here: it may be too small, renamed, or gone. "
        f"This is {words.plain(units.names[units.root])} as a whole."
    )
    return units.root


def weeks_asked() -> str:
    asked = st.query_params.get("weeks", USUAL_RANGE)
    return asked if asked in RANGES else USUAL_RANGE


def brand(organisation: str) -> None:
    named = f"Bellwether<small>{words.html(organisation)}</small>"
    pieces.write(f'<div class="bw-brand">{pieces.BELL}<div>{named}</div></div>')


def sidebar(organisation: str, asked: Asked | None, page: str = "") -> None:
    with st.sidebar, st.container(gap="xxsmall"):
        brand(organisation)
        if asked is not None:
            links(asked, page)


def links(asked: Asked, here: str) -> None:
    """The way to every page; the theme of the one that is open stands open."""
    for page, icon in LOOKS:
        asked.link(page, asked.pages[page].title, icon=f":material/{icon}:")
    st.caption("Indicators")
    for theme, names in asked.themes().items():
        with st.expander(words.theme(theme), expanded=here in names), st.container(gap="xxsmall"):
            for name in names:
                asked.link(name, asked.indicators[name].title)
    st.caption("Behind the numbers")
    for page, icon in (("reports", "mail"), ("data", "database"), ("privacy", "shield")):
        asked.link(page, asked.pages[page].title, icon=f":material/{icon}:")


def menu(asked: Asked, page: st.Page) -> None:
    """The same on a phone, where the style sheet puts it in the sidebar's place; it closes when a page opens."""
    with (
        st.container(key="menu"),
        st.popover("Menu", icon=":material/menu:", key=f"menu of {page.url_path}"),
        st.container(gap="xxsmall"),
    ):
        links(asked, page.url_path)


def top(shown: Shown, asked: Asked, page: st.Page) -> None:
    """Where we are in the tree, the way up and down it, and how fresh all this is."""
    menu(asked, page)
    units = shown.units
    above = units.path(asked.unit)[:-1]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="where"):
        for unit in above:
            st.page_link(page, label=f"{words.plain(units.names[unit])} ›", query_params=asked.address(unit))
        picker(units, asked)
    freshness(shown)


def picker(units: Units, asked: Asked) -> None:
    """All units that may be shown, each under its own, searchable; the choice goes into the address."""
    every = units.within(units.root)
    depth = {unit: len(units.path(unit)) - 1 for unit in every}
    key = f"unit of {asked.unit}"
    st.selectbox(
        "Unit",
        every,
        index=every.index(asked.unit),
        format_func=lambda unit: "\u2003" * depth[unit] + units.names[unit],
        key=key,
        on_change=lambda: go(unit=st.session_state[key], root=units.root),
        label_visibility="collapsed",
        width=330,
    )


def go(unit: str, root: str) -> None:
    if unit == root:
        st.query_params.pop("unit", None)
    else:
        st.query_params["unit"] = unit


def freshness(shown: Shown) -> None:
    """As of which day, and what is late, in words."""
    late = shown.feeds().filter(~pl.col("fine")).unique(["source", "words"], keep="first", maintain_order=True)
    said = [f"{'Looking back' if shown.header.archive else 'As of'} {words.long_day(shown.today)}."]
    said += [shown.header.notes] if shown.header.notes else []
    said += [late_words(row, shown) for row in late.iter_rows(named=True)]
    pieces.say(" ".join(said), "bw-fresh late" if len(late) else "bw-fresh")


def late_words(feed: words.Row, shown: Shown) -> str:
    """What the refresh said of it, else `Last data from chat: 3 weeks ago.`"""
    if feed["words"]:
        return str(feed["words"])
    newest = feed["newest"]
    if newest is None:
        return f"No data from {feed['source']} yet."
    return f"Last data from {feed['source']}: {words.ago(newest + timedelta(days=6), shown.today)}."


def waiting_for(indicator: Indicator, feeds: pl.DataFrame) -> str:
    """The sources an indicator is waiting for."""
    late = feeds.filter(~pl.col("fine"), pl.col("table").is_in(list(indicator.tables)))
    return words.listed(late["source"].unique(maintain_order=True).to_list())


def lacking(indicator: Indicator, feeds: pl.DataFrame) -> list[str]:
    """The tables an indicator reads that no source has brought."""
    return [table.replace("_", " ") for table in indicator.tables if table not in feeds["table"].to_list()]


def nothing_yet() -> None:
    """Before the first refresh."""
    pieces.say("Nothing has been counted yet.", "bw-answer")
    st.markdown(
        "Run `bellwether sync refresh` to bring in data and count it, then load this page again. "
        "To see a made-up company first, run `bellwether demo`."
    )


def nothing_to_see(viewer: str) -> None:
    """Whoever asks may see no unit."""
    pieces.say("There is no unit here that you may see.", "bw-answer")
    who = f"You are signed in as {viewer}." if viewer else "You are not signed in."
    pieces.say(f"{who} Whoever runs this dashboard names the units you may see under [access] in its settings.")


def unreadable(reason: str) -> None:
    """Settings or store cannot be read: says which, and what to do."""
    pieces.say("The dashboard cannot start yet.", "bw-answer")
    pieces.say(reason)
    st.markdown("`bellwether doctor` checks every setting and says what to do.")

"""The screen: its pages, who may see what, and the edition they show."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from dashboard import access
from dashboard.settings import Settings, SettingsError, load_settings
from dashboard.views import alerts, data, frame, indicator, overview, privacy
from dashboard.views.frame import Asked
from metrics.indicator import Indicator, indicators

View = Callable[[access.Shown, Asked], None]
VIEWS: dict[str, tuple[str, View]] = {
    "overview": ("Overview", overview.page),
    "alerts": ("Alerts", alerts.page),
    "data": ("Data", data.page),
    "privacy": ("How we count", privacy.page),
}
FIRST = "overview"
HERE = Path(__file__).parent


def main() -> None:
    st.set_page_config(page_title="Bellwether", page_icon=HERE / "bell.png", layout="wide")
    st.html(HERE / "screen.css")
    try:
        settings = load_settings()
    except SettingsError as reason:
        frame.unreadable(str(reason))
        return
    shown = access.shown(settings.store.memory)
    if shown is None:
        frame.sidebar(settings.organisation.name, None)
        frame.nothing_yet()
        return
    show(shown, settings)


def show(shown: access.Shown, settings: Settings) -> None:
    """The page the address names, for the unit it names."""
    pages: dict[str, st.Page] = {}
    for name, (title, view) in views().items():
        framed = partial(in_frame, view, name, pages, shown, settings)
        pages[name] = st.Page(framed, title=title, url_path=path(name), default=name == FIRST)
    st.navigation(list(pages.values()), position="hidden").run()


def in_frame(view: View, name: str, pages: dict[str, st.Page], shown: access.Shown, settings: Settings) -> None:
    asked = Asked(
        unit=frame.unit_asked(shown.units),
        weeks=frame.weeks_asked(),
        dark=st.context.theme.type == "dark",
        minimum=settings.privacy.minimum,
        pages=pages,
        indicators=in_order(),
    )
    frame.sidebar(shown.header.organisation, asked)
    frame.top(shown, asked, pages[name])
    view(shown, asked)


def in_order() -> dict[str, Indicator]:
    """The indicators as the catalogue counts them, those that lag behind results last."""
    found = indicators()
    return {
        name: found[name]
        for name in sorted(found, key=lambda name: (found[name].timing == "lagging", found[name].code))
    }


def views() -> dict[str, tuple[str, View]]:
    """Every page by its name in the address: those we have, and one for each indicator."""
    return VIEWS | {name: (found.title, partial(indicator.page, found)) for name, found in indicators().items()}


def path(name: str) -> str:
    return "" if name == FIRST else name


if __name__ == "__main__":
    main()

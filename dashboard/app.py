"""The screen: its pages, who may see what, and the edition they show."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from dashboard import access, words
from dashboard.settings import Settings, SettingsError, load_settings
from dashboard.subscriptions import scope
from dashboard.views import alert, alerts, data, effects, frame, indicator, outlook, overview, privacy, reports, score
from dashboard.views.frame import Asked
from metrics.goalposts import SCORES
from metrics.indicator import Indicator, indicators

View = Callable[[access.Shown, Asked], None]
VIEWS: dict[str, tuple[str, View]] = {
    "overview": ("Overview", overview.page),
    "alerts": ("Alerts", alerts.page),
    "alert": ("Alert", alert.page),
    "outlook": ("Outlook", outlook.page),
    "effects": ("Effects", effects.page),
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
    shown = access.shown(settings.store.memory, scope(settings, access.address()))
    if shown is None or not shown.units.names:
        frame.sidebar(settings.organisation.name, None)
        frame.nothing_yet() if shown is None else frame.nothing_to_see(access.viewer())
        return
    show(shown, settings)


def show(shown: access.Shown, settings: Settings) -> None:
    """The page the address names, for the unit it names."""
    pages: dict[str, st.Page] = {}
    for name, (title, view) in views(settings).items():
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
    frame.sidebar(shown.header.organisation, asked, name)
    frame.top(shown, asked, pages[name])
    view(shown, asked)


def in_order() -> dict[str, Indicator]:
    """The indicators that stand for themselves, by theme, as the catalogue counts them."""
    found = {name: one for name, one in indicators().items() if not one.beside}
    return {name: found[name] for name in sorted(found, key=lambda name: words.stands(found[name]))}


def views(settings: Settings) -> dict[str, tuple[str, View]]:
    """Every page by its name in the address: those we have, and one for each indicator."""
    sent = {"reports": ("Reports", partial(reports.page, reports.Desk.of(settings)))}
    scores = {f"score-{one.name}": (one.title, partial(score.page, one)) for one in SCORES}
    return (
        VIEWS | sent | scores | {name: (one.title, partial(indicator.page, one)) for name, one in indicators().items()}
    )


def path(name: str) -> str:
    return "" if name == FIRST else name


if __name__ == "__main__":
    main()

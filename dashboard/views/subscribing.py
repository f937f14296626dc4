"""What is muted for a while, and who asked to be told of what: seen, added and ended on the Alerts page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

from dashboard import subscriptions, words
from dashboard.access import Shown
from dashboard.views import acting, pieces
from dashboard.views.frame import Asked
from metrics.subscriptions import Mute

TIERS = {"alarm": "Alarms only", "watch": "Alarms, and what is on watch"}
ANY_THEME, ANY_INDICATOR = "Every theme", "Every indicator"


def muting(shown: Shown, asked: Asked) -> None:
    """The mutes that hold, and a form for one more."""
    memory, today = shown.memory(), acting.today()
    names, within = shown.units.names, set(shown.units.within(asked.unit))
    kept = [one for one in subscriptions.mutes(memory) if one.holds(today) and (not one.unit or one.unit in within)]
    with st.expander(f"Muted: {len(kept)}" if kept else "Mute a unit, an indicator or a theme"):
        pieces.say("What is muted is not sent until its day; here it goes on being shown.", "bw-soft")
        for one in kept:
            with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"line-mute-{one.id}"):
                told = f"{subject(one, names, asked)} until {words.day(one.until)}, by {one.who}: {one.why}"
                pieces.say(told)
                if st.button("End it", key=f"unmute-{one.id}"):
                    memory.unmute(one.id, acting.who_now(), datetime.now(UTC))
                    st.rerun()
        mute_form(shown, asked)


def subject(one: Mute, names: dict[str, str], asked: Asked) -> str:
    """What a mute is about."""
    indicator = asked.indicators.get(one.indicator)
    parts = [names.get(one.unit, ""), "" if one.below else "alone", indicator.title if indicator else one.indicator]
    return ", ".join(part for part in [*parts, words.theme(one.theme) if one.theme else ""] if part)


def mute_form(shown: Shown, asked: Asked) -> None:
    with st.form("mute", border=False):
        name = acting.who("mute")
        what = st.selectbox(
            "Indicator",
            ["", *asked.indicators],
            format_func=lambda one: asked.indicators[one].title if one else ANY_INDICATOR,
        )
        theme = theme_box(asked, "mute")
        below = st.checkbox(f"With all units below {words.plain(shown.units.names[asked.unit])}", value=True)
        until = st.date_input("Until", acting.today() + timedelta(weeks=2), format="YYYY-MM-DD", key="mute-until")
        why = st.text_input("Why", max_chars=200)
        if st.form_submit_button(f"Mute {words.plain(shown.units.names[asked.unit])}", type="primary"):
            lacks = "a name" if not name.strip() else "a why" if not why.strip() else ""
            if lacks or until <= acting.today():
                st.error(f"{words.first_up(lacks)} is needed." if lacks else "It must end on a day to come.")
                return
            said = {"unit": asked.unit, "below": below, "indicator": what, "theme": theme, "until": until}
            shown.memory().mute(said | {"who": name.strip(), "why": why.strip(), "at": datetime.now(UTC)})
            st.rerun()


def theme_box(asked: Asked, key: str) -> str:
    return st.selectbox(
        "Theme", ["", *asked.themes()], format_func=lambda one: words.theme(one) if one else ANY_THEME,
        key=f"theme-{key}",
    )  # fmt: skip


def telling(shown: Shown, asked: Asked) -> None:
    """Who asked to be told of this unit or those below it, and a form to ask."""
    memory, names = shown.memory(), shown.units.names
    within = set(shown.units.within(asked.unit))
    rows = [row for row in memory.subscriptions().iter_rows(named=True) if not row["unit"] or row["unit"] in within]
    with st.expander(f"Who is told: {len(rows)} asked" if rows else "Be told of this unit"):
        pieces.say("Nobody is told of what they may not see. Who asked for nothing is told every alarm.", "bw-soft")
        for row in rows:
            with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"line-sub-{row['id']}"):
                of = [names.get(row["unit"], "")] * bool(row["unit"])
                of += [words.theme(row["theme"])] * bool(row["theme"])
                pieces.say(f"{row['address']}: {', '.join(of) or 'everything'}; {TIERS[row['tier']].lower()}")
                if st.button("End it", key=f"unsubscribe-{row['id']}"):
                    memory.unsubscribe(row["id"], acting.who_now(), datetime.now(UTC))
                    st.rerun()
        subscribe_form(shown, asked)


def subscribe_form(shown: Shown, asked: Asked) -> None:
    with st.form("subscribe", border=False):
        name = acting.who("subscribe")
        address = st.text_input("Mail address, or name of a channel", max_chars=200)
        theme = theme_box(asked, "subscribe")
        tier = st.radio("From", list(TIERS), format_func=lambda one: TIERS[one])
        if st.form_submit_button(f"Tell of {words.plain(shown.units.names[asked.unit])}", type="primary"):
            if not address.strip() or not name.strip():
                st.error("A name and an address are needed.")
                return
            said = {"address": address.strip().lower(), "unit": asked.unit, "theme": theme, "tier": tier}
            shown.memory().subscribe(said | {"by": name.strip(), "at": datetime.now(UTC)})
            st.rerun()

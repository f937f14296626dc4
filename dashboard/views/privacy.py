"""How we count: what is measured, from how many people on, what is never shown, and what the words mean."""

from __future__ import annotations

import streamlit as st

from dashboard import words
from dashboard.access import Shown
from dashboard.views import pieces
from dashboard.views.frame import Asked

NEVER = (
    "No person. There is no page, file or message about one, and no list of the first or the last.",
    "No text. What messages, tickets and articles say is turned into counts while it is read, and not kept.",
    "No name. People become keyed pseudonyms before anything is stored, names are encrypted, the key lies elsewhere.",
    "No ranking of teams. Units stand in the order of the tree, with how sure each number is.",
    "No use for appraisal, promotion, dismissal or pay, and nothing about moods or who may leave.",
)
MEANING = (
    (
        "alarm",
        "worse",
        "Moved away from what is usual here, for long enough and by enough to matter. Someone should look.",
    ),
    ("watch", "worse", "Seems to move the wrong way; it may still be chance. Nobody is told yet."),
    ("ok", "", "Within what is usual for this unit. Not a mark: usual can still be too low."),
    ("watch", "better", "Seems to move the right way; it may still be chance."),
    ("alarm", "better", "Better than usual, for long enough and by enough to matter. Worth learning from."),
    ("unknown", "", "Too little, too new, hidden or waiting for data. Never counted as good or bad."),
)


def page(shown: Shown, asked: Asked) -> None:
    pieces.heading("What is measured, and what is never shown", "Groups, never people.")
    crowd(asked)
    st.subheader("What is never shown", anchor=False)
    pieces.write("<ul>" + "".join(f"<li>{words.html(one)}</li>" for one in NEVER) + "</ul>")
    st.subheader("What the words mean", anchor=False)
    rows = (f"<dt>{pieces.chip(verdict, side)}</dt><dd>{words.html(told)}</dd>" for verdict, side, told in MEANING)
    pieces.write(f'<dl class="bw-facts">{"".join(rows)}</dl>')
    measured(asked)


def crowd(asked: Asked) -> None:
    st.subheader("From how many people on", anchor=False)
    pieces.say(
        f"A number is shown only where at least {asked.minimum} people stand behind it. Where it could be worked out "
        "by taking shown numbers from one another, further numbers are hidden too, until it cannot."
    )
    pieces.say(
        "A unit with fewer people is not listed, not even by name. A share of exactly 0 % or 100 % in a small group is "
        "hidden as well, because it would say something about everyone in it."
    )


def measured(asked: Asked) -> None:
    st.subheader("What is measured", anchor=False)
    for indicator in asked.indicators.values():
        with st.expander(words.plain(indicator.title)):
            pieces.say(indicator.question, "bw-soft")
            for paragraph in indicator.definition.split("\n\n"):
                pieces.say(" ".join(paragraph.split()))
            pieces.say(f"After {indicator.source} ({indicator.code}).", "bw-soft")

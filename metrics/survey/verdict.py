"""What the evidence of a survey allows, in words: rely on it, tell it of teams, compare teams, call a change one.

Each verdict is yes, care, no or unknown, with the sentence that says why. The limits are conventions of the field:
alpha .70 (Nunnally), half of the invited, agreement .51 moderate and .70 strong (LeBreton & Senter 2008), AD under a
sixth of the answers (Burke et al. 1999), ICC(2) .50 and .70 (Bliese 2000).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from metrics.survey.response import REPORTABLE
from metrics.survey.teams import TEAMS

Row = Mapping[str, Any]
Verdict = tuple[str, str]
GOOD, POOR = 0.70, 0.50
MODERATE = 0.51
CHANCE = 0.05
APART = {
    "first": "This is the first survey with these questions here; there is nothing to compare it with yet.",
    "series": "The questions or their scale are not those of the survey before: a new series begins.",
    "few": "No change is told here: so few people came or went between the surveys that it could tell what they "
    "answered. See the unit above.",
}


def reliance(row: Row) -> Verdict:
    """May this number be relied on: did enough answer, and do the questions go together?"""
    if row["split"] and row["team"]:
        return "no", "This team is split into two camps: its average describes neither."
    alpha, rate = rounded(row["alpha"]), row["response"]
    told = []
    if rate is not None:
        who = "answered" if row["of"] == "invited" else "of those employed answered"
        told.append(f"{'' if rate >= REPORTABLE else 'only '}{rate:.0f} % {who}")
    if alpha is not None:
        told.append(f"the questions {'go' if alpha >= GOOD else 'hardly go'} together (alpha {decimal(alpha)})")
    why = " and ".join(told)
    if alpha is not None and alpha < POOR:
        return "no", f"Do not rely on this number: {why}."
    if (rate is not None and rate < REPORTABLE) or (alpha is not None and alpha < GOOD):
        return "care", f"This number only shows a direction: {why}."
    if rate is None:
        unknown = "it is not known how many were asked"
        return "unknown", f"{why[:1].upper()}{why[1:]}; but {unknown}." if why else f"I{unknown[1:]}."
    if alpha is None and row["items"] > 1:
        return "yes", f"This number can be told: {why}; too few here to test whether the questions go together."
    return "yes", f"This number can be relied on: {why}."


def sharing(row: Row, scope: Row) -> Verdict:
    """May it be told of single teams: do their members see the same, and do teams differ at all?"""
    agreed, single = rounded(scope["r_star"]), rounded(scope["icc1"])
    if (scope["teams"] or 0) < TEAMS or agreed is None or single is None:
        return "unknown", f"It cannot be said whether this tells of single teams: that takes {TEAMS} teams to look at."
    near = scope["ad"] <= row["points"] / 6
    seen = f"median r*wg {decimal(agreed)}, ICC(1) {decimal(single)}"
    if agreed >= GOOD and near and scope["icc_p"] is not None and scope["icc_p"] < CHANCE:
        return "yes", f"It may be told of single teams: their members agree, and teams differ ({seen})."
    if agreed >= MODERATE and near and scope["icc1"] > 0:
        return "care", f"It may be told of single teams with care: their members agree moderately ({seen})."
    why = "their members do not agree enough" if agreed < MODERATE or not near else "teams do not differ"
    return "no", f"It is not told of single teams: {why} ({seen})."


def comparing(told: Verdict, scope: Row) -> Verdict:
    """May teams be compared: how reliable are differences between teams of this size?"""
    value = rounded(scope["icc2"])
    if told[0] == "unknown" or value is None:
        return "unknown", f"It cannot be said whether teams may be compared: that takes {TEAMS} teams to look at."
    seen = f"ICC(2) {decimal(value)} at {scope['team_size']:.0f} answers a team"
    if told[0] == "no":
        return "no", "Teams may not be compared: this does not tell of single teams."
    if value >= GOOD:
        return "yes", f"Teams may be compared: differences between teams of this size are reliable ({seen})."
    if value >= POOR:
        return "care", f"Compare teams with care: differences of this size are only partly reliable ({seen})."
    return "no", f"Teams may not be compared: differences between teams of this size are not reliable ({seen})."


def changing(row: Row) -> Verdict:
    """May this change be called a change?"""
    if row["apart"]:
        return "unknown", APART[row["apart"]]
    move, least = row["change"], row["detectable"]
    if move is None or least is None:
        return "unknown", "It cannot be said whether this has changed."
    said = f"{signed(move)} of 100"
    if not (abs(move) >= least and (row["change_low"] > 0 or row["change_high"] < 0)):
        return "no", f"No clear change: {said}, and less than {least:.1f} cannot be told from chance."
    likely = f"likely {signed(row['change_low'])} to {signed(row['change_high'])}"
    if not row["moved_items"]:
        return "yes", f"This is a change: {said} ({likely}); {least:.1f} would be enough to tell."
    held = row["held_change"]
    if held is not None and held * move > 0 and abs(held) >= least:
        return "yes", (
            f"This is a change: {said} ({likely}); without the questions that moved apart from the others "
            f"({row['moved_items']}) it is {signed(held)}."
        )
    return "no", (
        f"Not called a change ({said}): some questions moved apart from the others ({row['moved_items']}), as when "
        "they are read differently."
    )


def mark(row: Row) -> str:
    """What is written on a number: why a team's is withheld, or with what care it is to be read."""
    if row["team"] and row["split"]:
        return "split"
    if row["team"] and row["aggregate"] == "no":
        return "not shared"
    if row["response"] is not None and row["response"] < REPORTABLE:
        return "directional"
    return "with care" if row["team"] and row["aggregate"] == "care" else ""


def rounded(value: float | None) -> float | None:
    """As it is written: what is judged is what is seen."""
    return None if value is None else round(value, 2)


def decimal(value: float) -> str:
    """`.84`, as the field writes what cannot pass 1."""
    return f"{value:.2f}".replace("0.", ".", 1)


def signed(value: float) -> str:
    """`+2.1`, `−0.4`, `0.0`."""
    return f"{value:+.1f}".replace("-", "−") if round(value, 1) else "0.0"

"""The evidence of a survey in words a psychologist would use, and the few an executive needs."""

from __future__ import annotations

from typing import Any

import polars as pl

from dashboard import words

Row = words.Row
VERDICTS = {
    "yes": ("ok", "Yes"),
    "care": ("watch", "With care"),
    "no": ("alarm", "No"),
    "unknown": ("unknown", "Cannot say"),
}
QUESTIONS = {
    "rely": ("The number", "rely_words"),
    "changed": ("A change", "change_words"),
    "aggregate": ("Single teams", "aggregate_words"),
    "compare": ("Comparing teams", "compare_words"),
}
FLAGS = {"agree": ("ok", "They agree"), "disagree": ("watch", "They disagree"), "cannot say": ("unknown", "Cannot say")}
CONTEXT = "Published surveys reached 48 % on average in 2005 and 68 % in 2020 (Holtom et al. 2022)."
NOT_SHOWN = "What this does not show: how any one person feels, why a number moved, or what people do."


def chip(verdict: str, question: str = "") -> tuple[str, str]:
    """The kind and the words of a verdict; that a change is none is no trouble."""
    if question == "changed" and verdict in ("yes", "no"):
        return ("watch", "A change") if verdict == "yes" else ("ok", "No clear change")
    kind, said = VERDICTS.get(verdict, VERDICTS["unknown"])
    return ("watch" if kind == "alarm" else kind), said


def decimal(value: float | None) -> str:
    """`.84`; a dash where nothing is known."""
    return "–" if value is None else f"{value:.2f}".replace("0.", ".", 1).replace("-", "−")


def points(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}".replace("-", "−")


def asked(row: Row, when: str) -> str:
    """What was asked, and since when the same."""
    scale = f"{words.many(row['items'], 'question')} on {row['points']} points ({row['low']:g} to {row['high']:g})"
    series = (
        f"series {row['series']}: these questions on this scale" if row["series"] > 1 else "the same since the start"
    )
    return f"{scale}, in the {when}; {series}. Reworded, added or dropped questions begin a new series."


def ways(row: Row) -> str:
    """The three ways to write the same answers, so that nobody lays one beside another."""
    hundred = (row["mean"] - row["low"]) / (row["high"] - row["low"]) * 100
    told = [
        f"Mean answer {row['mean']:.2f} of {row['high']:g}",
        f"{hundred:.1f} of 100 from lowest to highest answer (shown here)",
    ]
    if row["favourable"] is not None:
        told.append(f"{row['favourable']:.0f} % favourable")
    if row["low"] == 1:
        told.append(f"{row['mean'] * 100 / row['high']:.1f} as times 100 over {row['high']:g}")
    return (
        f"{'; '.join(told)}. The same answers, four scales: never compare one with another."
        if len(told) == 4
        else (f"{'; '.join(told)}. Never compare one with another.")
    )


def answered(row: Row) -> str:
    if row["response"] is None:
        return f"{row['n']:,} answered; how many were asked is not known or not shown. {CONTEXT}"
    who = "invited" if row["of"] == "invited" else "employed then (no invitations are connected)"
    label = "reportable" if row["response"] >= 50 else "directional only: under half"
    told = f"{row['n']:,} of {row['invited']:,} {who}: {row['response']:.0f} %, {label}"
    return f"{told}; {row['answered']:.0f} % of their questions answered. {CONTEXT}"


def unanswered(row: Row) -> str:
    """Whether those who answered differ from those asked, and what the others could change."""
    if row["response"] is None:
        return ""
    told = []
    if row["gap"] is not None:
        far = f"{points(row['gap'])} % (d {decimal(row['gap_d'])})"
        told.append(f"no group's share of the answers is further from that of the invited than {far}")
        told.append(f"weighted as invited it would be {points(row['weighted'])} of 100")
    if row["representative"] is not None:
        told.append(f"representativeness R {decimal(row['representative'])} (1 is even)")
    ends = f"{points(row['worst_low'])} to {points(row['worst_high'])} of 100"
    worst = f"if all others gave the lowest or the highest answer: {ends}"
    return f"{words.first_up('; '.join([*told, worst]))}."


def together(row: Row) -> str:
    if row["alpha"] is None:
        return "Needs two questions and 30 people who answered them all."
    inner = f"; {decimal(row['alpha_within'])} within teams" if row["alpha_within"] is not None else ""
    likely = f"{decimal(row['alpha_low'])} to {decimal(row['alpha_high'])}"
    return f"Alpha {decimal(row['alpha'])} (95 % {likely}){inner}; omega {decimal(row['omega'])}. From .70 for groups."


def one_factor(row: Row) -> str:
    if row["alpha"] is None:
        return ""
    told = [f"Lowest question against the rest r {decimal(row['rest_low'])}"]
    if row["left_over"] is not None:
        told.append(f"one factor leaves {row['left_over']:.3f} (SRMR, good under .08)".replace("0.", ".", 1))
    if row["rest_reversed"] is not None and row["rest_straight"] is not None:
        far = row["rest_straight"] - row["rest_reversed"] > 0.15
        fit = (
            "the reversed hang together less: some may have missed the turn"
            if far
            else "no sign that readers missed the turn"
        )
        told.append(
            f"reversed questions {decimal(row['rest_reversed'])}, straight {decimal(row['rest_straight'])}: {fit}"
        )
    return f"{'; '.join(told)}."


def agreement(row: Row) -> str:
    """How far the members of teams see the same."""
    if not row["teams"]:
        return "No team here may be looked at by itself."
    own = row["team"]
    over = "Of this team" if own else f"Median of {words.many(row['teams'], 'team')}"
    stars = f"r*wg(j) {decimal(row['r_star'])} against chance, {decimal(row['r_star_skew'])} against a slight skew"
    stepped = f"rwg(j) {decimal(row['rwg'])} and {decimal(row['rwg_skew'])}, which grow with the questions"
    away = f"AD {row['ad']:.2f}, good under {row['points'] / 6:.2f}"
    rest = "" if own else f" {row['agreed']:.0f} % of teams reach .70; {split(row['split'])}."
    return f"{over}: {stars}; {stepped}; {away}.{rest}"


def split(count: int) -> str:
    return (
        "none is split into two camps" if not count else f"{count} {'is' if count == 1 else 'are'} split into two camps"
    )


def apart(row: Row) -> str:
    """How far teams differ, and how sure a team's mean is."""
    if row["team"] and row["reliability"] is not None:
        return f"The mean of {row['n']} answers in one team has a reliability of {decimal(row['reliability'])}."
    if row["icc1"] is None or not row["teams"]:
        return "Needs ten teams that may be looked at."
    size = f"at {row['team_size']:.0f} answers a team, over {words.many(row['teams'], 'team')}"
    found = f"ICC(1) {decimal(row['icc1'])}; ICC(2) {decimal(row['icc2'])} {size}"
    return f"{found}. From .70 teams may be compared, under .50 not."


def invariance(row: Row, then: str) -> str:
    if row["change"] is None:
        return ""
    if row["moved_items"]:
        return f"Since the {then} these moved apart from the others: {row['moved_items']}."
    return f"Since the {then} no question moved apart from the others, as far as 30 answers each time can tell."


def least(row: Row, then: str) -> str:
    if row["detectable"] is None:
        return ""
    likely = f"{points(row['change_low'])} to {points(row['change_high'])}"
    told = f"{points(row['change'])} of 100 since the {then} (90 % {likely})"
    return f"{told}; smallest told from none: {points(row['detectable'])}."


def items(frame: pl.DataFrame) -> pl.DataFrame:
    """The questions as a table for people."""
    way = pl.when(pl.col("reversed")).then(pl.lit("the other way")).otherwise(pl.lit("straight"))
    note = pl.when(pl.col("moved")).then(pl.lit("moved apart from the others")).otherwise(pl.lit(""))
    return frame.select(
        pl.col("item").alias("Question"),
        way.alias("Worded"),
        pl.Series([decimal(r) for r in frame["rest"]], dtype=pl.String).alias("Against the rest (r)"),
        note.alias("Note"),
    )


def drawer(row: Row, when: str, then: str) -> dict[str, str]:
    """Everything behind the verdicts, in the order in which a sceptic asks."""
    found: dict[str, Any] = {
        "1 What was asked": asked(row, when),
        "Ways to write it": ways(row),
        "2 Who answered": answered(row),
        "Who did not": unanswered(row),
        "3 Consistency": together(row),
        "4 One thing measured": one_factor(row),
        "5 Agreement in teams": agreement(row),
        "6 Differences of teams": apart(row),
        "7 Read alike over time": invariance(row, then),
        "8 Smallest change": least(row, then),
        "Limits": NOT_SHOWN,
    }
    return found

"""One score: what it is, its course, what it is made of, and whether it would be another if made otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboard import charts_scores, words
from dashboard.access import Shown
from dashboard.views import pieces, scores
from dashboard.views.frame import Asked
from metrics.coherence import FEWEST
from metrics.goalposts import Score
from metrics.indicator import Indicator, indicators
from metrics.quality import label

FACTORS = {
    "weights": "how the parts are weighed",
    "mean": "which mean is taken",
    "goalposts": "where 0 and 100 lie",
    "dropped": "which parts are in it",
}


def page(score: Score, shown: Shown, asked: Asked) -> None:
    one = scores.known(shown, asked.unit).get(score.name)
    parts = shown.made("score_parts", unit=asked.unit, score=score.name)
    pieces.heading(score.question, f"{score.title} in {shown.units.names[asked.unit]}")
    pieces.write(
        f'<div class="bw-now"><div>{scores.number(one)}</div><div>{scores.said(one)}{why(one, shown)}</div></div>'
    )
    course(score, shown, asked)
    made_of(score, parts, asked)
    if one is not None:
        trust(one, parts, shown, asked)


def why(one: Mapping[str, Any] | None, shown: Shown) -> str:
    """What the colour and a missing number mean."""
    if one is None or one["value"] is None:
        return '<p class="bw-soft">A score is shown from 60 % of its weight on; its parts are below.</p>'
    if scores.hatched(one):
        return f'<p class="bw-soft">Hatched: {words.html(hanging(one, shown))}.</p>'
    return ""


def hanging(one: Mapping[str, Any], shown: Shown) -> str:
    """In how many ways of making it the score has another colour, and which choice matters most."""
    told = f"in {100 * one['flips']:.0f} % of the ways it could be made it has another colour"
    drivers = shown.made("score_drivers", unit=one["unit"], score=one["score"]).drop_nulls("total").sort("total")
    return told if drivers.is_empty() else f"{told}; most hangs on {FACTORS[drivers['factor'][-1]]}"


def course(score: Score, shown: Shown, asked: Asked) -> None:
    past = shown.made("score_courses", unit=asked.unit, score=score.name)
    if not past["value"].is_not_null().any():
        return
    st.subheader("Over time", anchor=False)
    drawn = charts_scores.score(past, asked.dark).to_dict(validate=False)
    st.vega_lite_chart(spec=drawn, theme="streamlit", width="stretch", key=f"score-{score.name}")
    pieces.say("Every four weeks, with its 90 % range; always made with the goalposts of today.", "bw-soft")
    pieces.twin(past.select("week", "value", "low", "high", "present", "version"), f"score-{score.name}", "course")


def made_of(score: Score, parts: pl.DataFrame, asked: Asked) -> None:
    """Every part with its value, the points it brings, and between which values it is counted."""
    st.subheader("What it is made of", anchor=False)
    every = indicators()
    for row in parts.iter_rows(named=True):
        one = every.get(row["indicator"])
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"row-{row['indicator']}"):
            if one:
                asked.link(one.name, one.title)
            else:
                pieces.say(title(row["indicator"], one))
            pieces.write(part(row, one.unit if one else ""))
    if parts.is_empty():
        pieces.say(f"None of its {len(score.parts)} parts has a number for this unit yet.", "bw-soft")


def title(name: str, one: Indicator | None) -> str:
    return one.title if one else words.first_up(name.replace("_", " "))


def part(row: Mapping[str, Any], unit: str) -> str:
    """One part in a line: its value, its points as a bar and a number, its goalposts."""
    posts = f"0 at {words.number(row['low_post'], unit)}, 100 at {words.number(row['high_post'], unit)}"
    if row["value"] is None:
        told = '<span class="bw-brief none">not known</span><span class="bw-soft">its weight goes to the others</span>'
    else:
        bar = f'<i class="bw-bar" style="--points: {row["points"]:.0f}%" aria-hidden="true"></i>'
        told = (
            f'<span class="bw-brief">{words.html(words.number(row["value"], unit))}</span>'
            f'<span class="bw-points">{bar}{row["points"]:.0f} points</span>'
        )
    return f'<div class="bw-line">{told}<span class="bw-soft">{words.html(posts)}</span></div>'


def trust(one: Mapping[str, Any], parts: pl.DataFrame, shown: Shown, asked: Asked) -> None:
    """How it is made, and how far that matters."""
    with st.expander("How far to believe it", expanded=False):
        pieces.write(pieces.facts(facts(one, parts, shown)))


def facts(one: Mapping[str, Any], parts: pl.DataFrame, shown: Shown) -> dict[str, str]:
    lacking = [title(name, indicators().get(name)) for name in one["missing"].split(",") if name]
    return {
        "How": "each part counts as points between fixed values; the score is their weighted mean",
        "Weights": weighed(parts),
        "Lacking": f"{words.listed(lacking, len(lacking))}; the weight goes to the others" if lacking else "",
        "Range": "90 %: in nine of ten such ranges the true score lies; wider where less of the evidence is there",
        "Change": change(one),
        "Made otherwise": otherwise(one),
        "Driven by": driven(shown.made("score_drivers", unit=one["unit"], score=one["score"])),
        "Parts together": coherent(shown.read("score_checks", score=one["score"])),
        "Evidence": quality(one),
        "Goalposts": posts(parts),
        "Version": f"{one['version']}; numbers of different versions are never drawn in one line",
        "It does not show": "who or which team is best: there are no ranks, and small differences are noise",
    }


def weighed(parts: pl.DataFrame) -> str:
    """What each part counts for, once the weight of what lacks is spread."""
    every = indicators()
    told = [f"{title(row['indicator'], every.get(row['indicator']))} {row['used']:.0%}"
            for row in parts.iter_rows(named=True)]  # fmt: skip
    return ", ".join(told)


def change(one: Mapping[str, Any]) -> str:
    if one["difference"] is None or one["difference_low"] is None:
        return "not known against three months ago: too few parts were there, or their range is not known"
    low, high = one["difference_low"], one["difference_high"]
    clear = "" if one["changed"] in ("up", "down") else "; no clear change, as 0 lies within"
    return f"{one['difference']:+.0f} points in 13 weeks, likely {low:+.0f} to {high:+.0f}{clear}"


def otherwise(one: Mapping[str, Any]) -> str:
    """What 2,000 other ways of making it would say."""
    if one["value"] is None:
        return ""
    told = f"in {one['flips']:.0%} of 2,000 other ways of making it (weights, goalposts, mean, a part left out) "
    told += "it would have another colour"
    if one["bottom"] is not None:
        told += f"; in {one['bottom']:.0%} it would be in the lowest quarter of the {one['among']} units of its level"
    return told


def driven(drivers: pl.DataFrame) -> str:
    """The choices that the rest of its uncertainty comes from (Sobol), the largest first."""
    rows = drivers.drop_nulls("total").sort("total", descending=True)
    told = [f"{FACTORS[row['factor']]} {row['total']:.2f} ({row['first']:.2f} alone)"
            for row in rows.iter_rows(named=True)]  # fmt: skip
    return f"{'; '.join(told)} (Sobol indices, total and first-order)" if told else ""


def coherent(checks: pl.DataFrame) -> str:
    """Whether the parts go together over units; what goes against or tells twice is named."""
    values = {row["kind"]: row for row in checks.filter(indicator="").iter_rows(named=True)}
    alpha = values.get("alpha")
    if alpha is not None and alpha["value"] is None and (alpha["units"] or 0) >= FEWEST:
        return f"one part is the same in all {alpha['units']} units that have all parts, so this is not known"
    if alpha is None or alpha["value"] is None:
        return "at no level of the tree have eight units all parts, so whether they go together is not known"
    every = indicators()
    flagged = checks.filter("flagged").iter_rows(named=True)
    told = [f"alpha {alpha['value']:.2f} over {words.many(alpha['units'], 'unit')} that have all parts"]
    if alpha["value"] < TOGETHER:
        told.append("they do not rise and fall together: read them one by one")
    for row in flagged:
        names = [title(name, every.get(name)) for name in (row["indicator"], row["other"]) if name]
        told.append(f"{' and '.join(names)}: {FLAGS[row['kind']]} ({row['value']:.2f})")
    return "; ".join(told)


TOGETHER = 0.6
FLAGS = {
    "loading": "goes against the others",
    "correlation": "go against one another, or tell the same twice",
    "importance": "sways the score more than twice its weight",
}


def quality(one: Mapping[str, Any]) -> str:
    """What Q is made of."""
    told = [
        f"{label(one['quality'] or 0)} ({one['quality'] or 0:.0f} of 100)",
        f"{one['present']:.0%} of the weight there",
    ]
    told += [f"{one['coverage']:.0%} of authors known"] if one["coverage"] is not None else []
    told += [f"{one['response']:.0%} answered"] if one["response"] is not None else []
    told += [f"reliability {one['reliability']:.2f}"] if one["reliability"] is not None else []
    return f"{'; '.join(told)}. It sets the range and this label, and is never part of a score"


def posts(parts: pl.DataFrame) -> str:
    every = indicators()
    return "; ".join(f"{title(row['indicator'], every.get(row['indicator']))}: {row['why']}"
                     for row in parts.iter_rows(named=True))  # fmt: skip

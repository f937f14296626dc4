"""Outlook: which skills will be short, whether that forecast deserves belief, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from dashboard import charts_ahead, words
from dashboard.access import Shown, standing
from dashboard.views import pieces
from dashboard.views.frame import Asked
from metrics.ahead import Answer, Step, likely, of_ten, ordered, what_if
from metrics.indicator import indicators
from metrics.outlook import QUARTER

HORIZONS = {QUARTER: "In a quarter", 2 * QUARTER: "In two quarters"}
FIRST = 8
MOST_PEOPLE = 50
LABELS = {
    "forecast": ("ok", "Forecast"),
    "experimental": ("unknown", "Experimental"),
    "withdrawn": ("watch", "Withdrawn"),
}


def page(shown: Shown, asked: Asked) -> None:
    name = shown.units.names[asked.unit]
    here = shown.section("outlook").filter(pl.col("unit").is_in(shown.units.within(asked.unit)))
    tests = {row["ahead"]: row for row in shown.section("backtests").iter_rows(named=True)}
    counts = likely(here.filter(pl.col("ahead") == QUARTER))
    pieces.heading(f"Will {name} have the skills it needs?", answer(counts, tests.get(QUARTER)))
    if here.is_empty():
        nothing(tests, asked)
        modules(shown, asked)
        return
    weeks = horizon(sorted(here["ahead"].unique()))
    rows = here.filter(pl.col("ahead") == weeks)
    label(tests.get(weeks))
    needs(shown, rows, asked)
    trying(shown, rows, asked)
    modules(shown, asked)
    trust(tests.get(weeks), rows)


def answer(counts: tuple[int, int, int, int], test: Mapping[str, Any] | None) -> str:
    short, fresh, seen, hidden = counts
    if test is not None and test["state"] == "withdrawn":
        return "The forecast is withdrawn: lately it was no better than saying that nothing changes."
    if not seen:
        return "Nothing can be said about skills yet." if not hidden else "Its skills are not shown, to protect people."
    verb = "is" if short == 1 else "are"
    more = f", {fresh} of them not short today" if fresh else ""
    return f"{short} of {words.many(seen, 'needed skill')} {verb} likely to be short in a quarter{more}."


def nothing(tests: Mapping[int, Mapping[str, Any]], asked: Asked) -> None:
    """Why there is no outlook: withdrawn, or what it lacks."""
    if any(test["state"] == "withdrawn" for test in tests.values()):
        pieces.say("It comes back by itself once it beats that again on the past.", "bw-soft")
        return
    pieces.say("An outlook takes needs (which unit needs how many at which level), assessed skills, and who is where. "
               "Units that state no need of their own have none.", "bw-soft")  # fmt: skip
    asked.link("skill_shortage", "The indicator", icon=":material/arrow_forward:")


def horizon(there: list[int]) -> int:
    chosen = st.segmented_control(
        "How far ahead", there, default=there[0], required=True, format_func=lambda weeks: HORIZONS[weeks],
        key="horizon", label_visibility="collapsed",
    )  # fmt: skip
    return int(chosen or there[0])


def label(test: Mapping[str, Any] | None) -> None:
    """Under which name it is shown, and why."""
    state = test["state"] if test else "experimental"
    kind, title = LABELS[state]
    pieces.write(f'<p>{pieces.sign(kind, title)}&ensp;<span class="bw-soft">{words.html(tested(test))}</span></p>')


def tested(test: Mapping[str, Any] | None) -> str:
    """How it fared on the past, in a sentence."""
    if test is None or not test["origins"]:
        return "Not yet tested: there is too little past to test it on. Do not plan by it alone."
    moments = words.many(test["origins"], "past moment")
    if test["skill"] is None:
        return f"Tested on {moments} in which nothing ever changed; it could not show what it can."
    gained = f"{abs(test['skill']):.0%} {'closer to' if test['skill'] > 0 else 'further from'} what came"
    held = f"; {test['covered']:.0%} of its 90 % ranges held what came" if test["covered"] is not None else ""
    return f"Tested on {moments}: {gained} than saying that nothing changes{held}."


def needs(shown: Shown, rows: pl.DataFrame, asked: Asked) -> None:
    """Skill by skill in how many of ten futures it is short; what becomes short first, the rest in a table."""
    open_ = ordered(rows)
    hidden = rows.height - open_.height
    if not open_.is_empty():
        st.subheader("Skill by skill", anchor=False)
        with st.container(border=True, gap="xxsmall", key="theme-outlook"):
            for row in open_.head(FIRST).iter_rows(named=True):
                need(shown, row, asked)
    if hidden:
        several = "are" if hidden > 1 else "is"
        pieces.say(f"{words.many(hidden, 'more skill')} {several} not shown: fewer than {asked.minimum} people hold or "
                   "lack each, or it would give such a group away.", "bw-soft")  # fmt: skip
    if not open_.is_empty():
        pieces.twin(table(shown, open_), "outlook", "outlook")


def need(shown: Shown, row: Mapping[str, Any], asked: Asked) -> None:
    where = "" if row["unit"] == asked.unit else f" in {shown.units.names[row['unit']]}"
    pieces.write(
        f'<div class="bw-line"><span class="bw-name">{words.html(titled(row["skill"]) + where)}</span>'
        f'<span class="bw-brief">{words.html(frequency(row))}</span>'
        f'<span class="bw-soft">{words.html(people(row))}</span></div>'
    )


def titled(skill: str) -> str:
    return words.first_up(skill.replace("-", " ").replace("_", " "))


def frequency(row: Mapping[str, Any]) -> str:
    now = "short now, and" if row["now"] else "not short now,"
    return f"{now} in {of_ten(row['chance'])} of 10 futures"


def people(row: Mapping[str, Any]) -> str:
    """`26 needed, 26 hold it now; likely 3 to spare to 6 missing`."""
    return (f"{row['headcount']:.0f} needed at level {row['level']:.1f}, {row['stock']:.0f} hold it now; "
            f"likely {span(row['low'], row['high'])}")  # fmt: skip


def span(low: float, high: float) -> str:
    """A range of people missing; under nought they are to spare."""
    low, high = round(low), round(high)
    if low >= 0:
        return f"{low} to {high} missing" if low != high else f"{low} missing"
    if high <= 0:
        return f"{-high} to {-low} to spare" if low != high else f"{-low} to spare"
    return f"between {-low} to spare and {high} missing"


def table(shown: Shown, rows: pl.DataFrame) -> pl.DataFrame:
    names = pl.Series("Unit", [shown.units.names[unit] for unit in rows["unit"]], pl.String)
    return rows.select(
        pl.col("skill").alias("Skill"), names, pl.col("chance").round(2).alias("Chance of a shortage"),
        pl.col("headcount").round(0).alias("Needed"), pl.col("level").round(1).alias("Level"),
        pl.col("stock").alias("Hold it now"), pl.col("missing").round(1).alias("Missing on average"),
        pl.col("low").round(0).alias("Missing, likely from"), pl.col("high").round(0).alias("to"),
    )  # fmt: skip


def trying(shown: Shown, rows: pl.DataFrame, asked: Asked) -> None:
    """What would change it: three numbers in, the answer with its range out."""
    open_ = ordered(rows)
    if open_.is_empty():
        return
    st.subheader("What if?", anchor=False)
    every = open_.rows(named=True)
    at = st.selectbox("Skill", range(len(every)), format_func=lambda at: called(shown, every[at]), key="skill asked")
    grid = st.grid("auto", min_column_width=150, gap="small", key="what-if")
    counts = {}
    for name, said in (("train", "Trained to the level"), ("hire", "Hired"), ("move", "Moved in")):
        with grid.cell():
            counts[name] = int(st.number_input(said, 0, MOST_PEOPLE, 0, 1, key=f"{name} people"))
    row = every[at or 0]
    before, after = what_if(row, Step()), what_if(row, Step(**counts))
    said_of(before, after, any(counts.values()))
    dots = {"As things go": before.dots} | ({"If you did this": after.dots} if any(counts.values()) else {})
    reach = charts_ahead.reached(*dots.values())
    for name, each in dots.items():
        pieces.say(name, "bw-soft")
        spec = charts_ahead.futures(name, each, reach, dark=asked.dark).to_dict(validate=False)
        st.vega_lite_chart(spec=spec, theme="streamlit", width="stretch", key=f"futures {name}")
    pieces.say("Each dot is one of twenty futures. Whoever is hired or moved in counts from the first day and may "
               "leave as others do; what those who move leave behind is not counted.", "bw-soft")  # fmt: skip


def called(shown: Shown, row: Mapping[str, Any]) -> str:
    return f"{titled(row['skill'])} in {shown.units.names[row['unit']]}"


def said_of(before: Answer, after: Answer, asked_for: bool) -> None:
    now = f"Short in {before.of_ten} of 10 futures as things go (likely {span(before.low, before.high)})"
    then = f"; if you did this, in {after.of_ten} of 10 (likely {span(after.low, after.high)})"
    pieces.write(f'<p aria-live="polite">{words.html(now + (then if asked_for else "") + ".")}</p>')


def modules(shown: Shown, asked: Asked) -> None:
    """Which few modules touch most of what each unit here lacks; and whether suggestions were of use before."""
    rows = shown.section("modules").filter(pl.col("unit").is_in(shown.units.within(asked.unit)))
    if rows.is_empty():
        return
    st.subheader("Modules that touch most of the gap", anchor=False)
    pieces.say(f"For what each unit lacks in its current work, level by level and by importance; never for a person. "
               f"{use(shown)}", "bw-soft")  # fmt: skip
    parts = rows.partition_by("unit", maintain_order=True)
    if len(parts) <= 2:
        for mine in parts:
            pieces.write(listed(shown, mine))
        return
    names = {mine["unit"][0]: mine for mine in parts}
    unit = st.selectbox("Unit", list(names), format_func=lambda one: shown.units.names[one], key="modules of")
    pieces.write(listed(shown, names[unit or next(iter(names))]))


def listed(shown: Shown, rows: pl.DataFrame) -> str:
    lines = "".join(f"<li>{words.html(module(row))}</li>" for row in rows.iter_rows(named=True))
    together = f"Together {rows['covers'].sum():.0%} of what is lacking in the skills that may be shown."
    return (f'<p class="bw-name">{words.html(shown.units.names[rows["unit"][0]])}</p><ul>{lines}</ul>'
            f'<p class="bw-soft">{together}</p>')  # fmt: skip


def module(row: Mapping[str, Any]) -> str:
    used = ""
    if row["uplift"] is not None:
        used = (f"; used at work {words.number(row['uplift'])} points more often than by lot (likely "
                f"{words.span(row['low'], row['high'])}, {row['n']:,} suggestions)")  # fmt: skip
    return f"{row['module']}: {row['skills']}, {row['covers']:.0%} of the gap{used}"


def use(shown: Shown) -> str:
    """How much more suggestions were used at work than modules by lot, over the whole organisation."""
    one = indicators()["suggestion_applied"]
    cell = standing(shown.cells(indicator=one.name, unit=shown.units.root), shown.verdicts())
    if cell is None or cell["value"] is None or cell["low"] is None:
        return "Whether suggestions are of use at work is not known yet: it takes 200 of them."
    return (f"So far suggested modules were used at work {words.number(cell['value'])} points more often than modules "
            f"drawn by lot (likely {words.span(cell['low'], cell['high'])}; {cell['n']:,} suggestions).")  # fmt: skip


def trust(test: Mapping[str, Any] | None, rows: pl.DataFrame) -> None:
    """How it is made, how it was tested, and what it does not show."""
    with st.expander("How far to believe it", expanded=False):
        pieces.write(pieces.facts(test_facts(test) | {
            "Made": f"Every four weeks, last in the week of {words.long_day(rows['week'].max())}",  # type: ignore[arg-type]
            "From": "who holds the level (assessments of 18 months), how many stay, are trained or join; what roles, "
            "projects and open posts need, by how much plans were missed, work that came, demand outside",
            "Futures": "4,000 are drawn; what is not known of the rates is part of them",
            "Does not show": "a change that neither plans, nor work, nor the market have announced",
            "After": "Bartholomew, Forbes & McClean 1991 (S3)",
        }))  # fmt: skip


def test_facts(test: Mapping[str, Any] | None) -> dict[str, str]:
    if test is None or not test["origins"]:
        return {"Tested on": "nothing yet; it takes a year and then eight moments of the past"}
    number = {
        name: f"{test[name]:.3f}" if test[name] is not None else "–" for name in ("brier", "persistence", "share")
    }
    known = {
        name: f"{test[name]:.2f}" if test[name] is not None else "not known"
        for name in ("skill", "skill_share", "slope")
    }
    held = [f"{test[name]:.0%}" if test[name] is not None else "–" for name in ("covered", "covered_needed")]
    return {
        "Tested on": f"{test['origins']} moments of the past, four weeks apart, {test['n']:,} forecasts; each "
        "knew only what could be known then. Neighbouring ones overlap.",
        "Brier score": f"{number['brier']} (0 is perfect); saying that nothing changes {number['persistence']}, "
        f"saying the usual share {number['share']}",
        "Skill": f"{known['skill']} against the first, {known['skill_share']} against the second; over 0 is better",
        "Calibration slope": f"{known['slope']}; 1 is right, under 1 too sure of itself",
        "Ranges": f"90 % ranges held what came in {held[0]} (who holds it) and {held[1]} (who is needed)",
        "Withdrawn": "by itself, when in two refreshes running it is no better than saying that nothing changes",
    }

"""Writes a new indicator and its test, both of which pass as they are; what it counts is then yours to say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from dashboard.settings import SettingsError, near
from metrics.indicator import indicators

NAME = re.compile(r"[a-z][a-z0-9_]{2,40}")
INDICATOR = '''\
"""{{ title }}: say in one line what this tells an executive."""

from __future__ import annotations

import polars as pl

from metrics.indicator import {{ draft.names }}
{%- for line in draft.imports %}
{{ line }}
{%- endfor %}
from metrics.weeks import Calendar


@indicator(
    code="X-{{ name }}", title="{{ title }}", question="{{ draft.question }}", unit="{{ draft.unit }}",
    better="up", timing="leading", source="your own; name the literature", theme="yours",
    beware="say what makes it move for a bad reason",
    kind="{{ draft.kind }}", {{ draft.facts }}
)  # fmt: skip
def {{ name }}(tickets: pl.LazyFrame, calendar: Calendar) -> pl.LazyFrame:
    """{{ draft.definition }}"""
{%- for line in draft.body %}
    {{ line }}
{%- endfor %}
'''
TEST = '''\
"""{{ title }}: counted by hand."""

from tests.metrics.facts import MONDAY, at, evidence


def ticket(name, answered):
    return {"ticket": name, "unit": "east", "assignee": name, "kind": "request", "opened": at(0), "answered": answered}


def test_{{ draft.says }}():
    tickets = [ticket("1", at(0, 15)), ticket("2", at(3)), ticket("3", None)]
    found = evidence("{{ name }}", tickets=tickets)
    assert found.select({{ draft.columns }}).rows() == [
{%- for row in draft.rows %}
        {{ row }},
{%- endfor %}
    ]
'''


@dataclass(frozen=True)
class Draft:
    """What an indicator of one kind begins with; it counts the answers to tickets."""

    kind: str
    question: str
    unit: str
    facts: str
    definition: str
    body: tuple[str, ...]
    says: str
    columns: str
    rows: tuple[str, ...]
    imports: tuple[str, ...] = ()
    names: str = "indicator"


ANSWERED = 'answered = tickets.filter(pl.col("answered").is_not_null())'
HOURS = 'hours = calendar.working_hours(pl.col("opened"), pl.col("answered"))'
WEEK = 'week = calendar.week(pl.col("opened"))'
PLACE = 'week=week, person="assignee"'
DRAFTS = {
    draft.kind: draft
    for draft in (
        Draft(
            "share", "Does who asks for help hear something soon?", "%", "least=30, reach=0, window=4, settles=14,",
            "Share of the tickets answered that were answered within 8 working hours. Others are left out.",
            (HOURS, ANSWERED, WEEK, f'return answered.select("unit", {PLACE}, part=hours <= 8, whole=pl.lit(1))'),
            "an_answer_on_the_same_day_is_in_time_and_one_after_three_days_is_not",
            '"unit", "week", "part", "whole", "people"', ('("east", MONDAY, 1, 2, 2)',),
        ),
        Draft(
            "mean", "How long does an answer take?", "hours", "least=30, reach=0, window=4, settles=14,",
            "Mean working hours from asking to the answer. Tickets never answered are left out, which flatters it.",
            (HOURS, ANSWERED, WEEK, f'return answered.select("unit", {PLACE}, total=hours)'),
            "an_answer_after_six_hours_and_one_after_three_days_are_thirty_hours_together",
            '"unit", "week", "total", "count", "people"', ('("east", MONDAY, 30.0, 2, 2)',),
        ),
        Draft(
            "waiting", "Is who asks for help answered in time?", "%",
            "target=24, least=20, reach=ALWAYS, window=4, settles=7,",
            "Share of the tickets that are answered within 24 working hours. Those still waiting count for as long as\n"
            "    they have waited (Kaplan-Meier), so that silence cannot hide.",
            (
                'done = pl.col("answered").is_not_null()',
                'hours = calendar.working_hours(pl.col("opened"), calendar.until_now(pl.col("answered")))',
                WEEK,
                "told = telling(tickets, done)  # a source that tells of no answer is unknown, not nought",
                f'return told.select("unit", {PLACE}, **ages(hours, done, 24))',
            ),
            "one_is_answered_after_six_hours_one_in_three_days_and_one_still_waits",
            '"unit", "week", "bucket", "done", "waiting", "people"',
            ('("east", MONDAY, 6, 1, 0, 3)', '("east", MONDAY, 24, 1, 1, 0)'),
            ("from metrics.kinds.waiting import ages", "from metrics.told import telling"),
            "ALWAYS, indicator",
        ),
    )
}  # fmt: skip


def written(name: str, kind: str, root: Path) -> list[Path]:
    """The files of a new indicator below the project's folder; nothing that is there already is touched."""
    if not (root / "metrics" / "indicators").is_dir():
        raise SettingsError(f"{root} is not Bellwether's own folder; run this where its metrics/ and tests/ are")
    if not NAME.fullmatch(name):
        raise SettingsError(
            f"{name} cannot name an indicator; use small letters, digits and _, such as answered_in_a_day"
        )
    if kind not in DRAFTS:
        raise SettingsError(f"{kind} is no kind to begin with{near(kind, list(DRAFTS))}; use {', '.join(DRAFTS)}")
    if name in indicators():
        raise SettingsError(f"there is an indicator {name} already; give yours another name")
    files = {root / place: text for place, text in drafted(name, kind).items()}
    if there := [path for path in files if path.exists()]:
        raise SettingsError(f"{there[0]} is there already; remove it or give the indicator another name")
    for path, text in files.items():
        path.write_text(text)
    return list(files)


def drafted(name: str, kind: str) -> dict[str, str]:
    """The text of each file, by its place."""
    said = {"name": name, "title": name.replace("_", " ").capitalize(), "draft": DRAFTS[kind]}
    jinja = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)
    return {
        f"metrics/indicators/{name}.py": jinja.from_string(INDICATOR).render(said),
        f"tests/metrics/indicators/test_{name}.py": jinja.from_string(TEST).render(said),
    }

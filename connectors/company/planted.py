"""What was planted in the made-up company: the truths a detector must find, and the traps in which it must stay silent.

The generator, the tests, the benchmarks and the documents all read this file. Moments lie a fixed number of weeks
before the Monday of the week of `today`, so that the story is the same on whatever day it is told. Besides what
stands here nothing drifts: every other unit is steady up to season, growth and noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

ROOT = "larkfield"
REUSE_FALLS = "care"
SAFETY_FALLS = ("ops-logistics", "sales-retail")
SPLIT = "prod"
PLAYBOOKS = "eng-platform"
TEAM_OF_FOUR = "eng-apps-skunkworks"

REORGANISED = 61
FIRST_WAVE_DOWN = 36
REWORK_UP = FIRST_WAVE_DOWN - 8
OFFICE_SPLIT = 30
PLAYBOOKS_FROM = 39
PLAYBOOKS_RAMP = 30
CHAT_SILENT = (22, 19)
LEARNING_STALE = 3
SHORT, SHORT_IN, SHORT_FROM, SHORT_A_QUARTER = "machine-learning", "eng-data", 60, 5
WAVE_EVERY = 13

Direction = Literal["worse", "better", "held", "quiet", "hidden"]


@dataclass(frozen=True)
class Planted:
    """One planted thing: where, in which indicators, since when, how large, and in words.

    `direction` says what must become of it: "worse" and "better" are to be found, "held", "quiet" and "hidden" are
    traps. `size` is the change of the indicator in its own unit (a share of 1, points of the 1 to 7 scale), for ties
    and volumes a share of what was there before.
    """

    name: str
    unit: str
    indicators: tuple[str, ...]
    direction: Direction
    onset: date
    until: date | None
    size: float
    words: str

    @property
    def to_be_found(self) -> bool:
        return self.direction in ("worse", "better")


def monday(day: date) -> date:
    """The Monday of the ISO week of a day."""
    return day - timedelta(days=day.weekday())


def weeks_before(today: date, weeks: int) -> date:
    """The Monday so many weeks before the week of `today`."""
    return monday(today) - timedelta(weeks=weeks)


def christmas(year: int) -> tuple[date, date]:
    """First day of the two quiet weeks around a Christmas, and the day after them."""
    first = monday(date(year, 12, 25))
    return first, first + timedelta(weeks=2)


def planted(today: date, years: float = 2.5) -> tuple[Planted, ...]:
    """Everything planted in the company as of `today`; units bear the same ids for every seed and size."""
    return (*_troubles(today), *_traps(today), *_decembers(today, years))


def _troubles(today: date) -> tuple[Planted, ...]:
    reorganised, wave = weeks_before(today, REORGANISED), weeks_before(today, FIRST_WAVE_DOWN)
    rework, split = weeks_before(today, REWORK_UP), weeks_before(today, OFFICE_SPLIT)
    playbooks = weeks_before(today, PLAYBOOKS_FROM)
    return (
        Planted("reuse falls", REUSE_FALLS, ("knowledge_reuse",), "worse", reorganised, None, -0.12,
                "After the re-organisation Customer Care solves less of its work with what was already known."),
        *(Planted("safety falls", unit, ("psychological_safety",), "worse", wave, None, -0.7,
                  "From one survey wave to the next people feel less safe to speak up.")
          for unit in SAFETY_FALLS),
        *(Planted("rework rises", unit, ("reopened_work",), "worse", rework, None, 0.06,
                  "Eight weeks after the fall in psychological safety more closed work comes back.")
          for unit in SAFETY_FALLS),
        Planted("ties fall", SPLIT, ("cross_team_density",), "worse", split, None, -0.45,
                "After half of Product moved to another office its teams turn to one another less."),
        Planted("playbooks spread", PLAYBOOKS, ("link_rate", "knowledge_reuse"), "better", playbooks, None, 0.2,
                "Platform turns more and more of its experiments into playbooks, and its work links to them."),
    )  # fmt: skip


def _traps(today: date) -> tuple[Planted, ...]:
    first, last = (weeks_before(today, weeks) for weeks in CHAT_SILENT)
    stale = monday(today) - timedelta(weeks=LEARNING_STALE)
    every = ("psychological_safety", "link_rate", "knowledge_reuse", "cross_team_density", "question_answered",
             "action_completion", "reopened_work")  # fmt: skip
    return (
        Planted("chat is silent", ROOT, ("question_answered", "cross_team_density"), "held", first, last, -1.0,
                "For three weeks the chat delivered nothing; these weeks are held, not judged."),
        Planted("learning is stale", ROOT, (), "held", stale, None, -1.0,
                "The learning platform has delivered nothing for three weeks."),
        Planted("team of four", TEAM_OF_FOUR, every, "hidden", weeks_before(today, 200), None, 0.0,
                "Four people with telling values: neither they nor their team's name may ever be seen."),
    )  # fmt: skip


def _decembers(today: date, years: float) -> tuple[Planted, ...]:
    start = today - timedelta(days=round(years * 365.25))
    dips = [christmas(year) for year in range(start.year, today.year + 1)]
    return tuple(
        Planted("December dip", ROOT, (), "quiet", first, last, -0.65,
                "Around Christmas little happens, answers are slower and reuse a little lower; that is no news.")
        for first, last in dips if start <= first < today
    )  # fmt: skip

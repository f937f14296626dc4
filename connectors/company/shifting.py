"""What the made-up company comes to need that nobody needed before: when each department says so, and who learns it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from connectors.company.adding import Adds
from connectors.company.growth import MINUTES, MINUTES_SPREAD, MINUTES_WITH_PEOPLE, WITH_PEOPLE, stale
from connectors.company.names import NEW_SKILLS
from connectors.company.rhythm import DAY, Ints, numbered

if TYPE_CHECKING:
    from connectors.company.company import Company

EACH = 3  # new skills a department comes to need
FROM, QUARTER = 210, 91
MANY = 5
MEDIAN_DAYS, SPREAD_DAYS, EVER = 60, 0.5, 0.88
LEVEL = 2.0


def needs(company: Company, frame: pl.DataFrame) -> pl.DataFrame:
    """Wanted from the next quarter on; how many it takes nobody has counted yet."""
    rhythm, (department, skill, day) = company.rhythm, _wanted(company)
    rows = pl.DataFrame({
        "need": numbered("hr:w", np.arange(1, len(day) + 1)), "skill": pl.Series(NEW_SKILLS).gather(skill),
        "unit": company.tree.id.gather(department), "level": pl.Series(np.full(len(day), LEVEL)),
        "headcount": pl.Series(np.zeros(len(day))), "starts": rhythm.date(day + QUARTER),
        "changed": rhythm.moment(day * DAY), "kind": ["project"] * len(day), "project": ["new"] * len(day),
        "importance": pl.Series(np.full(len(day), 3.0)),
    })  # fmt: skip
    return pl.concat([frame, rows], how="diagonal_relaxed")


def learning(company: Company, frame: pl.DataFrame) -> pl.DataFrame:
    """The courses by which five people of a department learn each."""
    rng, rhythm, (person, skill, day) = company.chance("courses of the new"), company.rhythm, _learned(company)
    many = len(day)
    human = rng.random(many) < WITH_PEOPLE
    minutes = np.round(rng.lognormal(np.log(np.where(human, MINUTES_WITH_PEOPLE, MINUTES)), MINUTES_SPREAD))
    done = day * DAY + 15 * 3600
    rows = pl.DataFrame({
        "record": numbered("learning:new-", np.arange(1, many + 1)), "person": company.roster.mail.gather(person),
        "course": numbered("course-new-", skill), "skill": pl.Series(NEW_SKILLS).gather(skill),
        "mode": pl.Series(("digital", "human")).gather(human.astype(np.int64)), "minutes": pl.Series(minutes),
        "started": rhythm.moment(done - DAY), "done": rhythm.moment(done), "changed": rhythm.moment(done),
    })  # fmt: skip
    return pl.concat([frame, rows], how="diagonal_relaxed")


@lru_cache(maxsize=1)
def _wanted(company: Company) -> tuple[Ints, Ints, Ints]:
    """Department, new skill and the day it is stated; no department wants one twice."""
    rng, rhythm = company.chance("what is new"), company.rhythm
    departments = np.flatnonzero(company.tree.depth == 2)
    order = rng.permuted(np.tile(np.arange(len(NEW_SKILLS)), (len(departments), 1)), axis=1)[:, :EACH]
    day = rng.integers(FROM, max(rhythm.days - 7, FROM + 1), order.size)
    known = day < rhythm.days
    return np.repeat(departments, EACH)[known], order.ravel()[known], day[known]


@lru_cache(maxsize=1)
def _learned(company: Company) -> tuple[Ints, Ints, Ints]:
    """Person, new skill and day of every course: the last of five as late as it takes, if it ever comes."""
    department, skill, stated = _wanted(company)
    rng, tree, roster = company.chance("who learns the new"), company.tree, company.roster
    takes = np.maximum(rng.lognormal(np.log(MEDIAN_DAYS), SPREAD_DAYS, len(stated)).astype(np.int64), 1)
    home = tree.above(tree.teams, 2)
    stays = home == tree.above(tree.teams, 2, after=False)
    teams_of = [tree.teams[stays & (home == one)] for one in department]
    found: list[tuple[Ints, Ints, Ints]] = []
    for teams, what, since, until in zip(teams_of, skill, stated, stated + takes, strict=True):
        seats = np.flatnonzero(np.isin(roster.unit, teams))
        days = np.full(len(seats), until)
        last = roster.sitting(seats, days)
        drawn = rng.permutation(np.flatnonzero((last >= 0) & (last == roster.sitting(seats, days * 0 + since))))[:MANY]
        when = np.append(rng.integers(since, until, len(drawn) - 1), until) if len(drawn) else days[:0]
        kept = len(drawn) - (rng.random() >= EVER)
        found.append((last[drawn][:kept], np.full(kept, what), when[:kept]))
    person, what, day = (np.concatenate(part) for part in zip(*found, strict=True))
    arrived = (day + 1) * DAY < stale(company.rhythm)
    return person[arrived], what[arrived], day[arrived]


ADDS: Adds = {"needs": needs, "learning": learning}

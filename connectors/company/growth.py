"""How people of the made-up company grow: courses, skills, needs, feedback, development plans."""

from __future__ import annotations

import numpy as np
import polars as pl

from connectors.company.names import PRIORITIES, SKILLS
from connectors.company.people import Roster
from connectors.company.planted import LEARNING_STALE, SHORT, SHORT_IN, weeks_before
from connectors.company.rhythm import DAY, Ints, Rhythm, at, numbered
from connectors.company.tree import Tree
from connectors.company.work import spread

COURSES, FEEDBACK, PLANS = 0.16, 0.15, 0.022
AFAR = 0.2
MINUTES, MINUTES_WITH_PEOPLE, MINUTES_SPREAD, WITH_PEOPLE = 35, 120, 0.6, 0.3
NEEDED = 5  # skills a department needs
KINDS = ("recognition", "improvement", "peer", "upward")


def stale(rhythm: Rhythm) -> int:
    """The moment since which the learning platform has delivered nothing."""
    return rhythm.day(weeks_before(rhythm.today, LEARNING_STALE)) * DAY


def _drawn(
    rng: np.random.Generator, tree: Tree, roster: Roster, rhythm: Rhythm, rate: float
) -> tuple[Ints, Ints, Ints, Ints]:
    """So many events per seat and week: person, moment, unit and the seats then open."""
    unit, week, seats = spread(rng, tree, roster, rhythm, rate)
    when = rhythm.moments(rng, week)
    person = roster.sitting(roster.draw(rng, unit, seats), when // DAY)
    order = np.argsort(when, kind="stable")
    order = order[person[order] >= 0]
    return person[order], when[order], unit[order], seats[order]


def learning(rng: np.random.Generator, tree: Tree, roster: Roster, rhythm: Rhythm) -> pl.DataFrame:
    """The canonical table of learning; its last three weeks never arrived."""
    person, started, unit, _ = _drawn(rng, tree, roster, rhythm, COURSES)
    human = rng.random(len(person)) < WITH_PEOPLE
    skill = (rng.zipf(1.3, len(person)) + unit) % len(SKILLS)
    done = rhythm.after(started, rng.lognormal(np.log(20), 1.0, len(person)))
    done = np.where(rng.random(len(person)) < 0.8, done, rhythm.end)
    changed = np.where(done < rhythm.end, done, started)
    arrived = changed < stale(rhythm)
    minutes = np.round(rng.lognormal(np.log(np.where(human, MINUTES_WITH_PEOPLE, MINUTES)), MINUTES_SPREAD))
    frame = pl.DataFrame({
        "record": numbered("learning:", np.arange(1, len(person) + 1)), "person": roster.mail.gather(person),
        "course": numbered("course-", skill * 20 + rng.integers(0, 20, len(person))),
        "skill": pl.Series(SKILLS).gather(skill),
        "mode": pl.Series(("digital", "human")).gather(human.astype(np.int64)),
        "minutes": pl.Series(minutes), "started": rhythm.moment(started), "done": rhythm.moment(done),
        "changed": rhythm.moment(changed),
    })  # fmt: skip
    return frame.filter(pl.Series(arrived))


def skills(rng: np.random.Generator, tree: Tree, roster: Roster, rhythm: Rhythm) -> pl.DataFrame:
    """The canonical table of skills: three of the five that a department needs, assessed at once, then once a year."""
    spells = np.flatnonzero(roster.first < rhythm.days)
    person, first_spell = np.unique(roster.person[spells], return_index=True)
    begin, unit = roster.first[spells][first_spell], roster.unit[roster.seat[spells][first_spell]]
    gone = np.zeros(len(roster.joined), dtype=np.int64)
    np.maximum.at(gone, roster.person, roster.last)
    rounds = np.arange(3)
    index = np.repeat(np.arange(len(person)), 3 * len(rounds))
    which, year = np.tile(np.repeat(np.arange(3), len(rounds)), len(person)), np.tile(rounds, 3 * len(person))
    turn = person[index] * 7919
    day = begin[index] + np.where(year == 0, turn % 45, year * 365 - 180 + turn % 360)
    home = np.where(tree.depth[unit] == 3, tree.before[unit], unit)[index]
    skill = needed(home, (person[index] + which) % NEEDED)
    short = (home == tree.index(SHORT_IN)) if SHORT_IN in tree.ids else np.zeros(len(home), bool)
    skill = np.where(short & (which == 2), SKILLS.index(SHORT), skill)
    level = np.clip(rng.normal(2.4, 0.8, (len(person), 3))[index, which] + 0.2 * year, 0, 5).round(1)
    held = (day < np.minimum(gone[person[index]], stale(rhythm) // DAY)) & (day >= 0)
    frame = pl.DataFrame({
        "person": roster.mail.gather(person[index]), "skill": pl.Series(SKILLS).gather(skill),
        "assessed": rhythm.date(day), "level": pl.Series(level), "changed": rhythm.moment(day * DAY),
    })  # fmt: skip
    return frame.filter(pl.Series(held)).unique(["person", "skill", "assessed"], maintain_order=True)


def needed(department: Ints, which: Ints) -> Ints:
    """Which skill is the first, second, ... or fifth that a department needs."""
    return np.asarray((department * 5 + which * 3) % len(SKILLS))


def needs(rng: np.random.Generator, tree: Tree, rhythm: Rhythm) -> pl.DataFrame:
    """The canonical table of needs: every quarter each department says how many it will need of five skills.

    The level of each stays; how many changes little by little, on the whole as fast as people learn.
    """
    departments, quarters = np.flatnonzero(tree.depth == 2), np.arange(0, rhythm.days, 91)
    many = NEEDED * len(departments)
    level = rng.integers(2, 4, many)
    share = rng.normal(0.62, 0.2, (many, 1)) + np.cumsum(rng.normal(0.035, 0.05, (many, len(quarters))), axis=1)
    headcount = np.round(np.clip(share, 0.1, 2) * np.where(level == 2, 41, 18)[:, None]).ravel()
    unit = np.repeat(departments, NEEDED * len(quarters))
    day = np.tile(quarters, many)
    skill = needed(unit, np.repeat(np.tile(np.arange(NEEDED), len(departments)), len(quarters)))
    return pl.DataFrame({
        "need": numbered("hr:n", np.arange(1, len(unit) + 1)), "skill": pl.Series(SKILLS).gather(skill),
        "unit": tree.id.gather(unit), "level": pl.Series(np.repeat(level, len(quarters)).astype(np.float64)),
        "headcount": pl.Series(headcount), "starts": rhythm.date(day + 91), "changed": rhythm.moment(day * DAY),
    })  # fmt: skip


def feedback(rng: np.random.Generator, tree: Tree, roster: Roster, rhythm: Rhythm) -> pl.DataFrame:
    """The canonical table of feedback, mostly within the team."""
    giver, given, unit, seats = _drawn(rng, tree, roster, rhythm, FEEDBACK)
    far = rng.random(len(unit)) < AFAR
    unit = np.where(far, rng.choice(tree.teams, len(unit)), unit)
    seats = np.where(far, np.diff(roster.from_seat)[unit], seats)
    receiver = roster.sitting(roster.draw(rng, unit, seats), given // DAY)
    kind = rng.choice(len(KINDS), len(giver), p=(0.5, 0.2, 0.2, 0.1))
    frame = pl.DataFrame({
        "feedback": numbered("hr:f", np.arange(1, len(giver) + 1)), "giver": roster.mail.gather(giver),
        "receiver": at(roster.mail, receiver), "kind": pl.Series(KINDS).gather(kind), "given": rhythm.moment(given),
    })  # fmt: skip
    return frame.filter(pl.Series((receiver >= 0) & (receiver != giver))).with_columns(changed="given")


def plans(rng: np.random.Generator, tree: Tree, roster: Roster, rhythm: Rhythm) -> pl.DataFrame:
    """The canonical table of development plans; two thirds serve a priority."""
    person, made, unit, _ = _drawn(rng, tree, roster, rhythm, PLANS)
    day, count = made // DAY, len(person)
    done = day + rng.integers(60, 400, count)
    over = (done < rhythm.days) & (rng.random(count) < 0.7)
    priority = np.where(rng.random(count) < 0.67, rng.integers(0, len(PRIORITIES), count), -1)
    return pl.DataFrame({
        "plan": numbered("hr:p", np.arange(1, count + 1)), "person": roster.mail.gather(person),
        "skill": pl.Series(SKILLS).gather((unit + rng.integers(0, 6, count)) % len(SKILLS)),
        "priority": at(pl.Series(PRIORITIES), priority), "made": rhythm.date(day), "due": rhythm.date(day + 270),
        "done": rhythm.date(done, known=over), "changed": rhythm.moment(np.where(over, done, day) * DAY),
    })  # fmt: skip

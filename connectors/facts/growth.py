"""What people can, learn and plan, what is needed, and what is spent on it."""

from __future__ import annotations

import dataframely as dy

from connectors.columns import key, key_of_people, moment, text, who
from connectors.facts.fact import Fact


class Learning(Fact):
    """A course or an exercise: digital or human, how long, started, done.

    `before` and `after` are the results of its tests, `best` the most that could be reached.
    """

    record = key_of_people()
    person = who(nullable=False)
    course = dy.String(min_length=1, max_length=200)
    skill = text()
    mode = dy.String(nullable=True, check=lambda c: c.is_in(["digital", "human"]))
    minutes = dy.Float64(nullable=True, min=0)
    started = moment()
    done = moment()
    before = dy.Float64(nullable=True, min=0)
    after = dy.Float64(nullable=True, min=0)
    best = dy.Float64(nullable=True, min=0)


class Skills(Fact):
    """The level of a skill a person held when it was assessed."""

    person = who(primary_key=True)
    skill = key()
    assessed = dy.Date(primary_key=True)
    level = dy.Float64(min=0)


class Needs(Fact):
    """How many people a unit or a project needs at which level of a skill, from when.

    `kind` is role, project or requisition (a post being hired for); `importance` is from 1 to 5.
    """

    need = key()
    kind = text()
    skill = dy.String(min_length=1, max_length=200)
    unit = text()
    project = text()
    level = dy.Float64(min=0)
    headcount = dy.Float64(min=0)
    importance = dy.Float64(nullable=True, min=1, max=5)
    starts = dy.Date()


class Plans(Fact):
    """Development plans: the skill, the priority it serves, when last looked at, when due, when done."""

    plan = key()
    person = who(nullable=False)
    skill = text()
    priority = text()
    made = dy.Date()
    updated = dy.Date(nullable=True)
    due = dy.Date(nullable=True)
    done = dy.Date(nullable=True)


class Resources(Fact):
    """What a unit may spend on learning from a day on, and what it spent: `kind` is hours or money."""

    resource = key()
    unit = dy.String(min_length=1, max_length=200)
    kind = dy.String(min_length=1, max_length=200)
    starts = dy.Date()
    allotted = dy.Float64(min=0)
    used = dy.Float64(nullable=True, min=0)


class Suggestions(Fact):
    """A module suggested to a person: taken up, used at work, or turned off; `explored`: drawn by lot, to compare."""

    suggestion = key_of_people()
    person = who(nullable=False)
    module = dy.String(min_length=1, max_length=200)
    skill = text()
    made = moment(nullable=False)
    explored = dy.Bool(nullable=True)
    done = moment()
    applied = moment()
    declined = dy.Bool(nullable=True)


class Demand(Fact):
    """How much a skill is sought outside, from an index of your choice; 100 or any other base."""

    skill = key()
    day = dy.Date(primary_key=True)
    index = dy.Float64(min=0)

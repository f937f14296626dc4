"""The desk of the made-up company: tickets, what was done to them, and how well it went."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from connectors.company.names import SKILLS
from connectors.company.people import Roster
from connectors.company.planted import REWORK_UP, SAFETY_FALLS, TEAM_OF_FOUR, weeks_before
from connectors.company.rhythm import DAY, Ints, Rhythm, at, logit, numbered, shares, wander
from connectors.company.tree import Tree

A_SEAT_AND_WEEK = 0.4
KINDS = ("incident", "request", "change", "action", "experiment", "review")
MIX = (0.31, 0.42, 0.14, 0.075, 0.03, 0.025)
WORKING_HOURS = (9.0, 16.0, 34.0, 0.0, 60.0, 20.0)
ACTION, EXPERIMENT, REVIEW = 3, 4, 5
ACTION_DAYS, ACTION_SPREAD = 16.5, 0.81
REOPENED, REOPENED_AFTER_PLANTED = 0.05, 0.11
TRIED, CHECKED = (0.3, 0.45, 0.25), 0.55  # experiments: supported, not, inconclusive; actions shown to work
NEVER = 2**40


@dataclass(frozen=True)
class Desk:
    """Tickets as arrays: seconds since the start, NEVER where it did not happen; persons -1 where nobody."""

    number: Ints
    unit: Ints
    kind: Ints
    person: Ints
    opened: Ints
    answered: Ints
    resolved: Ints
    closed: Ints
    reopened: Ints
    outcome: Ints

    @property
    def id(self) -> pl.Series:
        return numbered("desk:", self.number)


OUTCOMES = ("resolved", "declined", "duplicate", "automatic", "supported", "not supported", "inconclusive")


def spread(
    rng: np.random.Generator, tree: Tree, roster: Roster, rhythm: Rhythm, rate: float
) -> tuple[Ints, Ints, Ints]:
    """Events of teams as unit, week and seats then open: so many per seat in an ordinary week, unevenly and noisily."""
    seats = roster.open(np.arange(rhythm.weeks) * 7)[tree.teams]
    load = np.exp(rng.normal(0, 0.3, (len(tree.teams), 1)) + wander(rng, len(tree.teams), rhythm.weeks, 0.16))
    drawn = rng.poisson(rate * seats * load * rhythm.weekly)
    team, week = np.nonzero(drawn)
    many = drawn[team, week]
    return np.repeat(tree.teams[team], many), np.repeat(week, many), np.repeat(seats[team, week], many)


def handle(rng: np.random.Generator, tree: Tree, roster: Roster, rhythm: Rhythm) -> Desk:
    """Every ticket and its life."""
    unit, week, seats = spread(rng, tree, roster, rhythm, A_SEAT_AND_WEEK)
    opened = rhythm.moments(rng, week)
    order = np.argsort(opened)
    unit, seats, opened = unit[order], seats[order], opened[order]
    person = roster.sitting(roster.draw(rng, unit, seats), opened // DAY)
    kind = rng.choice(len(KINDS), len(unit), p=MIX)
    outcome = _outcomes(rng, kind)
    answered = rhythm.after(opened, rng.lognormal(np.log(1.5), 1.0, len(unit)))
    resolved = _resolved(rng, kind, outcome, opened, rhythm)
    closed = np.where(kind >= ACTION, resolved, rhythm.after(resolved, rng.uniform(2, 24, len(unit))))
    reopened = _reopened(rng, tree, unit, kind, closed, rhythm)
    number = np.arange(1, len(unit) + 1)
    return Desk(number, unit, kind, person, opened, np.minimum(answered, resolved), resolved, closed, reopened, outcome)


def _outcomes(rng: np.random.Generator, kind: Ints) -> Ints:
    plain = rng.choice(4, len(kind), p=(0.92, 0.02, 0.03, 0.03))
    action = np.where(rng.random(len(kind)) < 0.05, 1, 0)
    tried = 4 + rng.choice(3, len(kind), p=TRIED)
    return np.where(kind == ACTION, action, np.where(kind == EXPERIMENT, tried, plain))


def _resolved(rng: np.random.Generator, kind: Ints, outcome: Ints, opened: Ints, rhythm: Rhythm) -> Ints:
    hours = np.array(WORKING_HOURS)[kind] * rng.lognormal(0, 1.0, len(kind))
    days = rng.lognormal(np.log(ACTION_DAYS), ACTION_SPREAD, len(kind))
    starts = np.where(kind == ACTION, opened + (days * DAY).astype(np.int64), opened)
    return rhythm.after(starts, np.where(kind == ACTION, rng.uniform(0.1, 4, len(kind)), hours))


def _reopened(rng: np.random.Generator, tree: Tree, unit: Ints, kind: Ints, closed: Ints, rhythm: Rhythm) -> Ints:
    """Closed work that comes back within 28 days: the planted departments' more often since their onset."""
    weeks = np.minimum(closed // (7 * DAY), rhythm.weeks - 1)
    base = np.full((len(tree.ids), rhythm.weeks), logit(REOPENED))
    base += rng.normal(0, 0.15, (len(tree.ids), 1)) + wander(rng, len(tree.ids), rhythm.weeks, 0.1)
    onset = rhythm.week(weeks_before(rhythm.today, REWORK_UP))
    for department in SAFETY_FALLS:
        base[tree.under(department), onset:] += logit(REOPENED_AFTER_PLANTED) - logit(REOPENED)
    base[tree.index(TEAM_OF_FOUR)] = logit(0.7)
    again = (rng.random(len(unit)) < shares(base)[unit, weeks]) & (kind < ACTION)
    waited = np.minimum(rng.exponential(7, len(unit)), 27) * DAY
    return np.where(again, rhythm.after(closed + waited.astype(np.int64), rng.uniform(0.1, 4, len(unit))), NEVER)


def tickets(rng: np.random.Generator, desk: Desk, tree: Tree, roster: Roster, rhythm: Rhythm) -> pl.DataFrame:
    """The canonical table of tickets."""
    count, back = len(desk.number), desk.reopened < rhythm.end
    done = desk.resolved < rhythm.end
    drawn, department = rng.zipf(1.4, count), 1000 * tree.above(desk.unit, 2)
    cause = np.where(drawn <= 30, drawn, 31 + drawn % 270) + department
    checked = rng.random(count) < CHECKED
    moments = np.stack([desk.opened, desk.answered, desk.resolved, desk.closed, desk.reopened])
    latest = np.where(moments < rhythm.end, moments, 0).max(axis=0)
    skill = np.where(rng.random(count) < 0.7, ((np.minimum(drawn, 30) + department // 10) * 7) % len(SKILLS), -1)
    return pl.DataFrame({
        "ticket": desk.id, "kind": pl.Series(KINDS).gather(desk.kind), "unit": tree.id.gather(desk.unit),
        "assignee": at(roster.mail, desk.person), "opened": rhythm.moment(desk.opened),
        "answered": rhythm.moment(desk.answered), "resolved": rhythm.moment(desk.resolved),
        "closed": rhythm.moment(desk.closed), "reopened": rhythm.moment(desk.reopened),
        "reopenings": pl.Series(back.astype(np.int64)),
        "cause": numbered("cause-", np.where(desk.kind < ACTION, cause, -1)),
        "outcome": at(pl.Series(OUTCOMES), np.where(done, desk.outcome, -1)),
        "verified": pl.Series(checked).set(pl.Series((desk.kind != ACTION) | ~done), None),
        "skill": at(pl.Series(SKILLS), skill), "changed": rhythm.moment(latest),
    })  # fmt: skip


def moves(rng: np.random.Generator, desk: Desk, tree: Tree, roster: Roster, rhythm: Rhythm) -> pl.DataFrame:
    """The canonical table of moves: assigned, commented, reviewed, reopened."""
    every = np.arange(len(desk.number))
    taken = np.minimum(rhythm.after(desk.opened, rng.exponential(0.5, len(every))), desk.answered)
    said = np.repeat(every, rng.poisson(0.5, len(every)))
    life = np.minimum(desk.resolved, rhythm.end)[said] - desk.opened[said]
    when = desk.opened[said] + (rng.random(len(said)) * life).astype(np.int64)
    looked = every[np.isin(desk.kind, (2, REVIEW)) & (rng.random(len(every)) < 0.7)]
    back = every[desk.reopened < rhythm.end]
    ticket = np.concatenate([every, said, looked, back])
    moved = np.concatenate([taken, when, desk.resolved[looked], desk.reopened[back]])
    action = np.repeat(np.arange(4), [len(every), len(said), len(looked), len(back)])
    others = _colleague(rng, desk.unit[ticket], moved, roster, rhythm)
    own = (action == 0) | ((action == 1) & (rng.random(len(action)) < 0.6))
    frame = pl.DataFrame({
        "move": numbered("desk:m", np.arange(1, len(ticket) + 1)), "ticket": desk.id.gather(ticket),
        "person": at(roster.mail, np.where(own, desk.person[ticket], others)),
        "action": pl.Series(("assigned", "commented", "reviewed", "reopened")).gather(action),
        "moved": rhythm.moment(moved), "unit": tree.id.gather(desk.unit[ticket]),
    })  # fmt: skip
    return frame.filter(pl.col("moved").is_not_null()).with_columns(changed="moved")


def _colleague(rng: np.random.Generator, unit: Ints, when: Ints, roster: Roster, rhythm: Rhythm) -> Ints:
    """Somebody of the same unit who sat there then."""
    week = np.clip(when // (7 * DAY), 0, rhythm.weeks - 1)
    seats = np.maximum(roster.open(np.arange(rhythm.weeks) * 7)[unit, week], 1)
    return roster.sitting(roster.draw(rng, unit, seats), when // DAY)

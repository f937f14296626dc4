"""The surveys of the made-up company: quarterly waves, respondents under ids of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from connectors.company.people import Roster
from connectors.company.planted import FIRST_WAVE_DOWN, SAFETY_FALLS, TEAM_OF_FOUR, WAVE_EVERY, weeks_before
from connectors.company.rhythm import DAY, Floats, Ints, Rhythm, numbered
from connectors.company.tree import Tree

SURVEY = "pulse"
SPREAD = 0.9
ICC = 0.12
FELT = 0.8
RELIABLE = 0.85
SHIFT = -0.73
RESPONSE = 0.65
SKIPPED = 0.012


@dataclass(frozen=True)
class Construct:
    """A scale: its items, which of them are reversed, its ends and its usual mean."""

    name: str
    items: int
    reversed: tuple[int, ...]
    high: int
    mean: float


SAFETY = Construct("psychological_safety", 7, (1, 3, 5), 7, 5.05)
OTHERS = (Construct("team_learning_behaviour", 4, (2,), 5, 3.6), Construct("reinforcing_leadership", 4, (), 5, 3.7))
EVERY_WAVE = (SAFETY, *OTHERS)


@dataclass(frozen=True)
class Wave:
    """Who was invited to one wave, in which unit, and who answered."""

    day: int
    person: Ints
    unit: Ints
    answers: Ints


def waves(rhythm: Rhythm) -> list[int]:
    """The days of the waves: Tuesdays, a quarter apart, one of them the first after the planted fall."""
    first = rhythm.week(weeks_before(rhythm.today, FIRST_WAVE_DOWN)) % WAVE_EVERY
    return [week * 7 + 1 for week in range(first, rhythm.weeks, WAVE_EVERY) if week * 7 + 15 < rhythm.days]


def ask(rng: np.random.Generator, roster: Roster, rhythm: Rhythm) -> list[Wave]:
    """Invite everybody who is there; the same people tend to answer."""
    habit = rng.normal(0, 0.9, len(roster.joined))
    found = []
    for day in waves(rhythm):
        there = np.flatnonzero((roster.first <= day) & (day < roster.last))
        person, unit = roster.person[there], roster.unit[roster.seat[there]]
        chance = 1 / (1 + np.exp(-(np.log(RESPONSE / (1 - RESPONSE)) * 1.15 + habit[person])))
        found.append(Wave(day, person, unit, np.flatnonzero(rng.random(len(person)) < chance)))
    return found


def _respondents(rng: np.random.Generator, roster: Roster) -> pl.Series:
    return numbered("S", rng.permutation(len(roster.joined)) + 100_000)


def invitations(
    rng: np.random.Generator, asked: list[Wave], tree: Tree, roster: Roster, rhythm: Rhythm
) -> pl.DataFrame:
    """The canonical table of invitations."""
    token = _respondents(rng, roster)
    return pl.concat(
        pl.DataFrame({"respondent": token.gather(wave.person), "unit": tree.id.gather(wave.unit)}).with_columns(
            survey=pl.lit(SURVEY), wave=pl.lit(rhythm.date(np.array([wave.day]))[0]),
            changed=pl.lit(rhythm.moment(np.array([wave.day * DAY]))[0]))
        for wave in asked
    )  # fmt: skip


def answers(
    rng: np.random.Generator, tokens: np.random.Generator, asked: list[Wave], tree: Tree, roster: Roster,
    rhythm: Rhythm, constructs: tuple[Construct, ...] = EVERY_WAVE,
) -> pl.DataFrame:  # fmt: skip
    """The canonical table of answers; `tokens` is the chance that gave the invitations their ids."""
    token = _respondents(tokens, roster)
    people, units, frames = len(roster.joined), len(tree.ids), []
    for construct in constructs:
        feels = rng.normal(0, SPREAD * np.sqrt(RELIABLE - ICC), people)
        climate = rng.normal(0, SPREAD * np.sqrt(ICC), units)
        ease = rng.normal(0, 0.25, construct.items)
        for wave in asked:
            who, unit = wave.person[wave.answers], wave.unit[wave.answers]
            mood = rng.normal(0, SPREAD * np.sqrt(RELIABLE - ICC), len(who))
            felt = construct.mean + climate[unit] + np.sqrt(FELT) * feels[who] + np.sqrt(1 - FELT) * mood
            felt += _planted(construct, tree, unit, wave.day, rhythm)
            scores = _scores(rng, construct, felt, ease)
            frames.append(_rows(rng, construct, scores, token.gather(who), tree.id.gather(unit), wave.day, rhythm))
    return pl.concat(frames)


def _planted(construct: Construct, tree: Tree, unit: Ints, day: int, rhythm: Rhythm) -> Floats:
    """The fall of the planted departments, and the telling answers of the team of four."""
    if construct is not SAFETY:
        return np.zeros(len(unit))
    fallen = np.isin(unit, np.concatenate([tree.under(department) for department in SAFETY_FALLS]))
    since = day >= rhythm.day(weeks_before(rhythm.today, FIRST_WAVE_DOWN))
    return np.asarray(SHIFT * fallen * since - 4.0 * (unit == tree.index(TEAM_OF_FOUR)))


def _scores(rng: np.random.Generator, construct: Construct, felt: Floats, ease: Floats) -> Ints:
    """Answers as given: whole points, reversed items turned round."""
    slip = SPREAD * np.sqrt((1 - RELIABLE) * construct.items)
    given = felt[:, None] + ease + rng.normal(0, slip, (len(felt), construct.items))
    points = np.clip(given.round(), 1, construct.high).astype(np.int64)
    turned = np.isin(np.arange(1, construct.items + 1), construct.reversed)
    return np.where(turned, 1 + construct.high - points, points)


def _rows(
    rng: np.random.Generator, construct: Construct, scores: Ints, token: pl.Series, unit: pl.Series, day: int,
    rhythm: Rhythm,
) -> pl.DataFrame:  # fmt: skip
    count, items = len(scores), construct.items
    person = np.repeat(np.arange(count), items)
    number = np.tile(np.arange(1, items + 1), count)
    given = (day + rng.integers(0, 12, count)) * DAY + 10 * 3600
    frame = pl.DataFrame({
        "respondent": token.gather(person), "unit": unit.gather(person),
        "item": numbered(construct.name + "_", number), "score": pl.Series(scores.ravel()).cast(pl.Float64),
        "reversed": pl.Series(np.isin(number, construct.reversed)), "changed": rhythm.moment(given[person]),
    }).with_columns(
        survey=pl.lit(SURVEY), wave=pl.lit(rhythm.date(np.array([day]))[0]), construct=pl.lit(construct.name),
        low=pl.lit(1.0), high=pl.lit(float(construct.high)))  # fmt: skip
    return frame.filter(pl.Series(rng.random(len(person)) >= SKIPPED))

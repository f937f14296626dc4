"""The five scores: which indicators make each, and between which fixed values an indicator counts from 0 to 100."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from hashlib import sha256
from typing import Any

import polars as pl

HOUSE = "1"  # raise it with every change of SCORES below
CHOSEN = "set by the organisation"


@dataclass(frozen=True)
class Part:
    """One indicator of a score: `low` counts 0 and `high` 100, in the unit of the screen; `why` those values."""

    indicator: str
    low: float
    high: float
    why: str
    weight: float = 1.0


@dataclass(frozen=True)
class Score:
    """A score by name: the question it answers and its parts, of the same weight unless an organisation says."""

    name: str
    title: str
    question: str
    parts: tuple[Part, ...]

    @property
    def weights(self) -> dict[str, float]:
        """What each part counts for; together 1."""
        whole = sum(part.weight for part in self.parts)
        return {part.indicator: part.weight / whole for part in self.parts}


SCALE = "policy: the span in which most team means of such surveys lie"
SCORES = (
    Score("climate", "Climate", "Can people learn here?", (
        Part("psychological_safety", 40, 85, SCALE),
        Part("supportive_environment", 40, 85, SCALE),
        Part("reinforcing_leadership", 40, 85, SCALE),
    )),
    Score("knowledge", "Knowledge reuse", "Do we use what we know?", (
        Part("knowledge_reuse", 10, 70, "policy: a plateau of 60 to 80 % is what KCS sees at maturity"),
        Part("cross_team_reuse", 10, 70, "policy"),
        Part("time_to_publish", 0, 90, "KCS 90/0: nine in ten at once"),
        Part("link_accuracy", 60, 95, "KCS: 90 % and more"),
    )),
    # N1 adjusted for size: ties per person. The density falls by itself when an organisation grows. A z value against
    # chance does not, but it grows with the number of ties seen: of two teams that do the same, the larger has the
    # higher z, and no fixed goalpost fits both. People elsewhere per person mean the same in a team of 8 and of 800.
    Score("connection", "Connection", "Do people reach one another?", (
        Part("cross_team_degree", 0, 6, "policy: half a dozen people elsewhere"),
        Part("bridge_redundancy", 100, 30, "policy: fewer is better"),
        Part("question_answered", 40, 95, "policy"),
        Part("load_concentration", 60, 15, "Cross, Rebele & Grant 2016: a third on one in twenty is overload"),
    )),
    Score("reflection", "Reflection to action", "Do lessons become deeds?", (
        Part("action_completion", 20, 90, "policy"),
        Part("learning_latency", 20, 90, "policy"),
        Part("action_sincerity", 20, 90, "policy"),
        Part("experiment_codification", 10, 80, "policy"),
    )),
    Score("skills", "Skill readiness", "Will we have the skills we need?", (
        Part("skill_coverage", 40, 95, "policy"),
        Part("skill_shortage", 60, 5, "policy: fewer is better"),
        Part("plan_alignment", 30, 90, "policy"),
        Part("time_to_proficiency", 10, 80, "policy"),
    )),
)  # fmt: skip
BY_NAME = {score.name: score for score in SCORES}


class GoalpostError(ValueError):
    """Own goalposts that cannot be: `where` names the score and the indicator."""

    def __init__(self, where: tuple[str, ...], words: str) -> None:
        super().__init__(words)
        self.where = where


@dataclass(frozen=True)
class Goalposts:
    """All scores with their goalposts and weights; another `version` with every change of a number in them."""

    scores: tuple[Score, ...] = SCORES

    @classmethod
    def own(cls, given: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Goalposts:
        """The house's scores with what an organisation sets: `{score: {indicator: {low, high, weight, why}}}`."""
        for name in given:
            if name not in BY_NAME:
                raise GoalpostError((name,), f"is no score{near(name, BY_NAME)}")
        return cls(tuple(_changed(score, given.get(score.name, {})) for score in SCORES))

    @property
    def version(self) -> str:
        return HOUSE if self.digest == Goalposts().digest else f"own {self.digest}"

    @property
    def digest(self) -> str:
        """What stands in it, as eight letters; two that count alike are the same."""
        said = [
            (score.name, part.indicator, float(part.low), float(part.high), round(score.weights[part.indicator], 12))
            for score in self.scores
            for part in score.parts
        ]
        return sha256(repr(said).encode()).hexdigest()[:8]

    @property
    def frame(self) -> pl.DataFrame:
        """`score, place, indicator, weight, low_post, high_post, why`, a row for each part."""
        rows = [
            (score.name, at, one.indicator, score.weights[one.indicator], float(one.low), float(one.high), one.why)
            for score in self.scores
            for at, one in enumerate(score.parts)
        ]
        shape = {"score": pl.String, "place": pl.Int64, "indicator": pl.String, "weight": pl.Float64,
                 "low_post": pl.Float64, "high_post": pl.Float64, "why": pl.String}  # fmt: skip
        return pl.DataFrame(rows, schema=shape, orient="row")


def near(word: str, known: Mapping[str, Any]) -> str:
    """`; did you mean X? (it has A, B)`."""
    close = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"{f'; did you mean {close[0]}?' if close else ''} (there are {', '.join(known)})"


def _changed(score: Score, given: Mapping[str, Mapping[str, Any]]) -> Score:
    known = {part.indicator: part for part in score.parts}
    for name in given:
        if name not in known:
            raise GoalpostError((score.name, name), f"is no part of this score{near(name, known)}")
    parts = tuple(
        _part(score, part, given[part.indicator]) if part.indicator in given else part for part in score.parts
    )
    if sum(part.weight > 0 for part in parts) < 2:
        raise GoalpostError((score.name,), "keeps fewer than two parts with a weight over 0; a score takes two")
    return replace(score, parts=tuple(part for part in parts if part.weight > 0))


def _part(score: Score, part: Part, given: Mapping[str, Any]) -> Part:
    where = (score.name, part.indicator)
    asked = {name: value for name, value in given.items() if value is not None}
    made = replace(part, **({"why": CHOSEN} | asked))
    if not all(math.isfinite(number) for number in (made.low, made.high, made.weight)):
        raise GoalpostError(where, "has a low, high or weight that is no number")
    if made.weight < 0:
        raise GoalpostError(where, f"has a weight of {made.weight:g}; it must be 0 (left out) or more")
    if made.low == made.high:
        raise GoalpostError(where, f"has nothing between low and high, both are {made.low:g}")
    if (made.low < made.high) != (part.low < part.high):
        better = "more" if part.low < part.high else "less"
        told = "under" if better == "more" else "over"
        raise GoalpostError(where, f"counts the wrong way: {better} is better here, so low must be {told} high")
    return made

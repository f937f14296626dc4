"""Goalposts are fixed, point the right way, and have another version with every change."""

from pathlib import Path

import pytest

from dashboard import words
from metrics.goalposts import HOUSE, SCORES, GoalpostError, Goalposts
from metrics.indicator import indicators


def test_each_part_is_an_indicator_and_points_its_way():
    every = indicators()
    for score in SCORES:
        for part in score.parts:
            assert (every[part.indicator].better == "up") == (part.low < part.high), part.indicator


def test_the_five_scores_are_those_of_the_plan():
    every = indicators()
    codes = {score.name: [every[part.indicator].code for part in score.parts] for score in SCORES}
    assert codes["climate"] == ["C1", "C2", "C4"]
    assert codes["knowledge"] == ["K2", "K8", "K4", "K6"]
    assert codes["connection"] == ["N1", "N4", "N7", "N9"]
    assert codes["reflection"] == ["R2", "R4", "R5", "R7"]
    assert codes["skills"] == ["S1", "S3", "S4", "S5"]


def test_a_change_of_the_houses_numbers_needs_another_version():
    assert (HOUSE, Goalposts().digest) == ("1", "421d0a08")
    assert Goalposts().version == "1"


def test_weights_are_equal_unless_somebody_says():
    assert SCORES[0].weights["psychological_safety"] == pytest.approx(1 / 3)
    own = Goalposts.own({"climate": {"psychological_safety": {"weight": 2}}})
    assert list(own.scores[0].weights.values()) == pytest.approx([0.5, 0.25, 0.25])
    assert own.version != "1" and own.version.startswith("own ")


def test_own_goalposts_change_only_what_is_said():
    own = Goalposts.own({"knowledge": {"link_accuracy": {"low": 50, "high": 90}}})
    changed = {part.indicator: part for part in own.scores[1].parts}
    assert (changed["link_accuracy"].low, changed["link_accuracy"].high) == (50, 90)
    assert changed["link_accuracy"].why == "set by the organisation"
    assert own.scores[0] == SCORES[0]
    assert Goalposts.own({}).version == "1"
    assert Goalposts.own({"knowledge": {"link_accuracy": {"low": 60, "high": 95}}}).version == "1"


def test_a_part_without_weight_is_left_out():
    own = Goalposts.own({"climate": {"supportive_environment": {"weight": 0}}})
    assert [part.indicator for part in own.scores[0].parts] == ["psychological_safety", "reinforcing_leadership"]


@pytest.mark.parametrize(
    ("given", "where", "words"),
    [
        ({"climat": {}}, ("climat",), "did you mean climate"),
        ({"climate": {"link_rate": {}}}, ("climate", "link_rate"), "no part of this score"),
        (
            {"climate": {"psychological_safety": {"low": 50, "high": 50}}},
            ("climate", "psychological_safety"),
            "nothing",
        ),
        (
            {"climate": {"psychological_safety": {"low": 90}}},
            ("climate", "psychological_safety"),
            "more is better here",
        ),
        ({"connection": {"load_concentration": {"low": 5}}}, ("connection", "load_concentration"), "less is better"),
        (
            {"climate": {"psychological_safety": {"weight": -1}}},
            ("climate", "psychological_safety"),
            "0 \\(left out\\)",
        ),
        (
            {"climate": {"psychological_safety": {"high": float("nan")}}},
            ("climate", "psychological_safety"),
            "no number",
        ),
        (
            {"climate": {"psychological_safety": {"weight": 0}, "supportive_environment": {"weight": 0}}},
            ("climate",),
            "takes two",
        ),
    ],
)
def test_goalposts_that_cannot_be_say_what_and_where(given, where, words):
    with pytest.raises(GoalpostError, match=words) as error:
        Goalposts.own(given)
    assert error.value.where == where


def test_the_document_gives_the_goalposts_that_are_used():
    every, told = indicators(), (Path(__file__).parents[2] / "docs" / "scores.md").read_text()
    for score in SCORES:
        for part in score.parts:
            one = every[part.indicator]
            low, high = (f"{post:g} {words.SAID.get(one.unit, one.unit)}" for post in (part.low, part.high))
            assert f"| {score.title} | {one.title} ({one.code}) | {low} | {high} |" in told

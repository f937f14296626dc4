"""Psychological safety: items turned round, too many missing, scales not mixed, and change since the wave before."""

from datetime import date

import pytest

from tests.metrics.facts import evidence, reading

WAVE, NEXT = date(2026, 3, 4), date(2026, 6, 3)


def answers(who, scores, wave=WAVE, unit="east", turned=(1, 3, 5), high=7.0, construct="psychological_safety"):
    return [
        {"survey": "pulse", "wave": wave, "respondent": who, "item": f"q{n}", "unit": unit, "construct": construct,
         "score": score, "low": 1.0, "high": high, "reversed": n in turned}
        for n, score in enumerate(scores, 1)
    ]  # fmt: skip


def sums(*respondents):
    rows = [row for respondent in respondents for row in respondent]
    return evidence("psychological_safety", answers=rows).rows(named=True)


def test_the_worked_example(worked):
    example = worked("ps7_scoring")
    raw = example["inputs"]["raw_item_answers"]
    found = sums(answers("r", raw))[0]
    assert found["total"] == pytest.approx(example["expected"]["pomp_0_100"], abs=1e-5)
    assert [found[f"sum_{n}"] for n in range(1, 8)] == example["expected"]["recoded"]
    assert (found["week"], found["unit"], found["people"], found["count"]) == (date(2026, 3, 2), "east", 1, 1)


def test_two_of_seven_missing_are_borne_and_three_not():
    assert sums(answers("r", [1, 7, 1, 7, 1, None, None]))[0]["total"] == pytest.approx(100.0)
    assert sums(answers("r", [1, 7, 1, 7, None, None, None])) == []


def test_an_item_left_out_of_the_table_is_as_missing_as_one_without_a_score():
    every = answers("full", [4] * 7)
    assert sums(every, answers("r", [1, 7, 1, 7, 1]))[0]["count"] == 2
    assert sums(every, answers("r", [1, 7, 1, 7]))[0]["count"] == 1


def test_who_left_an_item_out_has_a_score_and_no_part_in_the_reliability():
    found = sums(answers("a", [4] * 7), answers("b", [4] * 6 + [None]))[0]
    assert (found["count"], found["complete"], found["sum_1"], found["product_1_2"]) == (2, 1, 4.0, 16.0)


def test_scales_of_different_length_are_never_mixed_the_commonest_is_kept():
    five = answers("five", [5] * 7, turned=(), high=5.0)
    found = sums(five, answers("a", [4] * 7), answers("b", [4] * 7))[0]
    assert (found["count"], found["total"]) == (2, 100.0)


def test_other_constructs_are_other_indicators():
    assert sums(answers("r", [4] * 7, construct="leadership")) == []


def test_the_change_since_ones_own_wave_before_is_kept():
    first = answers("a", [4] * 7, turned=()), answers("b", [4] * 7, turned=())
    second = answers("a", [7] * 7, NEXT, turned=()), answers("new", [1] * 7, NEXT, turned=())
    before, after = sums(*first, *second)
    assert (before["matched"], before["moved"]) == (0, 0.0)
    assert (after["matched"], after["moved"], after["moved_squares"]) == (1, 50.0, 2500.0)


def test_a_team_is_one_group_of_the_analysis_of_variance():
    found = sums(answers("a", [4] * 7), answers("b", [7] * 7, turned=()), answers("c", [1] * 7, unit="west", turned=()))
    east, west = found
    assert (east["groups"], east["between"], east["size_squares"]) == (1, 150.0**2 / 2, 4)
    assert (west["groups"], west["between"], west["size_squares"]) == (1, 0.0, 1)


def test_a_wave_is_read_by_itself_never_rolled_into_the_next():
    rows = [row for n in range(8) for row in answers(f"r{n}", [4] * 7)]
    found = reading("psychological_safety", answers=rows)
    assert [(row["week"], row["value"], row["n"], row["mark"]) for row in found] == [(date(2026, 3, 2), 50.0, 8, "")]

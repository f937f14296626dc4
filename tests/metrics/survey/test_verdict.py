"""The verdicts in words, at and around the limits of the field."""

import pytest

from metrics.survey.verdict import changing, comparing, decimal, mark, reliance, sharing, signed

FINE = {
    "split": 0, "team": False, "alpha": 0.84, "response": 66.2, "of": "invited", "items": 7, "teams": 40, "points": 7,
    "r_star": 0.74, "ad": 0.8, "icc1": 0.12, "icc_p": 0.001, "icc2": 0.72, "team_size": 12.4, "apart": "",
    "change": -9.2, "change_low": -12.0, "change_high": -6.4, "detectable": 4.1, "moved_items": "",
    "held_change": None, "aggregate": "yes",
}  # fmt: skip


@pytest.mark.parametrize(
    ("but", "verdict", "words"),
    [
        ({}, "yes", "This number can be relied on: 66 % answered and the questions go together (alpha .84)."),
        ({"alpha": 0.62}, "care", "the questions hardly go together (alpha .62)"),
        ({"alpha": 0.41}, "no", "Do not rely on this number"),
        ({"response": 49.9}, "care", "only 50 % answered"),
        (
            {"response": None},
            "unknown",
            "The questions go together (alpha .84); but it is not known how many were asked.",
        ),
        ({"response": None, "alpha": None}, "unknown", "It is not known how many were asked."),
        ({"alpha": None}, "yes", "too few here to test whether the questions go together"),
        ({"of": "employed"}, "yes", "66 % of those employed answered"),
        ({"team": True, "split": 1}, "no", "split into two camps"),
    ],
)
def test_reliance(but, verdict, words):
    found, said = reliance(FINE | but)
    assert found == verdict
    assert words in said


@pytest.mark.parametrize(
    ("but", "verdict"),
    [({}, "yes"), ({"r_star": 0.69}, "care"), ({"icc_p": 0.2}, "care"), ({"r_star": 0.50}, "no"), ({"ad": 1.2}, "no"),
     ({"icc1": -0.02, "icc_p": 0.7}, "no"), ({"teams": 9}, "unknown"), ({"icc1": None}, "unknown")],
)  # fmt: skip
def test_single_teams(but, verdict):
    assert sharing(FINE, FINE | but)[0] == verdict


@pytest.mark.parametrize(
    ("icc2", "verdict"),
    [(0.7, "yes"), (0.698, "yes"), (0.69, "care"), (0.5, "care"), (0.49, "no"), (-0.3, "no"), (None, "unknown")],
)
def test_teams_are_compared_by_icc_2_as_it_is_written(icc2, verdict):
    assert comparing(("yes", ""), FINE | {"icc2": icc2})[0] == verdict


def test_what_is_not_told_of_teams_is_not_compared_between_them():
    assert comparing(("no", ""), FINE) == ("no", "Teams may not be compared: this does not tell of single teams.")


@pytest.mark.parametrize(
    ("but", "verdict", "words"),
    [
        ({}, "yes", "This is a change: −9.2 of 100 (likely −12.0 to −6.4)"),
        ({"change": 3.0, "change_low": 0.5, "change_high": 5.5}, "no", "less than 4.1 cannot be told from chance"),
        ({"change": 5.0, "change_low": -0.1, "change_high": 10.1}, "no", "No clear change: +5.0"),
        ({"apart": "first"}, "unknown", "the first survey with these questions"),
        ({"apart": "series"}, "unknown", "a new series begins"),
        ({"apart": "few"}, "unknown", "See the unit above"),
        ({"change": None}, "unknown", "cannot be said"),
        (
            {"moved_items": "q5", "held_change": -8.0},
            "yes",
            "without the questions that moved apart from the others (q5)",
        ),
        ({"moved_items": "q5", "held_change": -1.0}, "no", "Not called a change"),
        ({"moved_items": "q5", "held_change": 6.0}, "no", "Not called a change"),
    ],
)
def test_a_change(but, verdict, words):
    found, said = changing(FINE | but)
    assert found == verdict
    assert words in said


def test_marks_of_teams_and_of_low_response():
    team = FINE | {"team": True}
    assert mark(team) == ""
    assert mark(team | {"split": 1}) == "split"
    assert mark(team | {"aggregate": "no"}) == "not shared"
    assert mark(team | {"aggregate": "care"}) == "with care"
    assert mark(FINE | {"aggregate": "no"}) == ""
    assert mark(FINE | {"response": 40.0}) == "directional"


def test_numbers_as_the_field_writes_them():
    assert [decimal(one) for one in (0.84, -0.05, 1.0)] == [".84", "-.05", "1.00"]
    assert [signed(one) for one in (2.14, -0.44, 0.01, -0.01)] == ["+2.1", "−0.4", "0.0", "0.0"]

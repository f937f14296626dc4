"""A public contributor survey of 2018, exported from SurveyMonkey: counts made with Python's own csv reader."""

import csv
import statistics
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from connectors.source import kinds
from metrics import scales
from tests.metrics.survey.made import published

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "survey_k8s_contributors"
FILE = "contribex-survey-2018.csv"
WEEK = date(2018, 9, 24)
ITEMS = ("Use freq: Slack", "Blocker: Code/Doc review", "Useful@ThursMtg: Demo")

pytestmark = pytest.mark.skipif(
    not (FOLDER / FILE).exists(),
    reason=f"{FILE} of survey_k8s_contributors is not beside the repository (kubernetes/community)",
)


@pytest.fixture(scope="module")
def answers():
    items = [{"item": text, "construct": "contributing", "text": text, "low": 1, "high": 5} for text in ITEMS]
    source = kinds()["surveymonkey"](
        "contributors", {"folder": str(FOLDER), "path": FILE, "unit": "World Region", "items": items}
    )
    (page,) = source.streams()[0].read(None)
    return page.rows


@pytest.fixture(scope="module")
def lines():
    with (FOLDER / FILE).open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("item", ITEMS)
def test_an_item_has_the_answers_that_the_file_has(answers, lines, item):
    given = [line[item].strip() for line in lines]
    points = [float(one) for one in given if one in ("1", "2", "3", "4", "5")]
    found = answers.filter(pl.col("item") == item, pl.col("refused").is_null())["score"].drop_nulls()
    assert found.len() == len(points) > 60
    assert found.mean() == pytest.approx(sum(points) / len(points))


def test_every_respondent_who_answered_is_there_once(answers, lines):
    assert len(lines) == 160
    said = {
        line["Respondent ID"]
        for line in lines
        if any(line[item].strip() in "12345" and line[item].strip() for item in ITEMS)
    }
    assert set(answers.filter(pl.col("score").is_not_null())["respondent"]) == said


def test_no_label_is_odd(answers):
    assert answers["refused"].null_count() == answers.height


BLOCKERS = ("Code/Doc review", "Communication", "Finding a/the right SIG", "Debugging test failures",
            "Finding issues to work on", "Setting up dev env", "Having PRs rejected")  # fmt: skip


@pytest.fixture(scope="module")
def surroundings():
    """Seven things that may stand in a contributor's way, turned round: few of them is a supportive environment."""
    scale = {"construct": "supportive_environment", "low": 1, "high": 5, "reversed": True}
    items = [scale | {"item": one, "text": f"Blocker: {one}"} for one in BLOCKERS]
    said = {"folder": str(FOLDER), "path": FILE, "everyone": "contributors", "wave": "2018-09-28", "items": items}
    (page,) = kinds()["surveymonkey"]("contributors", said).streams()[0].read(None)
    rows = page.rows.filter(pl.col("refused").is_null())
    return published(rows, {"contributors": "project"}, name="supportive_environment", since=WEEK).told


def test_seven_blockers_turned_round_are_a_scale_with_a_consistency(surroundings, lines):
    row = surroundings.rows.filter(unit="contributors").row(0, named=True)
    points = [[line[f"Blocker: {one}"].strip() for one in BLOCKERS] for line in lines]
    given = [[6.0 - float(one) if one in "12345" and one else None for one in told] for told in points]
    counted = [told for told in given if sum(one is None for one in told) <= 2]
    complete = [told for told in counted if None not in told]
    assert row["n"] == len(counted) > 90
    assert row["alpha"] == pytest.approx(float(scales.alpha(scales.covariance(complete))))
    assert 0.6 < row["alpha"] < 0.95
    scored = [statistics.mean(one for one in told if one is not None) for told in counted]
    assert row["mean"] == pytest.approx(statistics.mean(scored))
    assert (row["points"], row["items"], row["response"]) == (5, 7, None)


def test_each_blocker_goes_with_the_others(surroundings):
    items = surroundings.items.filter(unit="contributors")
    assert set(items["item"]) == set(BLOCKERS)
    assert items["reversed"].all()
    assert items["rest"].min() > 0.15

"""The page of a survey: the verdicts first, the evidence folded, what is withheld said, what people do beside it."""

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
from edition import TODAY, UNITS, WEEKS, edition
from test_screen import opened, settings, text  # noqa: F401

from connectors.store.memory import Memory
from dashboard import charts, survey_words
from metrics.indicator import indicators
from metrics.survey.evidence import ITEMS, ROWS
from metrics.survey.separation import MARK

SAFETY = "psychological_safety"
WAVES = WEEKS[::13]
BASE = {
    "indicator": SAFETY, "series": 1, "points": 7, "items": 7, "low": 1.0, "high": 7.0, "n": 120, "mean": 5.26,
    "favourable": 61.0, "of": "invited", "invited": 180, "response": 66.7, "answered": 98.4, "gap": 2.1, "gap_d": 0.05,
    "representative": 0.93, "weighted": 70.4, "worst_low": 47.0, "worst_high": 80.0, "alpha": 0.84, "alpha_low": 0.8,
    "alpha_high": 0.88, "alpha_within": 0.81, "omega": 0.85, "left_over": 0.031, "rest_low": 0.44,
    "rest_straight": 0.61, "rest_reversed": 0.41, "teams": 14, "r_star": 0.72, "r_star_skew": 0.6, "rwg": 0.95,
    "rwg_skew": 0.91, "ad": 0.86, "agreed": 57.0, "split": 1, "icc1": 0.08, "icc2": 0.45, "icc_p": 0.01,
    "team_size": 9.4, "team": False, "apart": "", "change": -9.0, "change_low": -12.0, "change_high": -6.0,
    "detectable": 4.2, "moved_items": "", "rely": "yes", "aggregate": "yes", "compare": "no", "changed": "yes",
    "rely_words": "This number can be relied on: 67 % answered.", "aggregate_words": "It may be told of single teams.",
    "compare_words": "Teams may not be compared: not reliable.", "change_words": "This is a change: −9.0 of 100.",
}  # fmt: skip


def evidence():
    teams = ("desk", "success", "platform", "payments", "mobile", "north", "south")
    rows = [BASE | {"unit": unit, "week": week, "then": week - timedelta(weeks=13), "team": unit in teams}
            for unit, *_ in UNITS for week in WAVES]  # fmt: skip
    rows += [BASE | {"unit": "Skunkworks Four", "week": WAVES[-1], "rely_words": "CANARY"}]
    return pl.DataFrame(rows, schema=ROWS)


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('survey')}/memory.db"
    item = {"indicator": SAFETY, "unit": "acme", "week": WAVES[-1], "reversed": True, "rest": 0.41, "moved": False}
    said = {"indicator": "help_seeking", "unit": "acme", "week": WAVES[-1], "says": "up", "does": "down"}
    made = replace(
        edition(),
        surveys=evidence(),
        survey_items=pl.DataFrame([item | {"item": "q1"}], schema=ITEMS),
        agreements=pl.DataFrame(
            [said | {"flag": "disagree", "words": "People say they feel safer, but they ask less."}]
        ),
    )
    marked = pl.when(unit="desk", indicator=SAFETY)
    made = replace(made, cells=made.cells.with_columns(
        value=marked.then(None).otherwise("value"), mark=marked.then(pl.lit("split")).otherwise("mark")))  # fmt: skip
    same = pl.when(unit="success", indicator=SAFETY)
    made = replace(made, cells=made.cells.with_columns(
        value=same.then(None).otherwise("value"), mark=same.then(pl.lit(MARK)).otherwise("mark")))  # fmt: skip
    Memory.open(url).publish(made)
    return url


def test_the_four_verdicts_stand_in_sentences_before_their_evidence(settings, url):  # noqa: F811
    settings(url)
    page = opened(SAFETY)
    said = text(page)
    assert "May this be trusted?" in said and said.index("This number can be relied on") < said.index("is a change")
    assert said.index("It may be told of single teams") < said.index("Teams may not be compared")
    for part in ("Alpha .84 (95 % .80 to .88)", "omega .85", "ICC(2) .45", "67 %, reportable", "R .93", "SRMR",
                 "1 is split into two camps", "smallest told from none: 4.2", "may have missed the turn"):  # fmt: skip
        assert part in said, part
    assert "q1" in str([one.value.to_dict() for one in page.dataframe])


def test_what_people_do_stands_beside_on_both_pages(settings, url):  # noqa: F811
    settings(url)
    for page in (SAFETY, "help_seeking"):
        assert "People say they feel safer, but they ask less." in text(opened(page))
    assert "they ask less" not in text(opened("link_rate"))


def test_teams_that_may_not_be_compared_are_not_drawn_side_by_side(settings, url):  # noqa: F811
    settings(url)
    page = text(opened(SAFETY, unit="care"))
    assert "Teams may not be compared" in page
    assert "The order is that of the tree" not in page
    assert "The order is that of the tree" in text(opened(SAFETY))


def test_a_withheld_number_says_why_on_its_page_and_on_the_overview(settings, url):  # noqa: F811
    settings(url)
    page = text(opened(SAFETY, unit="desk"))
    assert "Not told" in page and "split into two camps" in page
    assert "split team, not told" in text(opened("", unit="desk"))


def test_answers_that_cannot_be_told_apart_from_others_have_no_verdict_of_their_own(settings, url):  # noqa: F811
    settings(url)
    page = text(opened(SAFETY, unit="success"))
    assert "cannot be told apart from those on psychological safety" in page
    assert "May this be trusted?" not in page and "This is a change" not in page


def test_a_unit_that_is_not_listed_has_no_evidence(settings, url):  # noqa: F811
    settings(url)
    assert "CANARY" not in text(opened(SAFETY, unit="Skunkworks Four"))


def test_no_line_joins_two_series():
    cells = edition().cells.filter(indicator=SAFETY, unit="acme").sort("week")
    cut = cells.with_columns(series=pl.when(pl.col("week") < WAVES[4]).then(1).otherwise(2))
    drawn = charts.points(cut, indicators()[SAFETY])
    assert drawn["stretch"].n_unique() == 2
    assert charts.points(cells, indicators()[SAFETY])["stretch"].n_unique() == 1


@pytest.mark.parametrize("lacking", ["alpha", "response", "icc1", "teams", "change", "gap", "favourable", "detectable"])
def test_whatever_is_unknown_the_evidence_can_be_told(lacking):
    told = survey_words.drawer(BASE | {lacking: None, "then": None}, "survey of the week of 1 Jun", "")
    assert all(isinstance(one, str) and "None" not in one for one in told.values())


def test_the_edition_is_as_of(url):
    assert Memory.open(url).edition().as_of == TODAY

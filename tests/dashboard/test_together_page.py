"""Who works with whom, on the page of cross-team ties: a sentence, a square of pairs, and nothing of who is hidden."""

from dataclasses import replace

import polars as pl
import pytest
from edition import LAST, SMALL, edition
from test_screen import opened, settings, text  # noqa: F401

from connectors.store.memory import Memory
from dashboard.charts_together import together
from dashboard.views.together import sentence
from metrics.indicator import indicators
from metrics.who_with_whom import SHAPE

HOME = "cross_team_density"
PAIRS = {
    ("care", "engineering"): (2.4, 1.8),
    ("care", "operations"): (0.6, 0.45),
    ("engineering", "operations"): None,
    ("engineering", "labs"): (1.2, 0.9),
    ("care", "care"): (9.0, None),
    (SMALL, "engineering"): (7.7, 7.7),
}


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('together')}/memory.db"
    rows = [("acme", *pair, LAST, *(told or (None, None))) for pair, told in PAIRS.items()]
    two = ("care", "desk", "success", LAST, 4.0, 1.0)
    frame = pl.DataFrame([*rows, two], schema=SHAPE, orient="row")
    Memory.open(url).publish(replace(edition(), who_with_whom=frame))
    return url


def test_the_closest_pair_and_those_with_next_to_no_ties_are_said(settings, url):  # noqa: F811
    settings(url)
    page = opened(HOME, unit="acme")
    said = text(page)
    assert (
        "Most closely tied are Customer Care and Engineering: 1.8 times as closely as units here usually are." in said
    )
    assert "1 of 4 pairs has fewer than three ties." in said
    assert SMALL not in said
    assert not page.exception


@pytest.mark.parametrize(("page", "unit"), [(HOME, "care"), (HOME, "labs"), ("ei_index", "acme")])
def test_of_fewer_than_three_units_and_on_other_pages_nothing_is_said(settings, url, page, unit):  # noqa: F811
    settings(url)
    assert "Who works with whom" not in text(opened(page, unit=unit))


def test_the_loosest_pair_is_said_where_all_have_ties_and_nothing_where_all_are_alike():
    pairs = [{"one": "A", "other": "B", "times": 1.6}, {"one": "A", "other": "C", "times": 0.5},
             {"one": "B", "other": "C", "times": 0.9}]  # fmt: skip
    assert sentence(pairs).endswith("Least closely tied are A and C: 0.50 times as closely as usual here.")
    low = [row | {"times": 0.7 if row["other"] == "B" else 1.1} for row in pairs]
    assert sentence(low) == "Least closely tied are A and B: 0.70 times as closely as usual here."
    assert sentence([row | {"times": 1.1} for row in pairs]).startswith("No two units below stand out")


def test_the_square_says_each_pair_on_both_halves():
    rows = pl.DataFrame({"one": ["A"], "other": ["B"], "times": [1.25], "reads": ["1.2 of 100"]})
    spec = together(rows, indicators()[HOME], ("A", "B"), "A and B.").to_dict()
    fields = next(iter(spec["datasets"].values()))
    assert {(row["one"], row["other"]) for row in fields} == {("A", "B"), ("B", "A")}
    assert spec["description"].endswith("A and B.")

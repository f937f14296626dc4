"""How long it takes, on an indicator's page: a unit's curve beside those above it, and how much can be followed."""

from dataclasses import replace

import polars as pl
import pytest
from edition import LAST, SMALL, edition
from test_screen import opened, settings, text  # noqa: F401

from connectors.store.memory import Memory
from dashboard import charts_waits
from metrics.curves import SHAPE
from metrics.indicator import indicators

QUARTER = "learning_latency_quarter"


def curve(unit, median, *points, name=QUARTER):
    return [(name, unit, LAST, age, waiting, waiting - 6, waiting + 5, waiting * 2, median) for age, waiting in points]


CURVES = [
    *curve("acme", 21, (0, 95), (7, 80), (28, 45), (90, 28)),
    *curve("engineering", 14, (0, 95), (28, 38), (90, 20)),
    *curve("payments", None, (0, 95), (28, 70), (90, 56)),
    *curve("acme", None, (0, 95), (90, 81), name="lesson_reuse"),
    *curve(SMALL, 77, (0, 95), (90, 77)),
]


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('waits')}/memory.db"
    whole = edition()
    links = whole.cells.filter(indicator="link_rate").with_columns(indicator=pl.lit("insight_links"))
    curves = pl.DataFrame(CURVES, schema=SHAPE, orient="row")
    Memory.open(url).publish(replace(whole, cells=pl.concat([whole.cells, links]), curves=curves))
    return url


def test_a_unit_stands_beside_the_one_above_and_the_whole(settings, url):  # noqa: F811
    settings(url)
    said = text(opened("learning_latency", unit="payments"))
    assert "How long it takes" in said
    assert "fewer than half were done (Engineering 14 days and Acme 21 days); after 90 days 56 % still waited" in said
    assert "Number at risk: 190 at the start, 140 after 28, 112 after 90 days" in said


def test_the_whole_shows_insight_to_action_and_lesson_to_reuse(settings, url):  # noqa: F811
    settings(url)
    said = text(opened("learning_latency", unit="acme"))
    assert "half were done within 21 days; after 90 days 28 % still waited (likely 22 to 33 %)" in said
    assert "Lessons reused by another team in 90 days: fewer than half were done" in said


@pytest.mark.parametrize("page", ["learning_latency", "action_sincerity", "lesson_reuse"])
def test_how_many_insights_can_be_followed_stands_beside(settings, url, page):  # noqa: F811
    settings(url)
    assert "of insights carry a link to what came of them" in text(opened(page, unit="acme"))


def test_a_unit_without_a_curve_shows_none(settings, url):  # noqa: F811
    settings(url)
    assert "How long it takes" not in text(opened("learning_latency", unit="ledger"))


def test_the_curve_of_a_unit_that_is_not_listed_is_nowhere(settings, url):  # noqa: F811
    settings(url)
    assert "77 days" not in text(opened("learning_latency", unit="acme"))


def test_the_picture_marks_the_median_and_says_what_it_shows():
    rows = pl.DataFrame(CURVES, schema=SHAPE, orient="row").filter(pl.col("unit").is_in(["engineering", "acme"]))
    rows = (
        rows.filter(indicator=QUARTER)
        .with_columns(name=pl.col("unit").str.to_titlecase())
        .sort("unit", descending=True)
    )
    spec = charts_waits.waits(rows, indicators()[QUARTER]).to_dict()
    assert "20 % after 90 days in Engineering" in spec["description"]
    assert [{"age": 14, "waiting": 50}] in list(spec["datasets"].values())

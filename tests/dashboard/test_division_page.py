"""Whether people work as the chart says, on the pages of islands and of outward ties."""

from dataclasses import replace

import polars as pl
import pytest
from edition import LAST, SMALL, edition
from test_screen import opened, settings, text  # noqa: F401

from connectors.store.memory import Memory
from dashboard.views.division import chance, chart
from metrics.divisions import ISLANDS, OUTWARD, SHAPE


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('division')}/memory.db"
    rows = [
        ("acme", LAST, 0.001, 0.71, 0.56, 9, 0.62, 0.31),
        ("care", LAST, 0.24, *[None] * 5),
        (SMALL, LAST, 0.5, 0.9, 0.7, 2, 0.1, 0.1),
    ]
    Memory.open(url).publish(replace(edition(), divisions=pl.DataFrame(rows, schema=SHAPE, orient="row")))
    return url


def test_the_groups_that_ties_make_are_told_beside_the_islands(settings, url):  # noqa: F811
    settings(url)
    page = opened(ISLANDS, unit="acme")
    said = text(page)
    assert "Do people work as the chart says?" in said
    assert "would make 9 larger groups (modularity 0.71; ties dealt out by lot 0.56)" in said
    assert "They agree with the teams to 62 of 100, by lot to 31: people work partly as the chart says." in said
    assert "Is it chance?" not in said
    assert not page.exception


def test_what_lots_would_make_is_told_beside_outward_ties(settings, url):  # noqa: F811
    settings(url)
    assert "in fewer than 2 of 1,000 deals: that people keep to their own team is not chance." in text(
        opened(OUTWARD, unit="acme")
    )
    assert "in 240 of 1,000 deals: this may be chance." in text(opened(OUTWARD, unit="care"))


@pytest.mark.parametrize(("page", "unit"), [(ISLANDS, "care"), (ISLANDS, "labs"), ("lead_time", "acme")])
def test_nothing_is_told_where_nothing_was_found_and_on_other_pages(settings, url, page, unit):  # noqa: F811
    settings(url)
    said = text(opened(page, unit=unit))
    assert "Do people work as the chart says?" not in said
    assert "Is it chance?" not in said


def test_the_sentence_says_how_far_ties_and_chart_agree():
    row = {"found": 0.5, "found_by_lot": 0.4, "groups": 1, "alike": 0.9, "alike_by_lot": 0.3}
    assert chart(row).endswith("to 90 of 100, by lot to 30: people work much as the chart says.")
    assert "1 larger group " in chart(row)
    assert "across the chart" in chart(row | {"alike": 0.35})
    assert "groups that are all small" in chart(row | {"groups": 0})
    assert "no groups stand out" in chart(row | {"found": 0.4})
    assert "in 50 of 1,000 deals: this may be chance" in chance(0.05)

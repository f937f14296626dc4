"""What a number of ties would be by another rule, on its page: a sentence first, then each rule."""

from dataclasses import replace

import polars as pl
import pytest
from edition import LAST, SMALL, edition
from test_screen import opened, settings, text  # noqa: F401

from connectors.store.memory import Memory
from dashboard.views import ties
from metrics.tie_sensitivity import RULES, SHAPE

DENSITY = "cross_team_density"
VALUES = dict(
    zip(((rule.turns, rule.weeks, rule.crowded) for rule in RULES), (4, 6, 3.52, 3.8, 4.6, 4, 4.4), strict=True)
)


def rows(unit, name=DENSITY, alike=True):
    return [(name, unit, *rule, LAST, float(value), 4.0, alike) for rule, value in VALUES.items()]


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('ties')}/memory.db"
    told = [*rows("acme"), *rows("care", alike=False), *rows(SMALL)]
    Memory.open(url).publish(replace(edition(), tie_rules=pl.DataFrame(told, schema=SHAPE, orient="row")))
    return url


def test_the_stricter_rule_is_said_in_a_sentence_and_all_are_listed(settings, url):  # noqa: F811
    settings(url)
    said = text(opened(DENSITY, unit="acme"))
    assert "With a stricter rule the value would be 12 % lower; the trend is the same." in said
    assert "3.5 (12 % lower; trend the same)" in said
    assert "6.0 (50 % higher; trend the same)" in said
    assert "4.0 (the same; trend the same)" in said


def test_where_the_trend_would_be_another_it_is_said(settings, url):  # noqa: F811
    settings(url)
    assert "the trend would be another, so believe neither alone" in text(opened(DENSITY, unit="care"))


@pytest.mark.parametrize(("page", "unit"), [(DENSITY, "labs"), ("ei_index", "acme")])
def test_where_none_was_counted_nothing_is_said(settings, url, page, unit):  # noqa: F811
    settings(url)
    assert "If ties were counted otherwise" not in text(opened(page, unit=unit))


def test_between_minus_one_and_one_no_percentage_is_made():
    row = {"value": -0.12, "ours": 0.06}
    assert ties.apart(row, "from -1 to 1") == "0.18 lower"

"""When kept weeks are counted anew: as soon as what makes an indicator's evidence is changed, and only then."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dashboard.formula import OURS, Texts, _understood, fingerprint
from metrics.indicator import indicators
from metrics.weeks import Calendar

TODAY = Calendar(today=date(2026, 11, 23))


@pytest.fixture(scope="module")
def packages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packages")
    for package in ("connectors", "metrics"):
        shutil.copytree(OURS.root / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.fixture
def changed(packages):
    """Which indicators get another stamp when one file of a copy of the packages is changed."""

    def found(name):
        file, every = packages / name, indicators().values()
        text = file.read_text()
        file.write_text(f"{text}\n# another formula\n")
        _understood.cache_clear()
        stamps = {one.name for one in every if Texts(packages).stamp(one) != OURS.stamp(one)}
        file.write_text(text)
        return stamps

    return found


def importing(*modules):
    """The indicators whose own file says that it imports one of these."""
    texts = {path.stem: path.read_text() for path in Path(OURS.root, "metrics", "indicators").glob("*.py")}
    return {name for name, text in texts.items() for module in modules if f"from {module} import" in text}


@pytest.mark.parametrize("module", ["metrics.flow", "metrics.recognition", "metrics.reuse"])
def test_a_shared_formula_changes_exactly_those_that_use_it(changed, module):
    users = importing(module)
    assert 1 < len(users) < 10
    assert changed(f"{module.replace('.', '/')}.py") == users


def test_what_is_used_by_what_is_used_counts_too(changed):
    """`metrics.flow` reads what a closed ticket is from `metrics.tickets`, and no indicator of flow says so itself."""
    assert "lead_time" not in importing("metrics.tickets")
    assert {"lead_time", "lead_time_median", "lead_time_p85"} < changed("metrics/tickets.py")


def test_an_indicators_own_file_changes_nobody_else(changed):
    assert changed("metrics/indicators/link_rate.py") == {"link_rate"}


def test_who_turns_to_whom_changes_those_that_are_given_pairs(changed):
    given = {one.name for one in indicators().values() if "pairs" in one.parameters}
    found = changed("metrics/network.py")
    assert found >= given
    assert not {"link_rate", "lead_time", "psychological_safety"} & found


def test_a_kind_changes_the_indicators_that_are_gathered_by_it(changed):
    assert changed("metrics/kinds/uplift.py") == {one.name for one in indicators().values() if one.kind == "uplift"}


@pytest.mark.parametrize("module", ["metrics/indicator.py", "metrics/weeks.py", "connectors/tables.py"])
def test_what_all_are_counted_by_changes_all(changed, module):
    assert changed(module) == set(indicators())


@pytest.mark.parametrize("module", ["metrics/judge.py", "metrics/scores.py", "connectors/sources/slack.py"])
def test_what_comes_after_the_count_or_before_the_facts_changes_none(changed, module):
    assert changed(module) == set()


@pytest.mark.parametrize("other", [{"zone": "Asia/Tokyo"}, {"k": 12}, {"holidays": frozenset([date(2026, 12, 25)])}])
def test_the_zone_the_holidays_and_the_smallest_group_change_all(other):
    for one in indicators().values():
        assert fingerprint(one, TODAY) != fingerprint(one, replace(TODAY, **other))


def test_another_day_changes_nothing():
    one = indicators()["link_rate"]
    assert fingerprint(one, TODAY) == fingerprint(one, replace(TODAY, today=date(2027, 1, 4)))

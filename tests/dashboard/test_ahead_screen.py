"""The pages on the time ahead and on what was begun, in every state, and the command that says what was begun."""

from datetime import date

import polars as pl
import pytest
from edition import LAST, SMALL, edition, publish
from test_screen import opened, settings, text  # noqa: F401
from typer.testing import CliRunner

from connectors.store.memory import Memory
from dashboard import words
from dashboard.cli import app
from dashboard.views import pieces

NUMBERS = {"stock": 20.0, "stay": 0.9, "stay_weight": 60.0, "trained": 1.0, "trained_shape": 4.0, "joined": 0.5,
           "joined_shape": 3.0, "headcount": 24.0, "drift": 0.0, "spread": 0.05, "free": 10.0, "chance": 0.83,
           "missing": 4.0, "low": -1.0, "high": 9.0}  # fmt: skip
SECRET = 77.7123


def need(unit, skill, ahead=13, state="shown", **more):
    row = {"unit": unit, "skill": skill, "ahead": ahead, "week": LAST, "state": state, "level": 3.0, "dots": "1 2",
           "now": False}  # fmt: skip
    return row | NUMBERS | more


def frames(state="forecast", *rows, **other):
    empty = edition()
    tests = [{"ahead": ahead, "state": state, "misses": 2 if state == "withdrawn" else 0, "origins": 16, "n": 1600,
              "brier": 0.05, "persistence": 0.1, "share": 0.24, "skill": 0.5, "skill_share": 0.8, "slope": 1.04,
              "covered": 0.89, "covered_needed": 0.93} for ahead in (13, 26)]  # fmt: skip
    told = {
        "backtests": tests, "outlook": list(rows),
        "modules": [{"unit": "desk", "place": 1, "module": "joins-in-ten-minutes", "skills": "sql", "covers": 0.6,
                     "together": 0.6, "uplift": 4.2, "low": 1.0, "high": 7.4, "n": 260}],
        "interventions": [{"intervention": "i1", "name": "Playbooks", "kind": "programme", "unit": "desk",
                           "began": date(2026, 3, 2)}],
        "effects": [{"intervention": "i1", "indicator": "reopened_work", "method": method, "name": "Playbooks",
                     "unit": "desk", "began": date(2026, 3, 2), "value": -2.0, "low": -3.0, "high": -1.0, "before": 80,
                     "after": 30, "alike": alike, "clear": True, "sentence": f"Since Playbooks began, {method}."}
                    for method, alike in (("interrupted time series", None), ("difference in differences", True))],
        "relations": [{"first": "link_rate", "second": "knowledge_reuse", "lag": 2, "expected": "same", "value": 0.2,
                       "low": 0.1, "high": 0.3, "p": 0.001, "q": 0.01, "units": 24, "n": 700, "said": "as expected"}],
    }  # fmt: skip
    return {name: pl.DataFrame(listed, schema=getattr(empty, name).schema) for name, listed in (told | other).items()}


@pytest.fixture
def shown(settings, tmp_path):  # noqa: F811
    def show(*arguments, **other):
        url = f"sqlite:///{tmp_path}/memory.db"
        publish(url, **frames(*arguments, **other))
        settings(url)

    return show


def test_the_outlook_says_in_how_many_of_ten_futures_and_how_it_fared_on_the_past(shown):
    shown("forecast", need("desk", "sql"), need("desk", "law", chance=0.1))
    said = text(opened("outlook"))
    assert "1 of 2 needed skills is likely to be short in a quarter, 1 of them not short today." in said
    assert "not short now, in 8 of 10 futures" in said
    assert "Forecast" in said
    assert "Tested on 16 past moments: 50% closer to what came than saying that nothing changes" in said
    assert "89% of its 90 % ranges held what came" in said
    assert "used at work 4.2 points more often than by lot" in said


def test_what_has_not_been_tested_is_called_experimental(shown):
    shown("experimental", need("desk", "sql"), backtests=[])
    said = text(opened("outlook"))
    assert "Experimental" in said
    assert "Do not plan by it alone" in said


def test_a_withdrawn_forecast_shows_no_number(shown):
    shown("withdrawn")
    said = text(opened("outlook"))
    assert "The forecast is withdrawn" in said
    assert "futures" not in said


def test_three_numbers_in_change_the_answer_out(shown):
    shown("forecast", need("desk", "sql", ahead=13))
    page = opened("outlook", unit="desk")
    before = text(page)
    assert "as things go (likely" in before
    assert "if you did this" not in before
    page.number_input[0].set_value(12).run()
    after = text(page)
    assert not page.exception
    assert "if you did this, in 0 of 10" in after or "if you did this, in 1 of 10" in after


def test_a_pool_that_is_hidden_and_a_unit_that_is_not_listed_show_nothing_even_if_published_by_mistake(shown):
    shown("forecast", need("desk", "law"), need("desk", "sql", state="hidden", stock=SECRET, chance=SECRET),
          need(SMALL, "german", stock=SECRET))  # fmt: skip
    page = opened("outlook")
    said = text(page)
    assert "1 more skill is not shown" in said
    assert SMALL not in said
    for frame in page.dataframe:
        assert "77" not in frame.value.to_csv()
    assert "77.7" not in said


def test_an_effect_is_told_against_units_alike_where_there_are_any(shown):
    shown()
    said = text(opened("effects", unit="desk"))
    assert "1 of 1 thing begun moved something clearly." in said
    assert "Since Playbooks began, difference in differences." in said
    assert "Since Playbooks began, interrupted time series." not in said
    assert "moves 2 months before" in said


def test_what_was_begun_elsewhere_is_not_told_here(shown):
    shown()
    assert "Nothing that was begun is known here." in text(opened("effects", unit="platform"))


def test_what_was_begun_is_said_listed_and_taken_back(tmp_path):
    settings_file = tmp_path / "settings.toml"
    settings_file.write_text(f'[organisation]\nname = "Acme"\n[store]\nmemory = "sqlite:///{tmp_path}/m.db"\n')

    def run(*words):
        return CliRunner().invoke(app, ["--settings", str(settings_file), "begun", *words])

    assert "Nothing yet" in run().output
    assert run("add", "Learning hours", "2026-03-02", "--kind", "policy").exit_code == 0
    assert "Learning hours" in run("list").output
    kept = Memory.open(f"sqlite:///{tmp_path}/m.db").begun()
    assert kept.select("name", "kind", "unit", "began").rows() == [("Learning hours", "policy", None, date(2026, 3, 2))]
    assert run("remove", "Learning hours").exit_code == 0
    assert run("remove", "Learning hours").exit_code != 0
    assert run("add", "X", "2026-13-02").exit_code == 2


def test_how_forecasts_fared_is_remembered_by_day_and_the_same_day_again_replaces_it(tmp_path):
    memory = Memory.open(f"sqlite:///{tmp_path}/m.db")
    day = pl.DataFrame({"ahead": [13], "state": ["forecast"], "misses": [1], "skill": [-0.1]})
    memory.fare(date(2026, 11, 1), day.with_columns(misses=0))
    memory.fare(date(2026, 11, 8), day)
    memory.fare(date(2026, 11, 8), day)
    assert memory.fared(date(2026, 11, 8))["misses"].to_list() == [0]
    assert memory.fared(date(2026, 11, 9)).select("ahead", "day", "misses").rows() == [(13, date(2026, 11, 8), 1)]


def cell(**more):
    return {
        "state": "shown",
        "mark": "",
        "value": None,
        "filling": False,
        "verdict": "unknown",
        "usual_low": None,
    } | more


def test_the_page_of_the_indicator_says_why_a_forecast_does_not_deserve_the_name():
    assert words.why_not(cell(mark="withdrawn"), 8, []).startswith("Withdrawn: lately it was no better")
    assert words.why_not(cell(mark="experimental", value=20.0), 8, []).startswith("Experimental: not yet shown")
    assert "Withdrawn" in pieces.value(cell(mark="withdrawn"), "%")
    assert "withdrawn" in pieces.brief(cell(mark="withdrawn"), "%")

"""Reports on the command line and on the screen: what is sent, what became of it, and what can be planned."""

from datetime import UTC, datetime

import pytest
from edition import SMALL, publish
from test_screen import opened, text
from typer.testing import CliRunner

from connectors.store.memory import Errand, Memory
from dashboard.cli import app
from dashboard.planned import Planned
from dashboard.settings import FILE
from dashboard.views.reports import Desk, overdue

SECTIONS = """
[organisation]
name = "Acme"
time_zone = "Europe/Berlin"
[store]
memory = "memory.db"
[exports.folder]
kind = "files"
folder = "out"
formats = ["md"]
[exports.channel]
kind = "files"
folder = "in-the-way"
formats = ["md"]
[reports.weekly]
title = "Weekly summary"
when = "Mondays 07:00"
to = ["folder", "channel"]
"""


@pytest.fixture
def house(tmp_path, monkeypatch):
    (tmp_path / "settings.toml").write_text(SECTIONS)
    monkeypatch.setenv(FILE, str(tmp_path / "settings.toml"))
    publish(f"sqlite:///{tmp_path}/memory.db")
    return tmp_path


def run(*words):
    return CliRunner().invoke(app, list(words))


def test_a_report_goes_to_each_once_and_again_only_where_it_failed(house):
    (house / "in-the-way").write_text("a file, not a folder")
    first = run("report", "weekly")
    assert first.exit_code == 3
    assert "folder: wrote weekly-2026-11-22-" in first.output
    assert "channel: " in first.output
    (house / "in-the-way").unlink()
    second = run("deliveries", "--retry")
    assert (second.exit_code, second.output.count("wrote")) == (0, 1)
    assert len(list((house / "in-the-way").iterdir())) == 1
    assert "everybody has it" in run("report", "weekly").output
    shown = run("deliveries", "weekly").output
    assert shown.count("sent") == 2


def test_a_report_says_first_what_is_missing_and_shows_figures_and_no_hidden_number(house):
    run("report", "weekly")
    body = next((house / "out").iterdir()).read_text()
    assert body.index("three weeks old") < body.index("Needs attention")
    assert "## Where things stand" in body
    assert SMALL not in body
    assert "77.7" not in body


def test_an_unknown_report_names_those_there_are(house):
    result = run("report", "weakly")
    assert result.exit_code == 2
    assert "no report weakly; did you mean weekly? (there are: weekly)" in result.output


def test_before_anything_was_sent_it_says_so(house):
    assert "Nothing has been sent yet." in run("deliveries").output


def failing(house):
    memory = Memory.open(f"sqlite:///{house}/memory.db")
    at = datetime(2026, 11, 23, 6, tzinfo=UTC)
    errand = Errand("weekly", "2026-11-23T06:00Z", "channel")
    memory.plan([errand], at)
    hold = memory.hold(errand, "me", at, at)
    memory.failed(hold, at, "channel: is in trouble (500)", doubtful=False)
    return memory


def test_the_page_says_what_has_not_arrived_and_why(house):
    failing(house)
    said = text(opened("reports"))
    assert "1 delivery waiting for another try." in said
    assert "Weekly summary" in said
    assert "is in trouble (500)" in said
    assert "Mondays 07:00 (Europe/Berlin)" in said


def test_a_report_can_be_planned_on_the_page_and_removed_but_only_to_ways_that_are_set(house):
    page = opened("reports")
    page.text_input[0].set_value("Care, weekly")
    assert page.multiselect[0].options == ["folder", "channel"]
    page.multiselect[0].set_value(["folder"])
    page.text_input[3].set_value("Mara")
    page.button[-1].click().run()
    assert not page.exception
    memory = Memory.open(f"sqlite:///{house}/memory.db")
    assert memory.plans()["care-weekly"] | {"units": []} == memory.plans()["care-weekly"]
    assert (memory.plans()["care-weekly"]["to"], memory.plans()["care-weekly"]["by"]) == (["folder"], "Mara")
    assert run("report", "care-weekly").exit_code == 0
    again = opened("reports")
    assert "Mara, on this page" in text(again)
    next(button for button in again.button if button.label == "Remove this report").click().run()
    assert memory.plans() == {}


@pytest.mark.parametrize(
    ("when", "to", "by", "words"),
    [
        ("Moonday 07:00", ["folder"], "Mara", "is no time; write it like"),
        ("Mondays 07:00", [], "Mara", "Name whom it goes to."),
        ("Mondays 07:00", ["folder"], "", "A name is needed"),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused_in_words(house, when, to, by, words):
    page = opened("reports")
    page.text_input[0].set_value("Care")
    page.text_input[1].set_value(when)
    page.multiselect[0].set_value(to)
    page.text_input[3].set_value(by)
    page.button[-1].click().run()
    assert words in text(page)


def test_a_report_that_is_due_and_not_begun_is_said_to_be_late(house):
    memory = Memory.open(f"sqlite:///{house}/memory.db")
    last_week = datetime(2026, 11, 16, 6, tzinfo=UTC)
    memory.plan([Errand("weekly", "2026-11-16T06:00Z", "folder")], last_week)
    plan, desk = Planned(to=["folder"], when="Mondays 07:00"), Desk({}, ("folder",), "Europe/Berlin")
    sent = memory.deliveries()
    assert overdue(desk, plan, sent, datetime(2026, 11, 23, 5, tzinfo=UTC)) == ""
    words = overdue(desk, plan, sent, datetime(2026, 11, 23, 8, tzinfo=UTC))
    assert words.startswith("It is late: due Monday 23 November 2026, 07:00, and not begun.")
    memory.plan([Errand("weekly", "2026-11-23T06:00Z", "folder")], datetime(2026, 11, 23, 6, tzinfo=UTC))
    assert overdue(desk, plan, memory.deliveries(), datetime(2026, 11, 23, 8, tzinfo=UTC)) == ""

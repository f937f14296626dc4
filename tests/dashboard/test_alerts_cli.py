"""`bellwether alerts`: the same acts as on the screen, in words."""

from datetime import UTC, datetime

import pytest
from edition import SMALL, publish
from typer.testing import CliRunner

from connectors.store.memory import Memory
from dashboard.cli import app
from dashboard.lifetime import alerts, history
from dashboard.settings import FILE


@pytest.fixture
def memory(tmp_path, monkeypatch):
    monkeypatch.setenv(FILE, str(tmp_path / "settings.toml"))
    (tmp_path / "settings.toml").write_text('[store]\nmemory = "memory.db"\n')
    return publish(f"sqlite:///{tmp_path}/memory.db")


def run(*words):
    return CliRunner().invoke(app, ["alerts", *map(str, words)])


def desk(memory):
    return next(one for one in alerts(memory) if one.place == ("psychological_safety", "desk"))


def test_the_list_shows_open_alerts_by_number_and_nothing_of_hidden_units(memory):
    told = run("list").output
    assert "Psychological safety" in told and "Service Desk" in told
    assert SMALL not in told
    assert "Payments" not in told, "what the alarm above explains is left to that one"
    assert "Payments" in run("list", "--all").output


def test_every_act_of_the_screen_has_its_command(memory):
    number = desk(memory).id
    assert run("ack", number, "--note", "we look", "--who", "Ada").output == f"Alert {number} is acknowledged.\n"
    assert run("assign", number, "Ben", "--due", "2026-12-01").output == f"Alert {number} is assigned to Ben.\n"
    assert run("link", number, "Pairing", "--from", "2026-11-02").exit_code == 0
    assert run("snooze", number, "2099-01-01").output == f"Alert {number} is snoozed.\n"
    assert run("resolve", number, "it was the holidays").output == f"Alert {number} is resolved.\n"
    assert run("reopen", number, "it was not").output == f"Alert {number} is assigned to Ben.\n"
    assert run("outcome", number, "known").exit_code == 0
    assert [one.act for one in history(memory, number)] == [
        "raised", "acknowledged", "assigned", "linked", "snoozed", "resolved", "reopened", "outcome",
    ]  # fmt: skip
    told = run("show", number).output
    assert "it was the holidays" in told and "Ada" in told and "Ben, due 2026-12-01" in told
    assert run("list", "--owner", "Ben").output.count("assigned") == 1


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["resolve", "1", " "], "a why is needed"),
        (["ack", "999"], "there is no alert 999"),
        (["snooze", "1", "2020-01-01"], "put it off until a day after"),
        (["outcome", "1", "nice"], "an outcome is one of useful, known, wrong, gamed"),
        (["list", "--state", "gone"], "--state is one of open"),
        (["mute", "--until", "2099-01-01", "--why", "x"], "name a --unit"),
        (["mute", "--unit", "desk", "--until", "2020-01-01", "--why", "x"], "a day to come"),
        (["mute", "--unit", "Servise Desk", "--until", "2099-01-01", "--why", "x"], "did you mean Service Desk?"),
        (["subscribe", "a@example.org", "--theme", "climat"], "did you mean climate?"),
        (["unmute", "7"], "there is no mute 7"),
        (["unsubscribe", "7"], "there is no subscription 7"),
    ],
)
def test_what_cannot_be_done_says_why_and_exits_with_2(memory, words, why):
    result = run(*words)
    assert result.exit_code == 2
    assert why in " ".join(result.output.replace("│", "").split())


def test_a_mute_is_made_by_name_listed_and_ended(memory):
    made = run("mute", "--unit", "Service Desk", "--until", "2099-01-01", "--why", "they move house", "--who", "Ada")
    assert made.output == "Muted until 2099-01-01. `bellwether alerts unmute 1` ends it before.\n"
    assert "they move house" in run("mutes").output
    assert run("unmute", 1).output == "It is sent again from now on.\n"
    assert run("mutes").output == "Nothing is muted.\n"


def test_a_mute_ends_by_itself(memory):
    said = {"unit": "desk", "indicator": "", "theme": "", "below": True, "who": "Ada", "why": "x"}
    now = datetime.now(UTC)
    memory.mute(said | {"until": now.date(), "at": now})
    assert run("mutes").output == "Nothing is muted.\n"


def test_somebody_subscribes_and_ends_it(memory):
    assert run("subscribe", "Ada@Example.org", "--unit", "care", "--tier", "watch").exit_code == 0
    assert "ada@example.org  care" in run("subscriptions").output
    assert run("unsubscribe", 1).exit_code == 0
    assert "Nobody asked for anything in particular" in run("subscriptions").output
    assert Memory.open(memory.engine.url.render_as_string()).subscriptions().is_empty()

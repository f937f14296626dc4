"""The command line: what it writes, what it says, and the exit codes a schedule reads."""

import os
import re
import stat
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from connectors.store.memory import Edition, Memory
from dashboard.cli import app
from dashboard.first_run import begin, made_up
from dashboard.settings import RESERVED, load_settings
from dashboard.steps import first_step, settings_first

HOUSE = Path(__file__).parents[2]
GROUPS = [group.name for group in app.registered_groups]
COMMANDS = [*(command.name or command.callback.__name__ for command in app.registered_commands), *GROUPS]

DESK = """
[sources.desk]
kind = "files"
dates = "%Y-%m-%d %H:%M"
[sources.desk.tickets]
path = "tickets.csv"
constant = { kind = "incident" }
[sources.desk.tickets.columns]
ticket = "id"
unit = "group"
opened = "opened"
resolved = "resolved"
knowledge = "used"
reopenings = "again"
"""
WIKI = """
[sources.wiki]
kind = "files"
[sources.wiki.articles]
path = "pages.csv"
columns = { article = "id", created = "made" }
constant = { kind = "wiki" }
"""
TICKETS = """id,group,opened,resolved,used,again
1,a,2026-01-05 09:00,2026-01-05 10:00,true,0
2,a,2026-01-05 09:00,2026-01-05 12:00,false,2
3,a,2026-01-06 09:00,2026-01-06 14:00,false,0
4,a,2026-01-07 09:00,,false,0
"""


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A folder with settings, key and one source of four tickets."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BELLWETHER_SETTINGS", raising=False)
    list(begin(tmp_path))
    (tmp_path / "tickets.csv").write_text(TICKETS)
    with (tmp_path / "settings.toml").open("a") as file:
        file.write(DESK)
    return tmp_path


def add(house, text):
    with (house / "settings.toml").open("a") as file:
        file.write(text)


def test_init_writes_settings_and_a_private_key(tmp_path):
    assert run("init", "--folder", tmp_path / "new").exit_code == 0
    assert load_settings(tmp_path / "new" / "settings.toml").key()
    assert stat.S_IMODE((tmp_path / "new" / "bellwether.key").stat().st_mode) == 0o600


def test_init_never_overwrites(house):
    before = {path: path.read_bytes() for path in house.iterdir()}
    result = run("init")
    assert result.exit_code == 0
    assert result.output.count("is there already; left as it is") == 2
    assert {path: path.read_bytes() for path in house.iterdir()} == before


def test_two_keys_are_never_the_same(tmp_path):
    run("init", "--folder", tmp_path / "a")
    run("init", "--folder", tmp_path / "b")
    assert (tmp_path / "a" / "bellwether.key").read_text() != (tmp_path / "b" / "bellwether.key").read_text()


def test_sync_ends_with_what_was_found(house):
    result = run("sync")
    assert result.exit_code == 0, result.output
    assert re.search(r"^  tickets +4 +2026-01-07$", result.output, re.M)
    assert "Tickets: tickets 4, knowledge used on 25.00 %, reopened 25.00 %, median to resolve 3.0 h" in result.output


def test_sync_of_one_source_leaves_the_others(house):
    add(house, WIKI)
    result = run("sync", "desk")
    assert result.exit_code == 0, result.output
    assert "wiki" not in result.output


def test_one_source_that_fails_is_code_3_and_the_rest_is_done(house):
    add(house, WIKI)
    result = run("sync")
    assert result.exit_code == 3
    assert "pages.csv" in result.output
    assert re.search(r"^  tickets +4", result.output, re.M)


def test_all_sources_failing_is_code_1(house):
    (house / "tickets.csv").unlink()
    assert run("sync").exit_code == 1


def test_status_repeats_how_it_went(house):
    run("sync")
    result = run("status")
    assert result.exit_code == 0
    assert "On show: nothing yet; run `bellwether refresh`" in result.output
    assert re.search(r"desk +tickets +done +4 +4 +0", result.output)


def test_sync_without_a_key_is_refused_and_says_what_to_do(house):
    (house / "bellwether.key").unlink()
    result = run("sync")
    assert result.exit_code == 2
    assert "run `bellwether init`" in result.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["sync", "dsk"], "no source dsk; did you mean desk? (it has desk)"),
        (["sync", "refrsh"], "no source refrsh; did you mean refresh?"),
        (["sync", "--settings", "elsewhere.toml"], "elsewhere.toml does not exist; run `bellwether init` there"),
        (["sync", "refresh", "--todya"], "No such option: --todya"),
        (["frobnicate"], "No such command 'frobnicate'"),
        (["refresh", "--today", "soon"], "'soon'"),
    ],
)
def test_wrong_usage_is_code_2_and_nothing_runs(house, words, said):
    result = run(*words)
    assert result.exit_code == 2
    assert said in result.output
    assert not (house / "data").exists()


def test_a_wrong_setting_is_a_sentence_without_a_traceback(house):
    add(house, "[organization]\nname = 'Acme'\n")
    result = run("status")
    assert result.exit_code == 2
    assert "[organization] is not known; did you mean organisation?" in result.output
    assert "Traceback" not in result.output


def test_settings_may_stand_anywhere(house, tmp_path_factory, monkeypatch):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    path = house / "settings.toml"
    for words in (["--settings", path, "status"], ["status", "--settings", path], ["status", f"--settings={path}"]):
        assert run(*words).exit_code == 0


def test_a_line_is_cut_into_its_steps():
    assert first_step(["sync", "desk", "refresh", "tell"]) == (["sync", "desk"], ["refresh", "tell"])
    assert first_step(["doctor", "sync"]) == (["doctor", "sync"], [])
    assert settings_first(["sync", "--settings", "a.toml", "refresh"]) == ["--settings", "a.toml", "sync", "refresh"]


def test_doctor_finds_all_well(house):
    result = run("doctor")
    assert result.exit_code == 0, result.output
    assert result.output.count("✓") == 6
    assert "All is well." in result.output


def test_doctor_says_what_ails_and_what_to_do(house):
    (house / "tickets.csv").unlink()
    (house / "bellwether.key").chmod(0o644)
    result = run("doctor")
    assert result.exit_code == 1
    assert re.search(r"✗ key: .*run `chmod 600 .*bellwether.key`", result.output)
    assert "✗ source desk: " in result.output
    assert "2 to put right." in result.output


@pytest.mark.skipif(os.geteuid() == 0 and not Path("/proc/1").exists(), reason="root may write anywhere")
def test_doctor_says_of_a_lake_that_cannot_be_written(house):
    (house / "data").write_text("in the way")
    result = run("doctor")
    assert result.exit_code == 1
    assert "✗ lake: " in result.output


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (
            "postgresql+psycopg://me:canary-5@127.0.0.1:1/bellwether",
            "postgresql+psycopg://me:***@127.0.0.1:1/bellwether",
        ),
        ("nonsense://me:canary-5@host/x", "names no database that can be used here"),
        ("/proc/nowhere/memory.db", "cannot be opened"),
    ],
)
@pytest.mark.parametrize("command", ["status", "doctor", "sync", "tell"])
def test_a_memory_that_cannot_be_opened_is_said_without_its_password(house, monkeypatch, address, words, command):
    monkeypatch.setenv("BELLWETHER_STORE__MEMORY", address)
    result = run(command)
    assert result.exit_code == 1
    assert words in result.output
    assert "canary-5" not in result.output


def test_a_lake_that_cannot_be_written_is_said(house, monkeypatch):
    monkeypatch.setenv("BELLWETHER_STORE__LAKE", "/proc/nowhere")
    result = run("sync")
    assert result.exit_code == 1
    assert "/proc/nowhere" in result.output
    assert "Traceback" not in result.output


def test_tell_without_an_edition_is_fine(house):
    result = run("tell")
    assert result.exit_code == 0
    assert "folder: nothing has been counted yet" in result.output


FALLEN = {"indicator": "knowledge_reuse", "unit": "acme", "week": date(2026, 11, 9), "verdict": "alarm"}
FALLEN |= {"side": "worse", "since": date(2026, 10, 12), "before": 44.0, "now": 31.5, "n": 812, "strength": 2.0}
FALLEN |= {"p": 0.001, "folded": None, "nature": "shift", "sentence": "Knowledge reuse in Acme has fallen."}
FALLEN |= dict.fromkeys(("began", "began_early", "began_late"))


@pytest.fixture
def published(house):
    """The house with an alarm on show."""
    memory = Memory.open(load_settings(house / "settings.toml").store.memory)
    units = pl.DataFrame({"unit": ["acme"], "parent": [None], "name": ["Acme"], "depth": [0]})
    memory.publish(Edition(date(2026, 11, 22), "Acme", units=units, verdicts=pl.DataFrame([FALLEN])))
    yield memory
    memory.close()


def test_tell_tells_once(house, published):
    assert "wrote bellwether-2026-11-22-" in run("tell").output
    assert len(list((house / "alerts").iterdir())) == 5
    result = run("tell")
    assert (result.exit_code, result.output) == (0, "folder: nothing new to tell\n")


def test_a_way_out_that_fails_stops_no_other_and_remembers_nothing(house, published):
    section = (
        "[exports.mail]\nkind = 'mail'\nhost = '127.0.0.1'\nport = 1\nfrom = 'b@example.org'\nto = ['a@example.org']\n"
    )
    add(house, section + "security = 'none'\n")
    result = run("tell")
    assert result.exit_code == 3
    assert "mail: 127.0.0.1:1 cannot be reached" in result.output
    assert published.told("mail a@example.org").height == 0
    assert published.told("folder").height == 1


def test_the_only_way_out_failing_is_code_1(house, published):
    (house / "alerts").write_text("in the way")
    assert run("tell").exit_code == 1
    assert published.told("folder").height == 0


def test_serve_refuses_a_port_in_use(house):
    import socket

    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        result = run("serve", "--port", busy.getsockname()[1])
    assert result.exit_code == 2
    assert "choose another --port" in result.output


def test_the_demo_settings_name_its_six_systems(tmp_path):
    (tmp_path / "settings.toml").write_text(made_up(400, 7, date(2026, 11, 22)))
    settings = load_settings(tmp_path / "settings.toml")
    assert list(settings.sources) == ["hr", "chat", "desk", "wiki", "survey", "learning"]
    assert settings.sources["chat"].options == {
        "systems": ["chat"],
        "seed": 7,
        "people": 400,
        "today": date(2026, 11, 22),
    }


def test_a_demo_of_another_size_is_not_mixed_in(tmp_path):
    (tmp_path / "settings.toml").write_text(made_up(400, 7, date(2026, 11, 22)))
    result = run("demo", "--folder", tmp_path, "--people", "500")
    assert result.exit_code == 2
    assert "holds a company with people = 400, not 500; choose another --folder" in result.output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command):
    result = run(command, "--help")
    assert result.exit_code == 0
    assert len(result.output.split()) > 25


def test_no_source_may_be_called_like_a_command():
    assert set(RESERVED) == set(COMMANDS)


def test_every_command_the_guide_to_deployment_names_exists():
    text = (HOUSE / "docs" / "deploy.md").read_text()
    lines = re.findall(r"\bbellwether((?: --settings \S+)?(?: [a-z]+)+)", "\n".join(commands(text)))
    named = {word for line in lines for word in re.sub(r"--settings \S+|(?<=report) \S+", "", line).split()}
    assert {"init", "doctor", "sync", "refresh", "tell", "report", "schedule", "serve", "status"} <= named
    assert named <= {*COMMANDS}


def commands(text):
    """What stands as code in the guide and begins a bellwether command."""
    spans = re.findall(r"`([^`\n]+)`", text) + re.findall(
        r"^.*$", "\n".join(re.findall(r"```\w*\n(.*?)```", text, re.S)), re.M
    )
    return [
        line.replace('"', "").replace(",", "") for line in spans if re.search(r"(^|/bin/|\[\"?)bellwether[ \"]", line)
    ]

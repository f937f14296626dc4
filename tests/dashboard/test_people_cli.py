"""`bellwether people`: what it lists, what a decision does, and that everything can be taken back."""

import re
import shutil
from pathlib import Path

import polars as pl
import pytest
from refreshed import only_few
from typer.testing import CliRunner

from connectors.store.lake import Lake
from connectors.store.memory import Memory
from dashboard.cli import app
from dashboard.people import app as group
from metrics.coverage import MINIMUM, WEEKS

STAFF = """id,mail,name,since,unit
ada,ada@example.org,Ada Lovelace,2020-01-01,desk
bob,bob@example.org,Bob Byte,2020-01-01,desk
"""
CHAT = """id,mail,name,kind
u1,ada@example.org,Ada Lovelace,person
u2,,Bob Byte,person
b1,,Build Machine,bot
"""
SAID = """id,who,at
1,u1,2026-02-03T10:00:00Z
2,u2,2026-02-03T11:00:00Z
3,b1,2026-02-03T12:00:00Z
"""
SETTINGS = """
[organisation]
today = 2026-03-04
[sources.hr]
kind = "files"
[sources.hr.people]
path = "staff.csv"
columns = { person = "id", unit = "unit", valid_from = "since" }
[sources.hr.accounts]
path = "staff.csv"
columns = { account = "id", person = "id", email = "mail", name = "name" }
[sources.chat]
kind = "files"
[sources.chat.accounts]
path = "chat.csv"
columns = { account = "id", email = "mail", name = "name", kind = "kind" }
[sources.chat.messages]
path = "said.csv"
columns = { message = "id", author = "who", sent = "at" }
constant = { channel = "general" }
"""


def runner(folder):
    def run(*words, code=0):
        with only_few():
            result = CliRunner().invoke(app, ["--settings", str(folder / "settings.toml"), *words])
        assert result.exit_code == code, result.output
        return " ".join(result.output.split())

    run.folder = folder
    return run


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    """A company that has been read and counted once."""
    folder = tmp_path_factory.mktemp("company")
    files = {"staff.csv": STAFF, "chat.csv": CHAT, "said.csv": SAID, "settings.toml": SETTINGS}
    for name, text in files.items():
        (folder / name).write_text(text)
    (folder / "bellwether.key").write_text(bytes(range(32)).hex())
    runner(folder)("sync", "refresh")
    return folder


@pytest.fixture
def people(counted, tmp_path):
    return runner(Path(shutil.copytree(counted, tmp_path / "own")))


def known(people):
    """How many messages of the chat have a known author."""
    people("refresh")
    rows = Memory.open(f"sqlite:///{people.folder / 'data' / 'bellwether.db'}").coverage()
    return rows.filter(table="messages").select("known", "whole").row(0)


def test_it_counts_what_is_linked_and_lists_what_waits(people):
    said = people("people")
    assert "1 linked by email, 1 linked by name, 1 separated by bot" in said
    assert "None of them waits for you." in said
    assert re.search(
        r"chat Bob Byte \w{8} Bob Byte linked name active in 1 months, while there", people("people", "list", "--all")
    )


def test_machines_are_left_out_and_people_are_known(people):
    assert known(people) == (2, 2)


def test_a_person_separates_and_takes_it_back(people):
    assert "1 accounts count otherwise" in people("people", "separate", "chat:u2", "Bob Byte", "--note", "asked him")
    assert known(people) == (1, 2)
    assert "asked him" in people("people", "log")
    people("people", "undo")
    assert known(people) == (2, 2)


def test_a_person_links_by_name_address_or_id(people):
    people("people", "link", "chat:u2", "ada@example.org")
    assert "Bob Byte" in (said := people("people", "list", "--state", "locked"))
    assert "Ada Lovelace locked decided" in said
    assert known(people) == (2, 2)


def test_what_a_heuristic_did_is_undone_at_once_and_comes_back(people):
    people("people", "undo", "--why", "name")
    assert known(people) == (1, 2)
    assert "1 separated by decided" in people("people")
    people("people", "undo", "1")
    assert known(people) == (2, 2)


def test_all_since_a_day_is_undone(people):
    people("people", "link", "chat:u2", "hr:ada")
    people("people", "undo", "--since", "2020-01-01")
    assert known(people) == (0, 2)
    assert "Nothing to undo" in people("people", "undo", "--since", "2999-01-01")


def test_a_link_that_is_locked_outlives_the_undoing_of_its_heuristic(people):
    people("people", "lock", "chat:u2")
    people("people", "undo", "--why", "name")
    assert known(people) == (2, 2)


def test_a_machine_is_told_by_a_person(people):
    people("people", "separate", "chat:u2", "--bot")
    assert known(people) == (1, 1)


def test_every_link_an_account_ever_had_is_in_its_log(people):
    people("people", "separate", "chat:u2")
    said = people("people", "log", "chat:u2")
    assert "Bob Byte linked name" in said
    assert "nobody separated decided" in said


def test_a_name_is_forgotten_and_does_not_come_back(people):
    people("people", "forget", "chat:u2")
    people("sync")
    assert "u2" not in people("people", "list", "--all")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("link", "chat:nobody", "hr:ada"), "no account is known by 'chat:nobody'"),
        (("link", "chat:u1", "chat:u2"), "no person of HR is known by 'chat:u2'"),
        (("separate", "Ada Lovelace"), "2 are known by 'Ada Lovelace'"),
        (("lock", "chat:b1"), "not linked to one person"),
        (("undo", "7"), "number 7 is not in the log"),
        (("undo", "--why", "guess"), "--why is email, login or name"),
    ],
)
def test_a_slip_is_said_in_a_sentence(people, words, said):
    assert said in people("people", *words, code=2).replace("│ ", "")


def test_without_the_key_nobody_is_named(people):
    (people.folder / "bellwether.key").unlink()
    assert "Lovelace" not in people("people", "list", "--all", code=2)


def test_no_row_of_the_lake_bears_a_name(people):
    lake = Lake(people.folder / "data" / "lake")
    texts = lake.scan("accounts").select(pl.col(pl.String).str.to_lowercase()).collect()
    assert not texts.select(pl.any_horizontal(pl.all().str.contains("lovelace|byte|example")).any()).item()


def test_the_page_on_who_is_who_names_commands_and_numbers_that_are_there():
    page = (Path(__file__).parents[2] / "docs" / "identity.md").read_text()
    commands = {command.name or command.callback.__name__ for command in group.registered_commands}
    assert set(re.findall(r"bellwether people ([a-z]+)", page)) == commands
    assert f"last {WEEKS} whole weeks" in page
    assert f"less than {MINIMUM:.0f} %" in page

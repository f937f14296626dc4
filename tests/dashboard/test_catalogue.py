"""The kinds of source as they are told, and a new one as it is written."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from connectors.source import kinds
from dashboard.catalogue import PROVEN, page
from dashboard.drafts import DRAFTS
from dashboard.new_source import drafted, written
from dashboard.settings import SettingsError

HOUSE = Path(__file__).parents[2]
GREATER = {"slack", "jira", "teams", "ldap", "files", "sql"}


def test_the_page_of_sources_is_as_the_register_has_it():
    assert (HOUSE / "docs" / "sources.md").read_text() == page(HOUSE / "docs" / "sources"), (
        "run bellwether sources --page"
    )


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_a_kind_says_how_far_it_is_proven_and_against_what(kind):
    found = kinds()[kind]
    assert found.proof in PROVEN
    assert found.by
    assert found.words, "the maker's docstring says what is read and the smallest rights"


def lines(kind):
    return len((HOUSE / "connectors" / "sources" / f"{kind}.py").read_text().splitlines())


def test_half_of_the_sources_have_at_most_sixty_lines_and_few_are_long():
    sizes = sorted((lines(kind), kind) for kind in kinds())
    assert sizes[len(sizes) // 2][0] <= 60, "what a vendor's records are belongs into connectors/vendors/"
    assert not {kind: size for size, kind in sizes if size > 120 and kind not in GREATER}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project like this one, with a new source of each group in it."""
    root = tmp_path_factory.mktemp("project")
    for name in ("connectors", "metrics", "dashboard", "tests", "docs", "pyproject.toml"):
        (root / name).symlink_to(HOUSE / name) if name in ("metrics", "dashboard", "pyproject.toml") else copied(
            root, name
        )
    for group in DRAFTS:
        written(named(group), group, root)
    return root


def named(group):
    return f"my_{group.lower()}"


def copied(root, name):
    """Folders as folders and files as links, so that what is written stays here."""
    for path in (HOUSE / name).rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            there = root / path.relative_to(HOUSE)
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(path.read_bytes())


@pytest.fixture(scope="module")
def verdicts(project):
    """The contract's tests of the new sources by name, each with whether it passed."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junitxml=told.xml"]
    command += ["tests/connectors/test_contract.py", "-k", "my_"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    cases = ElementTree.parse(project / "told.xml").iter("testcase")
    return {one.get("name"): len(one) == 0 for one in cases}, done.stdout


@pytest.mark.parametrize("group", sorted(DRAFTS))
def test_a_new_source_keeps_the_contract_as_it_is_written(verdicts, group):
    found, said = verdicts
    mine = {name: passed for name, passed in found.items() if f"[{named(group)}]" in name}
    assert 10 <= len(mine) < 20, said[-2000:]
    assert all(mine.values()), said[-2000:]


@pytest.mark.parametrize("group", sorted(DRAFTS))
def test_a_new_source_is_formatted_as_the_house_does(project, group):
    file = f"connectors/sources/{named(group)}.py"
    for words in (["format", "--check"], ["check"]):
        command = [sys.executable, "-m", "ruff", *words, file]
        assert subprocess.run(command, cwd=project, capture_output=True, check=False).returncode == 0


def test_what_cannot_name_a_source_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="not Bellwether's own folder"):
        written("desk", "chat", tmp_path)
    with pytest.raises(SettingsError, match="use small letters"):
        written("My Desk", "chat", HOUSE)
    with pytest.raises(SettingsError, match="did you mean ticketing"):
        written("desk", "tickets", HOUSE)
    with pytest.raises(SettingsError, match="there is a source demo already"):
        written("demo", "chat", HOUSE)


def test_every_draft_plants_a_text_that_must_not_be_kept():
    for group in DRAFTS:
        assert "CANARY" in drafted("my_desk", group)["tests/pages/my_desk/replies.json"]

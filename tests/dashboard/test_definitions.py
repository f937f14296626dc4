"""The indicators as they are told, and a new one as it is written."""

import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.definitions import entry, page
from dashboard.miniatures import miniature
from dashboard.new_indicator import DRAFTS, written
from dashboard.settings import SettingsError
from metrics.indicator import indicators

HOUSE = Path(__file__).parents[2]
EVERY = sorted(indicators())


def test_the_page_of_indicators_is_as_the_register_has_it():
    assert (HOUSE / "docs" / "indicators.md").read_text() == page(), "run bellwether indicators --page"


@pytest.mark.parametrize("name", EVERY)
def test_an_indicator_says_what_to_beware_of_and_is_shown_in_small(name):
    one = indicators()[name]
    assert len(one.beware.split()) >= 4, "beware says in a sentence what makes it move for a bad reason"
    assert one.beware in entry(one)
    assert "unknown" not in miniature(one)
    assert any(digit.isdigit() for digit in miniature(one))


def test_the_miniatures_are_what_is_counted_by_hand():
    """12 of 40 with Wilson's interval; Kaplan-Meier: 10 of 20, then 4 of 10, so 1 - .5 * .6 = 70 %."""
    found = indicators()
    assert miniature(found["knowledge_reuse"]).endswith(": 30 % (18 to 45)")
    assert ": 70 %" in miniature(found["question_answered"])
    assert ": 60 of 100" in miniature(found["psychological_safety"])
    assert miniature(found["cross_team_density"]).split(": ")[1].startswith("30 per 1,000")


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project like this one, with a new indicator of each kind in it."""
    root = tmp_path_factory.mktemp("project")
    for name in ("connectors", "dashboard", "pyproject.toml"):
        (root / name).symlink_to(HOUSE / name)
    for name in ("metrics", "tests/metrics", "tests/science"):
        for path in (HOUSE / name).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                there = root / path.relative_to(HOUSE)
                there.parent.mkdir(parents=True, exist_ok=True)
                there.write_bytes(path.read_bytes())
    for name in ("__init__.py", "conftest.py", "forked.py"):
        if (HOUSE / "tests" / name).exists():
            (root / "tests" / name).symlink_to(HOUSE / "tests" / name)
    for kind in DRAFTS:
        written(f"my_{kind}", kind, root)
    return root


def test_a_new_indicator_and_its_test_pass_as_they_are_written(project):
    files = [f"tests/metrics/indicators/test_my_{kind}.py" for kind in DRAFTS]
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *files,
        "tests/metrics/test_indicator.py",
    ]
    done = subprocess.run([*command, "-k", "my_"], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    for kind in DRAFTS:
        assert f"my_{kind}" in (project / files[0].replace("share", kind)).read_text()


def test_a_new_indicator_is_written_as_the_house_writes(project):
    files = [f"metrics/indicators/my_{kind}.py" for kind in DRAFTS]
    files += [f"tests/metrics/indicators/test_my_{kind}.py" for kind in DRAFTS]
    for check in (["format", "--check"], ["check"]):
        command = [sys.executable, "-m", "ruff", *check, *files]
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_what_cannot_name_an_indicator_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="not Bellwether's own folder"):
        written("mine", "share", tmp_path)
    with pytest.raises(SettingsError, match="use small letters"):
        written("My own", "share", HOUSE)
    with pytest.raises(SettingsError, match="did you mean share"):
        written("mine", "shares", HOUSE)
    with pytest.raises(SettingsError, match="there is an indicator link_rate already"):
        written("link_rate", "share", HOUSE)

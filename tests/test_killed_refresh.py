"""Killed at any moment, a refresh leaves the last edition on show, and the next one completes it."""

import random
import shutil
import time

import pytest
import refreshed
from forked import FORKS
from typer.testing import CliRunner

from connectors.store.memory import Memory
from dashboard.cli import app
from dashboard.settings import load_settings

KILLS = 4
PLACE = ["indicator", "unit", "week"]


def start(folder):
    process = FORKS.Process(target=refreshed.run, args=(str(folder / "settings.toml"),))
    process.start()
    return process


def published(folder):
    edition = Memory.open(load_settings(folder / "settings.toml").store.memory).published()
    return (
        None if edition is None else (edition.cells.sort(PLACE).rows(), edition.verdicts.rows(), edition.units.rows())
    )


@pytest.mark.timeout(600)
def test_killed_at_many_moments_and_run_again_it_ends_as_if_never_killed(tmp_path):
    small = ["demo", "--people", "300", "--today", "2026-11-22", "--folder"]
    with refreshed.only_few():
        assert CliRunner().invoke(app, [*small, str(tmp_path / "whole")]).exit_code == 0
    whole = published(tmp_path / "whole")
    synced = tmp_path / "synced"
    shutil.copytree(tmp_path / "whole", synced)
    for evidence in (synced / "data" / "lake").glob("*_*"):
        if evidence.name.startswith(("evidence_", "crowd_")):
            shutil.rmtree(evidence)
    began = time.monotonic()
    process = start(synced)
    process.join()
    lasts = time.monotonic() - began
    assert process.exitcode == 0
    assert published(synced) == whole
    chance, interrupted = random.Random(7), 0
    for number in range(KILLS):
        folder = tmp_path / f"killed-{number}"
        shutil.copytree(tmp_path / "whole", folder)
        shutil.rmtree(folder / "data" / "lake" / f"{('evidence', 'crowd')[number % 2]}_link_rate")
        process = start(folder)
        time.sleep(lasts * (number + chance.random()) / KILLS)
        process.kill()
        process.join()
        interrupted += process.exitcode != 0
        assert published(folder) == whole, "what was on show stays on show"
        process = start(folder)
        process.join()
        assert process.exitcode == 0
        assert published(folder) == whole
        shutil.rmtree(folder)
    assert interrupted > KILLS / 2

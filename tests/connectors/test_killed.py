"""Killed at any moment, a sync leaves the last good state, and the next run completes it."""

import random
import time

import killed
import pytest
from forked import FORKS

from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.tables import TABLES

KILLS = 6


def start(folder):
    process = FORKS.Process(target=killed.run, args=(str(folder),))
    process.start()
    return process


def content(folder):
    """Every row of every table, the bookmarks and the quarantine."""
    lake, memory = Lake(folder / "lake"), Memory.open(f"sqlite:///{folder / 'memory.db'}")
    rows = {name: sorted(map(repr, lake.scan(name).collect().rows())) for name in TABLES}
    marks = [memory.bookmark("small", stream) for stream in ("people", "tickets", "messages")]
    return rows, marks, memory.refused().rows()


def days_to_count(folder):
    """Every day that some run said would change."""
    touched = Memory.open(f"sqlite:///{folder / 'memory.db'}").touched()
    return set(touched.select("table", "first", "last").rows())


def end(process):
    process.join(60)
    assert process.exitcode == 0


@pytest.mark.timeout(900)
def test_killed_at_many_moments_and_run_again_it_ends_as_if_never_killed(tmp_path):
    end(start(tmp_path / "warm"))
    began = time.monotonic()
    end(start(tmp_path / "whole"))
    lasts = time.monotonic() - began
    whole, days = content(tmp_path / "whole"), days_to_count(tmp_path / "whole")
    chance, interrupted = random.Random(2026), 0
    for number in range(KILLS):
        folder = tmp_path / str(number)
        process = start(folder)
        time.sleep(lasts * (number + chance.random()) / KILLS)
        process.kill()
        process.join()
        interrupted += process.exitcode != 0
        end(start(folder))
        assert content(folder) == whole, f"killed for the {number}th time"
        assert days_to_count(folder) >= days, f"killed for the {number}th time"
    assert interrupted > KILLS / 2

"""A refresh over a real dask cluster: a scheduler and two workers as processes of their own, on this machine."""

import os
import socket
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from connectors.store.memory import Memory
from dashboard import jobs
from dashboard.settings import SettingsError, load_settings
from dashboard.workers import workers

HOUSE = Path(__file__).parents[2]
pytestmark = pytest.mark.timeout(1200)
Client = pytest.importorskip("distributed", reason="dask is a development dependency: make .venv/ready-dev").Client
PATIENCE = 300  # seconds that a slow machine may take to start a process
TODAY, FIRST = date(2026, 9, 7), datetime(2026, 3, 2, 9)
SETTINGS = """
[organisation]
name = "Acme"
[store]
lake = "{folder}/lake"
memory = "{folder}/bellwether.db"
[sources.desk]
kind = "files"
[sources.desk.tickets]
path = "{data}/tickets.csv"
constant = {{ kind = "incident" }}
[sources.desk.tickets.columns]
ticket = "id"
unit = "unit"
assignee = "who"
opened = "opened"
closed = "closed"
reopenings = "again"
[sources.staff]
kind = "files"
[sources.staff.people]
path = "{data}/people.csv"
columns = {{ person = "who", unit = "unit", valid_from = "since" }}
"""


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def started(*command):
    """A process of dask's own, which finds the packages here as an installed one would."""
    place = {**os.environ, "PYTHONPATH": str(HOUSE), "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    return subprocess.Popen(
        [sys.executable, "-m", *command], env=place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.fixture(scope="module")
def scheduler():
    """The address of a scheduler with two workers, all gone after the tests."""
    address = f"tcp://127.0.0.1:{free_port()}"
    host, port = "127.0.0.1", address.rpartition(":")[2]
    running = [started("distributed.cli.dask_scheduler", "--host", host, "--port", port, "--no-dashboard")]
    worker = ("distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard")
    running += [started(*worker) for _ in range(2)]
    with Client(address, timeout=PATIENCE, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=PATIENCE)
    yield address
    for one in reversed(running):
        one.terminate()
        one.wait(PATIENCE)


def written(folder):
    """Half a year of tickets of two teams of ten, in files."""
    rows = [
        {"id": f"t{n}", "unit": f"team{n % 2}", "who": f"p{n % 20}", "opened": FIRST + timedelta(hours=7 * n),
         "closed": FIRST + timedelta(hours=7 * n + 20 + n % 90), "again": int(n % 13 == 0)}
        for n in range(600)
    ]  # fmt: skip
    pl.DataFrame(rows).write_csv(folder / "tickets.csv")
    members = [{"who": f"p{n}", "unit": f"team{n % 2}", "since": "2026-01-05"} for n in range(20)]
    pl.DataFrame(members).write_csv(folder / "people.csv")
    return folder


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """What is published of the same files, each time from an empty lake: with some more settings, or none."""
    data = written(tmp_path_factory.mktemp("files"))

    def refreshed(more=""):
        folder = tmp_path_factory.mktemp("refreshed")
        (folder / "settings.toml").write_text(SETTINGS.format(folder=folder, data=data) + more)
        (folder / "bellwether.key").write_text("5a" * 32)
        settings = load_settings(folder / "settings.toml")
        jobs.sync(settings)
        jobs.refresh(settings, TODAY)
        return Memory.open(settings.store.memory).published()

    return refreshed


def test_a_cluster_publishes_the_same_numbers_as_this_machine_alone(published, scheduler):
    alone, together = published(), published(f'[cluster]\nscheduler = "{scheduler}"\n')
    place = ["indicator", "unit", "week"]
    assert alone.cells.filter(pl.col("state") == "shown")["indicator"].n_unique() > 2
    assert together.cells.sort(place).equals(alone.cells.sort(place))
    assert together.verdicts.sort(place[:2]).equals(alone.verdicts.sort(place[:2]))


def test_work_is_done_by_both_workers_and_not_here(scheduler):
    with workers(scheduler) as pool:
        found = set(pool.map(lambda _: time.sleep(0.1) or os.getpid(), range(40)))
    assert os.getpid() not in found
    assert len(found) == 2


def test_what_goes_wrong_there_is_told_here(scheduler):
    with workers(scheduler) as pool, pytest.raises(ZeroDivisionError):
        list(pool.map(lambda n: 1 / n, [1, 0]))


def test_a_scheduler_that_does_not_answer_is_named_with_what_to_do(monkeypatch):
    monkeypatch.setattr("dashboard.workers.ANSWERS", 1.0)
    address = f"tcp://127.0.0.1:{free_port()}"
    with (
        pytest.raises(SettingsError, match=rf"{address} does not answer .* start it, or correct \[cluster\]"),
        workers(address),
    ):
        pass


def test_a_scheduler_without_workers_is_named_with_what_to_do(monkeypatch):
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    monkeypatch.setattr("dashboard.workers.ANSWERS", 5.0)
    alone = started("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    try:
        Client(address, timeout=PATIENCE, set_as_default=False).close()
        with pytest.raises(SettingsError, match="has no workers; start one there: dask worker"), workers(address):
            pass
    finally:
        alone.terminate()
        alone.wait(PATIENCE)

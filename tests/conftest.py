"""What many tests share: a real PostgreSQL, started once, and a fresh database of either kind."""

import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import uuid
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import forked  # noqa: F401 before anybody starts a process: the first to do so would decide for all
import psycopg
import pytest
from hypothesis import settings

from connectors.store import database
from connectors.store.memory import Memory

settings.register_profile("any machine", deadline=None)  # how long an example takes is no matter of right or wrong
settings.load_profile("any machine")
LONGEST = (
    "test_company.py", "test_browser.py", "test_contract_faults.py", "test_contract.py", "test_screen.py",
    "test_killed_refresh.py", "test_outbox.py", "test_real_data.py", "test_redmine.py", "test_workers.py",
)  # fmt: skip
NAMES = "SELECT name FROM sqlite_master WHERE type = 'table'"
HOW = "PostgreSQL is not installed: apt-get install postgresql"


def pytest_collection_modifyitems(items):
    """The longest files first, so that none of them is left over for one worker alone."""
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(LONGEST)))


def programs():
    """The folder of initdb: on the path, or where Debian hides it."""
    found = shutil.which("initdb")
    hidden = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return Path(found).parent if found else hidden[-1].parent if hidden else None


def as_postgres(*command):
    """PostgreSQL will not run as root."""
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*user, *map(str, command)], check=True, capture_output=True, cwd="/", timeout=120)


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


@pytest.fixture(scope="session")
def postgresql():
    """The address of a PostgreSQL cluster of our own, gone after the tests."""
    place = programs()
    if place is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(HOW)
    folder, port = Path(tempfile.mkdtemp(prefix="bellwether-")), free_port()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data, options = folder / "data", f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off"
    as_postgres(place / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
    as_postgres(place / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    yield f"postgresql://postgres@127.0.0.1:{port}"
    as_postgres(place / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture(scope="session", autouse=True)
def once_migrated():
    """Every new SQLite database of a test is born as one that all migrations have made, which takes them a while."""
    with tempfile.TemporaryDirectory() as folder:
        Memory.open(f"sqlite:///{folder}/memory.db").close()
        with closing(sqlite3.connect(f"{folder}/memory.db")) as made:
            tables = [sql for (sql,) in made.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
            version = made.execute("SELECT version_num FROM alembic_version").fetchone()
            rows = {name: made.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for (name,) in made.execute(NAMES)}
    assert sum(rows.values()) == 1, "the migrations fill tables; then a database must be made by them"
    migrate = database.migrate

    def born(connection):
        if connection.dialect.name != "sqlite" or connection.exec_driver_sql(NAMES).first():
            migrate(connection)
            return
        for sql in tables:
            connection.exec_driver_sql(sql)
        connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", version)

    with patch.object(database, "migrate", born):
        yield


@pytest.fixture(params=["sqlite", "postgresql"])
def memory_url(request, tmp_path):
    """The address of an empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'memory.db'}"
    server, name = request.getfixturevalue("postgresql"), f"test_{uuid.uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}".replace("postgresql://", "postgresql+psycopg://")

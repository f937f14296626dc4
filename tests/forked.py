"""Processes for tests to kill: each is forked from one that has read everything in and done nothing yet.

There is one such server in a test run, and whoever starts the first process decides what it has read in.
"""

import multiprocessing
from pkgutil import iter_modules

from dashboard import exports

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "pytest", "hypothesis", "deltalake", "alembic.command", "sqlalchemy.dialects.sqlite", "psycopg",
        "typer.testing", "connectors.sync", "connectors.store.memory", "dashboard.jobs", "dashboard.cli",
        *(f"dashboard.exports.{module.name}" for module in iter_modules(exports.__path__)),
    ]
)  # fmt: skip

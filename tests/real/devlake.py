"""Replies of Jira, GitHub and GitLab as DevLake recorded them, each row of its files the body of one record."""

import csv
import io
import json
import sys
import tarfile
from functools import cache
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2].parent / "shared" / "data"
ARCHIVE = SHARED / "fixtures_devlake" / "devlake_raw_tables.tar.gz"
HOW = f"{ARCHIVE} is missing; pack backend/plugins/*/e2e/raw_tables of github.com/apache/incubator-devlake"


def recorded(plugin, name):
    """(what it was asked for, the record) of each row of one recorded table."""
    return [(json.loads(row["input"] or "null"), json.loads(row["data"])) for row in table(plugin, name)]


def bodies(plugin, name):
    return [body for _, body in recorded(plugin, name)]


@cache
def table(plugin, name):
    if not ARCHIVE.exists():
        pytest.skip(HOW)
    csv.field_size_limit(sys.maxsize)
    with tarfile.open(ARCHIVE) as archive:
        file = archive.extractfile(f"plugins/{plugin}/e2e/raw_tables/_raw_{plugin}_api_{name}.csv")
        return list(csv.DictReader(io.TextIOWrapper(file, "utf-8-sig")))

"""Rows a second and core from a vendor's pages on a local server to landed rows, beside dlt on the same pages.

`python -m benchmarks.connectors [slack] [jira]` needs dlt: pip install "dlt[filesystem,parquet,deltalake]". Only the
way from bytes to rows is timed: libraries are loaded, stores opened and pipelines made before, and every dlt pipeline
has loaded one page, so that its schema is known and its tables are there. The best of three runs, taken in turn.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.vendor_pages import A_PAGE, A_SEARCH, ISSUES, MESSAGES, served
from connectors.people import Pseudonyms
from connectors.source import kinds
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
RUNS = 3
SETTINGS: dict[str, dict[str, Any]] = {
    "slack": {"token": "xoxb-none"},
    "jira": {"email": "ann@example.org", "token": "none", "cloud": True},
}
KEYS = {"slack": "ts", "jira": "id"}
WHOLE = {"slack": (MESSAGES, A_PAGE), "jira": (ISSUES, A_SEARCH)}
MERGE = {"disposition": "merge", "strategy": "upsert"}
Load = Callable[[], int]
"""Lands every page; gives how many rows of the first table it landed."""
Way = Callable[[str, str, str, Path], Load]
"""What is ready to load: of a kind, at an address, after one page at another, into a folder."""


class Took(NamedTuple):
    busy: float
    seconds: float
    rows: int


def ours(kind: str, address: str, one_page: str, folder: Path) -> Load:
    """The way every night's sync goes: read, hide people, check rules, land by key in Delta, keep account."""
    settings = {"folder": str(folder), "time_zone": "UTC", "url": address, **SETTINGS[kind]}
    lake, memory = Lake(folder / "lake"), Memory.open(f"sqlite:///{folder / 'memory.db'}")
    source = kinds()[kind](kind, settings)

    def load() -> int:
        runs = sync(source, lake, memory, Pseudonyms(bytes(32)), datetime.now(UTC))
        failed = [run for run in runs if run.state not in ("done", "warning")]
        assert not failed, failed
        return sum(run.landed for run in runs if run.table in ("messages", "tickets"))

    return load


def theirs(kind: str, address: str, one_page: str, folder: Path, **told: Any) -> Load:
    """A dlt pipeline that lands the same pages in files of the same kind of folder."""
    import dlt  # type: ignore[import-not-found]

    pipeline = dlt.pipeline(
        f"bench_{kind}_{folder.name}",
        destination=dlt.destinations.filesystem(bucket_url=f"file://{folder}/lake"),
        dataset_name="pages",
        pipelines_dir=str(folder / "state"),
    )

    def load(address: str) -> int:
        pages = {"slack": history, "jira": search}[kind]
        pipeline.run(dlt.resource(pages(address), name="rows", **told), loader_file_format="parquet")
        return int(pipeline.last_trace.last_normalize_info.row_counts["rows"])

    load(one_page)
    return partial(load, address)


def history(address: str) -> Iterator[list[Any]]:
    return pages(f"{address}/conversations.history", "messages", "cursor", ("response_metadata", "next_cursor"))


def search(address: str) -> Iterator[list[Any]]:
    return pages(f"{address}/rest/api/3/search/jql", "issues", "nextPageToken", ("nextPageToken",))


def pages(url: str, where: str, mark: str, way: tuple[str, ...]) -> Iterator[list[Any]]:
    from dlt.sources.helpers import requests  # type: ignore[import-not-found]

    params: dict[str, str] = {}
    while True:
        body = requests.get(url, params=params).json()
        yield body[where]
        for step in way:
            body = body.get(step) or {}
        if not body:
            return
        params = {mark: body}


def ways(kind: str) -> dict[str, Way]:
    merged = {"write_disposition": MERGE, "primary_key": KEYS[kind], "table_format": "delta"}
    return {
        "ours: by key into Delta": ours,
        "dlt: appended Parquet, nested lists as JSON text": partial(theirs, max_table_nesting=0),
        "dlt: appended Parquet": theirs,
        "dlt: merged by key into Delta": partial(theirs, **merged),
    }


def measured(kind: str, way: Way, pages: int) -> Took:
    """One run; its processor seconds are those of all its threads and of the processes it started and ended."""
    with (
        served(kind, pages) as address,
        served(kind, 1, skip=pages) as one_page,
        tempfile.TemporaryDirectory() as folder,
    ):
        load = way(kind, address, one_page, Path(folder))
        before, start = busy(), time.perf_counter()
        rows = load()
        return Took(busy() - before, time.perf_counter() - start, rows)


def busy() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main(asked: Sequence[str] = tuple(WHOLE)) -> None:
    print("| pages | way | rows | seconds | processor seconds | rows a second and core | processor time, ours = 1 |")
    print("|---|---|---|---|---|---|---|")
    for kind in asked:
        rows, size = WHOLE[kind]
        known = ways(kind)
        for way in known.values():
            measured(kind, way, 2)  # libraries loaded before any is timed
        runs = [{name: measured(kind, way, rows // size) for name, way in known.items()} for _ in range(RUNS)]
        best = {name: min(run[name] for run in runs) for name in known}
        ours_took = next(iter(best.values())).busy
        for name, took in best.items():
            assert took.rows == rows, f"{name} landed {took.rows} of {rows} {kind} rows"
            speed, times = rows / took.busy, took.busy / ours_took
            print(f"| {kind} | {name} | {rows:,} | {took.seconds:.2f} | {took.busy:.2f} | {speed:,.0f} | {times:.1f} |")


if __name__ == "__main__":
    main(sys.argv[1:] or tuple(WHOLE))

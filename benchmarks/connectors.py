"""Rows a second from a vendor's pages on a local server to landed rows, beside dlt on the same pages.

`python -m benchmarks.connectors` needs dlt: pip install "dlt[filesystem,parquet]".
"""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.vendor_pages import ISSUES, MESSAGES, served
from connectors.people import Pseudonyms
from connectors.source import kinds
from connectors.store.lake import Lake
from connectors.store.memory import Memory
from connectors.sync import sync

os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
SETTINGS: dict[str, dict[str, Any]] = {
    "slack": {"token": "xoxb-none"},
    "jira": {"email": "ann@example.org", "token": "none", "cloud": True},
}


def ours(kind: str, address: str, folder: Path) -> int:
    """The way every night's sync goes: read, hide people, check rules, merge into Delta, keep account."""
    settings = {"folder": str(folder), "time_zone": "UTC", "url": address, **SETTINGS[kind]}
    lake, memory = Lake(folder / "lake"), Memory.open(f"sqlite:///{folder / 'memory.db'}")
    runs = sync(kinds()[kind](kind, settings), lake, memory, Pseudonyms(bytes(32)), datetime.now(UTC))
    failed = [run for run in runs if run.state not in ("done", "warning")]
    assert not failed, failed
    return sum(lake.rows(name) for name in ("messages", "tickets"))


def theirs(kind: str, address: str, folder: Path) -> int:
    """A dlt pipeline that lands the same pages as Parquet files."""
    import dlt  # type: ignore[import-not-found]
    from dlt.sources.helpers import requests  # type: ignore[import-not-found]

    def pages(path: str, where: str, mark: str, at: Callable[[Any], str | None]) -> Iterator[list[Any]]:
        params: dict[str, str] = {}
        while True:
            body = requests.get(f"{address}/{path}", params=params).json()
            yield body[where] if where else body
            if not (found := at(body)):
                return
            params = {mark: found}

    def cursor(body: Any) -> str | None:
        return body["response_metadata"]["next_cursor"] or None

    history = dlt.resource(lambda: pages("conversations.history", "messages", "cursor", cursor), name="messages")
    search = dlt.resource(
        lambda: pages("rest/api/3/search/jql", "issues", "nextPageToken", lambda body: body.get("nextPageToken")),
        name="issues",
    )
    pipeline = dlt.pipeline(
        f"bench_{kind}",
        destination=dlt.destinations.filesystem(bucket_url=f"file://{folder}/lake"),
        dataset_name="pages",
        pipelines_dir=str(folder / "state"),
    )
    pipeline.run([history if kind == "slack" else search], loader_file_format="parquet")
    counts = pipeline.last_trace.last_normalize_info.row_counts
    return int(counts.get("messages", counts.get("issues", 0)))


def measured(kind: str, way: Callable[[str, str, Path], int]) -> tuple[int, float, float]:
    """Rows, seconds, and seconds of processor."""
    with served(kind) as address, tempfile.TemporaryDirectory() as folder:
        before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        rows = way(kind, address, Path(folder))
        took, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    return rows, took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    print("| pages | way | rows | seconds | processor seconds | rows a second and core | times as fast |")
    print("|---|---|---|---|---|---|---|")
    for kind, whole in (("slack", MESSAGES), ("jira", ISSUES)):
        measured(kind, ours)  # libraries loaded once, before either is timed
        found = {"ours": measured(kind, ours)}
        try:
            found["dlt"] = measured(kind, theirs)
        except ImportError:
            print('dlt is not installed: pip install "dlt[filesystem,parquet]"')
        for way, (rows, took, busy) in found.items():
            assert rows == whole, f"{way} landed {rows} of {whole} {kind} rows"
            times = found["dlt"][1] / took if "dlt" in found else float("nan")
            print(f"| {kind} | {way} | {rows:,} | {took:.2f} | {busy:.2f} | {rows / busy:,.0f} | {times:.1f} |")


if __name__ == "__main__":
    main()

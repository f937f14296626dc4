"""Who counts: threads of this process, or a cluster of machines where settings name a scheduler."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from dashboard.settings import SettingsError

MOST = 4  # each holds an indicator's rows in memory
ANSWERS = 20.0  # seconds until a silent scheduler, or one without workers, counts as gone


class Cluster(Executor):
    """A dask cluster. What a map is to do is sent to each worker once, not with every item."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return self.client.get_executor().submit(fn, *args, **kwargs)  # type: ignore[no-any-return]

    def map(
        self, fn: Callable[..., Any], *iterables: Iterable[Any], timeout: float | None = None, chunksize: int = 1
    ) -> Iterator[Any]:
        items = list(zip(*iterables, strict=False))
        shared = self.client.scatter(fn, broadcast=True, hash=False)
        tasks = [self.client.submit(applied, shared, *item, pure=False) for item in items]
        return (task.result(timeout) for task in tasks)


def applied(fn: Callable[..., Any], *args: Any) -> Any:
    return fn(*args)


@contextmanager
def workers(scheduler: str = "") -> Iterator[Executor]:
    """An executor: `scheduler` is the address of a dask scheduler (tcp://10.0.0.5:8786); without one, threads."""
    if not scheduler:
        with ThreadPoolExecutor(max(1, min(MOST, os.cpu_count() or 1))) as pool:
            yield pool
        return
    with connected(scheduler) as client:
        yield Cluster(client)


def connected(scheduler: str) -> Any:
    """A client of the scheduler, once at least one worker is there."""
    try:
        from distributed import Client
    except ImportError:
        raise SettingsError(
            f"[cluster] names {scheduler}, but dask is missing; pip install 'bellwether[cluster]'"
        ) from None
    try:
        client: Any = Client(scheduler, timeout=ANSWERS, set_as_default=False)
    except OSError as error:
        raise SettingsError(
            f"the scheduler {scheduler} does not answer ({error}); start it, or correct [cluster] scheduler"
        ) from None
    try:
        client.wait_for_workers(1, timeout=ANSWERS)
    except TimeoutError:
        client.close()
        raise SettingsError(
            f"the scheduler {scheduler} has no workers; start one there: dask worker {scheduler}"
        ) from None
    return client

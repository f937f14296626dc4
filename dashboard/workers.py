"""Who counts: threads of this process, or a cluster of machines where settings name a scheduler."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from dashboard.settings import SettingsError

MOST = 4  # each holds an indicator's rows in memory


@contextmanager
def workers(scheduler: str = "") -> Iterator[Executor]:
    """An executor: `scheduler` is the address of a dask scheduler (tcp://10.0.0.5:8786); without one, threads."""
    if not scheduler:
        with ThreadPoolExecutor(max(1, min(MOST, os.cpu_count() or 1))) as pool:
            yield pool
        return
    try:
        from distributed import Client
    except ImportError:
        raise SettingsError(
            f"[cluster] names {scheduler}, but dask is missing; pip install 'bellwether[cluster]'"
        ) from None
    try:
        client: Any = Client(scheduler, timeout="20s", set_as_default=False)
    except OSError as error:
        raise SettingsError(
            f"the scheduler {scheduler} does not answer ({error}); start it, or correct [cluster]"
        ) from None
    with client:
        yield client.get_executor()

"""Reads the parts of a stream, some at a time: what each gave, that it is done, or why it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from queue import Full, Queue
from threading import Event

import polars as pl

from connectors.errors import Busy, SourceError
from connectors.source import Page, Part

AHEAD = 4  # pages that may wait to be landed, for each worker


@dataclass(frozen=True)
class Todo:
    """A part to be read, since when, and how far an earlier run came with that."""

    part: Part
    since: datetime | None
    reached: datetime | None = None

    def read(self) -> Iterator[pl.DataFrame | Page]:
        if self.reached and self.part.resume:
            return self.part.resume(self.since, self.reached)
        return self.part.read(self.since)


Heard = tuple[Todo, "pl.DataFrame | Page | SourceError | None"]
"""A page of a part; None when the part is done; or why it could not be read."""
Guard = Callable[[], AbstractContextManager[None]]


def heard(todos: Sequence[Todo], workers: int, guard: Guard) -> Iterator[Heard]:
    """Each part's pages in their order, the parts side by side; once the source is busy no other part is begun."""
    if workers < 2 or len(todos) < 2:
        for todo in todos:
            for one in told(todo, guard):
                yield one
                if isinstance(one[1], Busy):
                    return
        return
    yield from Crew(guard, Queue(workers * AHEAD)).run(todos, workers)


def told(todo: Todo, guard: Guard) -> Iterator[Heard]:
    try:
        with guard():
            for page in todo.read():
                yield todo, page
    except SourceError as error:
        yield todo, error
    else:
        yield todo, None


@dataclass
class Crew:
    """Several readers and one queue, which holds back those that are too far ahead.

    Once the source is `busy` no part is begun any more; once nobody listens all readers are `alone` and stop.
    """

    guard: Guard
    queue: Queue[Heard | None]
    busy: Event = field(default_factory=Event)
    alone: Event = field(default_factory=Event)

    def run(self, todos: Sequence[Todo], workers: int) -> Iterator[Heard]:
        with ThreadPoolExecutor(workers, thread_name_prefix="part") as pool:
            works = [pool.submit(self.work, todo) for todo in todos]
            left = len(works)
            try:
                while left:
                    one = self.queue.get()
                    if one is None:
                        left -= 1
                    else:
                        yield one
            finally:
                self.alone.set()
        for work in works:
            work.result()

    def work(self, todo: Todo) -> None:
        try:
            if self.busy.is_set():
                return
            for one in told(todo, self.guard):
                if isinstance(one[1], Busy):
                    self.busy.set()
                if not self.put(one):
                    return
        finally:
            self.put(None)

    def put(self, one: Heard | None) -> bool:
        """Waits for room in the queue, as long as somebody listens."""
        while not self.alone.is_set():
            try:
                self.queue.put(one, timeout=0.2)
            except Full:
                continue
            return True
        return False
